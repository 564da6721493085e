//! One large organization: how soon its lists, filters, search and board answer, and how its files come and go.

mod ask;
mod files;
mod fill;

use serde::Serialize;

use crate::Outcome;
use crate::bed::Bed;
use crate::options::Options;

/// Rows of each import.
const ROWS: u32 = 100_000;
/// Records that are exported, at least.
const EXPORTED: u32 = 1_000_000;

/// What is found.
#[derive(Debug, Default, Serialize)]
struct Large {
    contacts: u32,
    deals: u32,
    concurrency: u32,
    asked: Vec<ask::Answered>,
    imported: Vec<files::Imported>,
    exported: Vec<files::Exported>,
}

/// Measures an organization with so many contacts, and tells whether all bars are met.
pub(crate) async fn measure(bed: &mut Bed, contacts: u32, options: &Options) -> Outcome<bool> {
    let schema = bed.members.first().ok_or("no tenant")?.tenant.schema();
    fill::fill(bed, &schema, 0, contacts).await?;
    let sql = format!("SELECT id::text FROM {schema}.pipelines LIMIT 1");
    let pipeline: String = bed.superuser().query_one(&sql, &[]).await?.try_get(0)?;
    let about = ask::Asked { contacts, pipeline: &pipeline };
    let deals = contacts / fill::CONTACTS_PER_DEAL;
    let mut large = Large { contacts, deals, concurrency: options.concurrency, ..Large::default() };
    large.begin(options);
    for ask in &ask::ASKS {
        let answered = ask::measure(bed, ask, &about, options).await?;
        large.asked.push(shown(answered, ask::Answered::print, options));
    }
    if options.files {
        for (prefix, kill) in [("one", false), ("two", true)] {
            let imported = files::import(bed, prefix, ROWS, kill).await?;
            large.imported.push(shown(imported, files::Imported::print, options));
            bed.settle().await?;
        }
        fill::fill(bed, &schema, contacts, EXPORTED.max(contacts)).await?;
        for (format, path) in [("csv", "/contacts/export"), ("ndjson", "/contacts/export?format=ndjson")] {
            let exported = files::export(bed, format, path).await?;
            large.exported.push(shown(exported, files::Exported::print, options));
        }
    }
    large.conclude(options)?;
    Ok(large.missed().is_empty())
}

/// A measurement takes minutes, so a person is shown each part at once.
fn shown<T>(found: T, print: fn(&T), options: &Options) -> T {
    if !options.json {
        print(&found);
    }
    found
}

impl Large {
    fn missed(&self) -> Vec<String> {
        let asked = self.asked.iter().filter(|asked| asked.missed()).map(|asked| asked.name().to_owned());
        let imported = self.imported.iter().filter_map(files::Imported::missed);
        asked.chain(imported).chain(self.exported.iter().filter_map(files::Exported::missed)).collect()
    }

    fn begin(&self, options: &Options) {
        if options.json {
            return;
        }
        println!("{} contacts, {} deals; {} HTTP connections", self.contacts, self.deals, self.concurrency);
        println!(
            "  {:<16} {:>8} {:>8} {:>8} {:>10} {:>10} {:>6}",
            "", "req/s", "p50 ms", "p99 ms", "server µs", "db µs", "bar"
        );
    }

    fn conclude(&self, options: &Options) -> Outcome<()> {
        if options.json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        match self.missed().as_slice() {
            [] => println!("\nthe bar is met"),
            missed => println!("\nbelow the bar: {}", missed.join(", ")),
        }
        Ok(())
    }
}

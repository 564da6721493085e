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
#[derive(Debug, Serialize)]
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
    let mut asked = Vec::new();
    for ask in &ask::ASKS {
        asked.push(ask::measure(bed, ask, &about, options).await?);
        eprintln!("  {} asked", ask.name);
    }
    let (mut imported, mut exported) = (Vec::new(), Vec::new());
    if options.files {
        for (prefix, kill) in [("one", false), ("two", true)] {
            imported.push(files::import(bed, prefix, ROWS, kill).await?);
            bed.settle().await?;
            eprintln!("  imported");
        }
        fill::fill(bed, &schema, contacts, EXPORTED.max(contacts)).await?;
        for (format, path) in [("csv", "/contacts/export"), ("ndjson", "/contacts/export?format=ndjson")] {
            exported.push(files::export(bed, format, path).await?);
            eprintln!("  exported");
        }
    }
    let deals = contacts / fill::CONTACTS_PER_DEAL;
    let large = Large { contacts, deals, concurrency: options.concurrency, asked, imported, exported };
    large.print(options)?;
    Ok(large.missed().is_empty())
}

impl Large {
    fn missed(&self) -> Vec<String> {
        let asked = self.asked.iter().filter(|asked| asked.missed()).map(|asked| asked.name().to_owned());
        let imported = self.imported.iter().filter_map(files::Imported::missed);
        asked.chain(imported).chain(self.exported.iter().filter_map(files::Exported::missed)).collect()
    }

    fn print(&self, options: &Options) -> Outcome<()> {
        if options.json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        println!("{} contacts, {} deals; {} HTTP connections", self.contacts, self.deals, self.concurrency);
        println!(
            "  {:<16} {:>8} {:>8} {:>8} {:>10} {:>10} {:>6}",
            "", "req/s", "p50 ms", "p99 ms", "server µs", "db µs", "bar"
        );
        self.asked.iter().for_each(ask::Answered::print);
        self.imported.iter().for_each(files::Imported::print);
        self.exported.iter().for_each(files::Exported::print);
        match self.missed().as_slice() {
            [] => println!("\nthe bar is met"),
            missed => println!("\nbelow the bar: {}", missed.join(", ")),
        }
        Ok(())
    }
}

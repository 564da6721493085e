//! Migrations: files compiled in, run by refinery inside a transaction of ours.

use aws_lc_rs::digest;
use refinery::{Migration, Runner};
use refinery_core::traits::r#async::{AsyncMigrate, AsyncQuery, AsyncTransaction};
use tokio_postgres::Transaction;

/// A migration as it is compiled in: the file's name without `.sql`, and its text.
pub type MigrationFile = (&'static str, &'static str);

/// Compiles migration files in: `migrations!("migrations" => "V1__properties.sql", "V2__viewings.sql")`.
///
/// The folder is relative to the crate. A changed file rebuilds the crate; a house rule finds a file that is not listed.
#[macro_export]
macro_rules! migrations {
    ($folder:literal => $($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $folder, "/", $file)))),+]
    };
}

/// The migrations of one room (the platform, or one module), in order.
#[derive(Clone, Default)]
pub struct Migrations {
    list: Vec<Migration>,
}

impl Migrations {
    /// Parses the names `V<version>__<name>.sql`.
    ///
    /// # Errors
    /// A name of another form, or a version that is given twice.
    pub fn parse(files: &[MigrationFile]) -> Result<Self, String> {
        let mut list = Vec::with_capacity(files.len());
        for (name, sql) in files {
            let stem = name.strip_suffix(".sql").unwrap_or(name);
            let migration = Migration::unapplied(stem, sql).map_err(|e| format!("{name}: {e}"))?;
            if list.iter().any(|other: &Migration| other.version() == migration.version()) {
                return Err(format!("{name}: this version is given twice"));
            }
            list.push(migration);
        }
        list.sort_by_key(Migration::version);
        Ok(Self { list })
    }

    /// The newest version; 0 where there are none.
    pub fn version(&self) -> i64 {
        self.list.last().map_or(0, |migration| migration.version())
    }

    /// Stands for all of them: it changes when one is added or edited.
    pub fn checksum(&self) -> String {
        let mut context = digest::Context::new(&digest::SHA256);
        for migration in &self.list {
            context.update(&migration.checksum().to_be_bytes());
        }
        context.finish().as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Applies what is missing, in the caller's transaction; `history` is the qualified name of the history table.
    ///
    /// # Errors
    /// Those of refinery: a migration that fails, or an applied one that was edited since. The chain of sources says
    /// which.
    pub(crate) async fn apply(&self, tx: &Transaction<'_>, history: &str) -> Result<(), refinery::Error> {
        if self.list.is_empty() {
            return Ok(());
        }
        self.runner(history).run_async(&mut InTransaction(tx)).await.map(|_| ())
    }

    /// The text that applies all of them in a schema that has just been made and so has no history yet.
    ///
    /// # Errors
    /// Those of refinery.
    pub(crate) async fn script(&self, history: &str) -> Result<String, refinery::Error> {
        let mut script = Script(String::new());
        if !self.list.is_empty() {
            self.runner(history).run_async(&mut script).await?;
        }
        Ok(script.0)
    }

    fn runner(&self, history: &str) -> Runner {
        let mut runner = Runner::new(&self.list).set_abort_divergent(true).set_abort_missing(true);
        runner.set_migration_table_name(history);
        runner
    }
}

/// Takes down what refinery would run where nothing has been applied yet.
struct Script(String);

impl AsyncTransaction for Script {
    type Error = std::convert::Infallible;

    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(
        &'a mut self,
        queries: T,
    ) -> Result<usize, Self::Error> {
        let mut count = 0;
        for query in queries {
            self.0.push_str(query);
            self.0.push_str(";\n");
            count += 1;
        }
        Ok(count)
    }
}

impl AsyncQuery<Vec<Migration>> for Script {
    async fn query<'a>(&'a mut self, _: &'a str) -> Result<Vec<Migration>, Self::Error> {
        Ok(Vec::new())
    }
}

impl AsyncMigrate for Script {}

/// refinery commits by itself; through this it works in a transaction that is committed with everything around it.
struct InTransaction<'a>(&'a Transaction<'a>);

impl AsyncTransaction for InTransaction<'_> {
    type Error = tokio_postgres::Error;

    async fn execute<'a, T: Iterator<Item = &'a str> + Send + 'a>(
        &'a mut self,
        queries: T,
    ) -> Result<usize, Self::Error> {
        // One message for a migration and its line in the history.
        let queries: Vec<&str> = queries.collect();
        self.0.batch_execute(&queries.join(";\n")).await?;
        Ok(queries.len())
    }
}

impl AsyncQuery<Vec<Migration>> for InTransaction<'_> {
    async fn query<'a>(&'a mut self, query: &'a str) -> Result<Vec<Migration>, Self::Error> {
        let rows = self.0.query(query, &[]).await?;
        rows.iter().map(applied).collect()
    }
}

impl AsyncMigrate for InTransaction<'_> {}

fn applied(row: &tokio_postgres::Row) -> Result<Migration, tokio_postgres::Error> {
    let (version, name): (i64, String) = (row.try_get(0)?, row.try_get(1)?);
    let (on, checksum): (String, String) = (row.try_get(2)?, row.try_get(3)?);
    let on = time::OffsetDateTime::parse(&on, &time::format_description::well_known::Rfc3339)
        .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    // An unreadable checksum reads as 0 and so as an edited migration, which refuses to go on.
    Ok(Migration::applied(version, name, on, checksum.parse().unwrap_or_default()))
}

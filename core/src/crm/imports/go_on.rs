//! A piece of work of an import: for a while, pieces of its file become records, a few in a transaction.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::task::JoinHandle;

use super::known::{has_key, keys_of};
use super::rows::{Good, New, Values, Wrong, read, refer, row_of, wrong};
use super::{Duplicates, Import, ImportId, ImportResource, ImportState, importer, store};
use crate::bulk::{Bulk, BulkPatch as _};
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::custom::Fields;
use crate::events::Job;
use crate::http::Row;
use crate::mail::Failure;
use crate::tenancy::{DbError, Reach, TenantTx, many};
use crate::worker::TenantWork;

/// For so long an import has a worker, well within its lease. Then others of the organization have their turn.
const TURN: Duration = Duration::from_secs(10);
/// Pieces that are done in one transaction, and read one ahead of the other.
const AT_ONCE: usize = 8;
/// Errors that are kept of an import.
const ERRORS: i64 = 10_000;

/// Goes on with an import.
///
/// # Errors
/// Where there is more to do, or where it is to be tried again.
pub(crate) async fn go_on(work: &TenantWork, job: &Job) -> Result<(), Failure> {
    let began = Instant::now();
    let id = ImportId::from(job.id);
    while began.elapsed() < TURN {
        let Some(import) = work.read(store::find(work.reach(), id)).await? else { return Ok(()) };
        if import.state != ImportState::Running {
            return Ok(());
        }
        let Some(reach) = importer::reach(work, &import).await? else {
            let words = "whoever imports may not make such records any more";
            work.write(store::end(work.reach(), id, ImportState::Failed, Some(words))).await?;
            return Ok(());
        };
        let done = match import.resource {
            ImportResource::Contacts => pieces::<Contact>(work, id, reach).await,
            ImportResource::Companies => pieces::<Company>(work, id, reach).await,
        };
        match done {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) if error.is_about_rows() => {
                tracing::error!(error = error.diagnosis(), import = %id, "a piece of an import was refused");
                let words = "the database refused a row that had been found valid";
                work.write(store::end(work.reach(), id, ImportState::Failed, Some(words))).await?;
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::NotYet(Duration::ZERO))
}

/// Does the next pieces, and tells whether there may be more. Their rows become records, are counted, and are gone from the file, all or
/// none.
async fn pieces<T: Bulk<Beside = ()>>(work: &TenantWork, id: ImportId, reach: Reach) -> Result<bool, DbError> {
    work.transaction(async |tx| {
        let running = tx.run(store::lock_running(work.reach())).await?;
        let Some(mut import) = running.into_iter().find(|import| import.id == id) else { return Ok(false) };
        let asked = Arc::new(import.clone());
        let fields = Arc::new(Fields::lock(tx, import.resource.customized()).await?);
        let mut ahead = Ahead::<T>::after(tx, &asked, &fields, None).await?;
        for turn in 1..=AT_ONCE {
            let Some(Ahead { number, first_row, rows, .. }) = ahead.take() else {
                tx.run(store::note(work.reach(), import)).await?;
                tx.run(store::end(work.reach(), id, ImportState::Done, None)).await?;
                return Ok(false);
            };
            let rows = rows.await.map_err(|error| DbError::Unavailable(Box::new(error)))?;
            if turn < AT_ONCE {
                ahead = Ahead::after(tx, &asked, &fields, Some(number)).await?;
            }
            piece::<T>(tx, reach, &mut import, &fields, first_row, rows).await?;
            tx.run(store::done(&import, number)).await?;
        }
        tx.run(store::note(work.reach(), import)).await?;
        Ok(true)
    })
    .await
}

/// A piece that is read on another thread while the database is busy with the one before.
struct Ahead<T> {
    number: i32,
    first_row: i64,
    rows: JoinHandle<Vec<Result<Good, Wrong>>>,
    record: PhantomData<fn() -> T>,
}

impl<T: Bulk<Beside = ()> + 'static> Ahead<T> {
    /// Begins with the piece that comes after another one, if there is one.
    async fn after(
        tx: &mut TenantTx,
        import: &Arc<Import>,
        fields: &Arc<Fields>,
        number: Option<i32>,
    ) -> Result<Option<Self>, DbError> {
        let next = tx.run(store::next(import, number)).await?;
        Ok(next.map(|(number, first_row, content)| {
            let (import, fields) = (import.clone(), fields.clone());
            let rows = tokio::task::spawn_blocking(move || read::<T>(&import, &fields, &content));
            Self { number, first_row, rows, record: PhantomData }
        }))
    }
}

/// Makes records of the rows of a piece, and counts them.
async fn piece<T: Bulk<Beside = ()>>(
    tx: &mut TenantTx,
    reach: Reach,
    import: &mut Import,
    fields: &Fields,
    first_row: i64,
    mut rows: Vec<Result<Good, Wrong>>,
) -> Result<(), DbError> {
    refer(tx, reach, import, fields, &mut rows).await?;
    let mut batch = Batch::<T>::new(import, first_row);
    batch.know(tx, reach, &rows).await?;
    rows.into_iter().for_each(|row| batch.take(row));
    let came = batch.write(tx, reach).await?;
    let failed = i64::try_from(came.errors.len()).unwrap_or(i64::MAX);
    let room = usize::try_from(ERRORS - import.failed).unwrap_or_default();
    if failed > 0 && room > 0 {
        tx.run(store::refuse(import.id, came.errors.into_iter().take(room).collect())).await?;
    }
    import.created += came.created;
    import.updated += came.updated;
    import.skipped += came.skipped;
    import.failed += failed;
    import.rows_done += came.created + came.updated + came.skipped + failed;
    Ok(())
}

/// What became of the rows of a piece.
struct Came {
    created: i64,
    updated: i64,
    skipped: i64,
    /// The row, the column, what was wrong.
    errors: Vec<(i64, Option<String>, String)>,
}

/// What the rows of a piece come to.
struct Batch<'a, T> {
    import: &'a Import,
    row: i64,
    /// Records that rows are about, and where a row has changed them what it said of the organization's own fields.
    records: Vec<(T, Option<Values>)>,
    /// Their places there, by what they are known by.
    known: HashMap<String, usize>,
    /// Rows of this piece that become records, by what they are known by.
    fresh: HashMap<String, usize>,
    new: Vec<New>,
    came: Came,
}

impl<'a, T: Bulk<Beside = ()>> Batch<'a, T> {
    fn new(import: &'a Import, first_row: i64) -> Self {
        let came = Came { created: 0, updated: 0, skipped: 0, errors: Vec::new() };
        Self {
            import,
            row: first_row,
            records: Vec::new(),
            known: HashMap::new(),
            fresh: HashMap::new(),
            new: Vec::new(),
            came,
        }
    }

    /// Finds the records that rows are about: of several the one that was made first.
    async fn know(&mut self, tx: &mut TenantTx, reach: Reach, rows: &[Result<Good, Wrong>]) -> Result<(), DbError> {
        let keys = rows.iter().filter_map(|row| row.as_ref().ok()?.key.clone()).collect::<Vec<_>>();
        if self.import.duplicates == Duplicates::Create || keys.is_empty() {
            return Ok(());
        }
        let (resource, by) = (self.import.resource, self.import.match_by);
        let found: Vec<T> = tx.run(many(reach).lock_where(has_key(resource, by), keys)).await?;
        let names: Vec<Vec<String>> = found.iter().map(|record| keys_of(by, &record.present())).collect();
        // Who has it as the first one comes before whoever has it among others.
        for (place, own) in names.iter().enumerate() {
            if let Some(key) = own.first() {
                self.known.entry(key.clone()).or_insert(place);
            }
        }
        for (place, own) in names.into_iter().enumerate() {
            for key in own {
                self.known.entry(key).or_insert(place);
            }
        }
        self.records = found.into_iter().map(|record| (record, None)).collect();
        Ok(())
    }

    /// Takes the next row.
    fn take(&mut self, row: Result<Good, Wrong>) {
        if let Err((column, reason)) = row.and_then(|row| self.place(row)) {
            self.came.errors.push((self.row, column, reason));
        }
        self.row += 1;
    }

    fn place(&mut self, row: Good) -> Result<(), Wrong> {
        let Good { cells, own, lacks, key, new } = row;
        let updates = self.import.duplicates == Duplicates::Update;
        let known = key.as_ref().and_then(|key| self.known.get(key)).and_then(|place| self.records.get_mut(*place));
        if let Some((record, changed)) = known {
            if !updates {
                self.came.skipped += 1;
                return Ok(());
            }
            let patch = T::Patch::read(Row::of_value(Value::Object(cells)));
            patch.and_then(|patch| record.change(patch, &())).map_err(|error| wrong(self.import, &error))?;
            changed.get_or_insert_default().extend(own.into_map());
            self.came.updated += 1;
            return Ok(());
        }
        // Rows of one file can be about the same record, too.
        let twin = key.as_ref().and_then(|key| self.fresh.get(key)).and_then(|place| self.new.get_mut(*place));
        match twin {
            Some(_) if !updates => self.came.skipped += 1,
            Some(twin) => {
                twin.extend(&cells, new);
                self.came.updated += 1;
            }
            None => {
                lacks.map_or(Ok(()), Err)?;
                if let Some(key) = key.filter(|_| self.import.duplicates != Duplicates::Create) {
                    self.fresh.insert(key, self.new.len());
                }
                self.new.push(new);
                self.came.created += 1;
            }
        }
        Ok(())
    }

    /// Writes it, unless it is only to be told.
    async fn write(self, tx: &mut TenantTx, reach: Reach) -> Result<Came, DbError> {
        let Self { import, records, new, came, .. } = self;
        if import.dry_run {
            return Ok(came);
        }
        let changed = records.into_iter().filter_map(|(record, own)| Some((record, own?)));
        let row = |(record, own): (T, Values)| Value::Object(row_of(record.id(), record.present(), own));
        let changed: Vec<Value> = changed.map(row).collect();
        if !changed.is_empty() {
            tx.run(many::<T>(reach).update(T::WRITTEN, changed)).await?;
        }
        if !new.is_empty() {
            tx.run(many::<T>(reach).insert(T::WRITTEN, new)).await?;
        }
        Ok(came)
    }
}

/// Forgets imports that nobody asks for any more, with what was wrong with their rows.
pub(in crate::crm) async fn forget(work: &TenantWork) -> Result<(), DbError> {
    let old = work.read(store::old(work.reach())).await?;
    if old.is_empty() { Ok(()) } else { work.write(store::delete(work.reach(), &old)).await }
}

//! How many records are changed: all is read and checked, then one statement of each kind writes.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use uuid::Uuid;

use super::request::{BulkDelete, BulkMode, BulkRequest, BulkUpdate, MOST};
use super::results::{BulkResult, BulkResults};
use super::step::{Step, good, ids, only_once, refuse, refused, results};
use super::{Bulk, BulkLink};
use crate::custom::{Checked, CustomChange, Customized, Fields, Named};
use crate::http::{ApiError, ApiResult, Can, Row};
use crate::permission::Writes;
use crate::tenancy::{Reach, TenantTx, many};

/// The values of a record, by column.
type Values = Map<String, Value>;

/// The rows of a request.
struct Work<T: Bulk> {
    create: Vec<Step<T::New>>,
    update: Vec<Step<BulkUpdate<T>>>,
    delete: Vec<Step<BulkDelete>>,
}

/// What a row comes to.
struct Becoming {
    /// What the record was; none where it is a new one.
    was: Option<Values>,
    becomes: Values,
    /// What it says of the organization's own fields, and that once it is found to be what they take.
    given: CustomChange,
    own: Checked,
}

/// The rows once the records are known.
struct Known {
    create: Vec<Step<Becoming>>,
    update: Vec<Step<Becoming>>,
    delete: Vec<Step<()>>,
}

/// Does what a request says, in one transaction.
///
/// # Errors
/// Where there are too many rows, or where one is refused and all or nothing is asked for.
pub(crate) async fn bulk<T: Bulk, P: Writes>(caller: &Can<P>, request: BulkRequest<T>) -> ApiResult<BulkResults> {
    let mode = request.mode;
    let mut work = Work::<T>::read(request)?;
    work.give(caller).await?;
    caller
        .transaction(async |tx| {
            let known = work.know(tx, caller.reach()).await?;
            match known.refusal().filter(|_| mode == BulkMode::AllOrNothing) {
                Some(refusal) => Err(refusal),
                None => known.write::<T>(tx, caller.reach(), caller.user()).await,
            }
        })
        .await
}

impl<T: Bulk> Work<T> {
    fn read(request: BulkRequest<T>) -> ApiResult<Self> {
        let rows = request.create.len() + request.update.len() + request.delete.len();
        if !(1..=MOST).contains(&rows) {
            return Err(ApiError::invalid().at("", format!("expected 1 to {MOST} rows in all, not {rows}")));
        }
        let make = |row: Row| Step { id: Some(Uuid::now_v7()), state: row.read().and_then(T::checked) };
        let change = |row| match BulkUpdate::<T>::read(row) {
            Ok(update) => Step { id: Some(update.id), state: Ok(update) },
            Err(error) => Step { id: None, state: Err(error) },
        };
        let remove = |row: Row| match row.read::<BulkDelete>() {
            Ok(gone) => Step { id: Some(gone.id.as_uuid()), state: Ok(gone) },
            Err(error) => Step { id: None, state: Err(error) },
        };
        let mut work = Self {
            create: request.create.into_iter().map(make).collect(),
            update: request.update.into_iter().map(change).collect(),
            delete: request.delete.into_iter().map(remove).collect(),
        };
        let mut seen = HashSet::new();
        only_once(&mut seen, &mut work.update);
        only_once(&mut seen, &mut work.delete);
        Ok(work)
    }

    /// Refuses new records that are given to somebody who is no member, or by whoever may not give them away.
    async fn give<P: Writes>(&mut self, caller: &Can<P>) -> ApiResult<()> {
        let Some((field, permission)) = T::GIVEN else { return Ok(()) };
        let to = |new: &T::New| T::given(new).filter(|to| *to != caller.user());
        let all: HashSet<Uuid> = good(&self.create).filter_map(to).collect();
        if all.is_empty() {
            return Ok(());
        }
        let members = match caller.allows(permission) {
            true => Some(caller.members(all.into_iter().collect()).await?),
            false => None,
        };
        let place = format!("/{field}");
        refuse(&mut self.create, |new| match (to(new), &members) {
            (Some(_), None) => Some(ApiError::forbidden(permission).below(&place)),
            (Some(to), Some(members)) if !members.contains(&to) => {
                Some(ApiError::not_found().at(&place, "there is no such member"))
            }
            _ => None,
        });
        Ok(())
    }

    /// Locks the records, and finds out what they are and become.
    async fn know(self, tx: &mut TenantTx, reach: Reach) -> ApiResult<Known> {
        let ids = ids(&self.update).chain(ids(&self.delete)).collect::<Vec<_>>();
        let mut records = HashMap::new();
        if !ids.is_empty() {
            let found: Vec<T> = tx.run(many(reach).lock(ids)).await?;
            records.extend(found.into_iter().map(|record| (record.id(), record)));
        }
        let patches = good(&self.update).map(|update| &update.patch).collect();
        let beside = T::beside(tx, good(&self.create).collect(), patches).await?;
        let make = |new| T::values(new, &beside).map(|new| Becoming::of(None, new.values, new.custom));
        let create = self.create.into_iter().map(|step| step.and_then(make)).collect();
        let mut change = |update: BulkUpdate<T>| {
            let mut record = of_version(records.remove(&update.id), update.version)?;
            let was = record.present();
            let given = record.change(update.patch, &beside)?;
            Ok(Becoming::of(Some(was), record.present(), given))
        };
        let update = self.update.into_iter().map(|step| step.and_then(&mut change)).collect();
        let mut remove = |gone: BulkDelete| of_version(records.remove(&gone.id.as_uuid()), gone.version).map(|_: T| ());
        let delete = self.delete.into_iter().map(|step| step.and_then(&mut remove)).collect();
        let mut known = Known { create, update, delete };
        if let Some(kind) = T::CUSTOM {
            known.own(kind, tx, reach).await?;
        }
        for link in T::LINKS {
            known.follow(link, tx, reach).await?;
        }
        Ok(known)
    }
}

fn of_version<T: Bulk>(record: Option<T>, version: Option<i64>) -> ApiResult<T> {
    let record = record.ok_or_else(|| ApiError::not_found().at("/id", "there is no such record"))?;
    match version {
        Some(version) if version != record.version() => {
            Err(ApiError::stale().at("/version", "somebody changed this record after you read it"))
        }
        _ => Ok(record),
    }
}

impl Becoming {
    fn of(was: Option<Values>, becomes: Values, given: CustomChange) -> Self {
        Self { was, becomes, given, own: Checked::default() }
    }

    /// The id in a column, where it is another one than before.
    fn named(&self, column: &str) -> Option<Uuid> {
        let id = self.becomes.get(column)?;
        let is_new = self.was.as_ref().and_then(|was| was.get(column)) != Some(id);
        Uuid::try_parse(id.as_str().filter(|_| is_new)?).ok()
    }

    /// A new record has what is required, whatever it says; of another one only what is said is looked at.
    fn needs_fields(&self) -> bool {
        self.was.is_none() || !self.given.is_empty()
    }

    fn take(mut self, fields: &Fields) -> ApiResult<Self> {
        if self.needs_fields() {
            let given = std::mem::take(&mut self.given);
            self.own = if self.was.is_none() { fields.of_new(given)? } else { fields.of_old(given)? };
        }
        Ok(self)
    }
}

impl Known {
    fn rows(&self) -> impl Iterator<Item = &Becoming> {
        good(&self.create).chain(good(&self.update))
    }

    fn each(&mut self, go: impl Fn(Becoming) -> ApiResult<Becoming>) {
        for steps in [&mut self.create, &mut self.update] {
            *steps = std::mem::take(steps).into_iter().map(|step| step.and_then(&go)).collect();
        }
    }

    /// Puts values of the organization's own fields in their place, where the fields take them.
    async fn own(&mut self, kind: Customized, tx: &mut TenantTx, reach: Reach) -> ApiResult<()> {
        if self.rows().any(Becoming::needs_fields) {
            let fields = Fields::lock(tx, kind).await?;
            self.each(|row| row.take(&fields));
            let named: Named = self.rows().flat_map(|row| fields.named(&row.own)).collect();
            let missing = fields.missing(tx, reach, named).await?;
            self.each(|row| fields.reached(&row.own, &missing).map(|()| row));
        }
        self.each(|mut row| {
            let own = std::mem::take(&mut row.own);
            row.becomes.insert("custom".to_owned(), own.into_map().into());
            Ok(row)
        });
        Ok(())
    }

    /// Refuses rows that name a record which is not in reach. What a record named already it may name still.
    async fn follow(&mut self, link: &BulkLink, tx: &mut TenantTx, reach: Reach) -> ApiResult<()> {
        let column = link.column;
        let ids: HashSet<Uuid> = self.rows().filter_map(|row| row.named(column)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let kept = tx.run((link.keep)(reach, ids.into_iter().collect())).await?;
        let kept: HashSet<Uuid> = kept.into_iter().map(|(id,)| id).collect();
        self.each(|row| match row.named(column).filter(|id| !kept.contains(id)) {
            Some(_) => Err(ApiError::not_found().at(format!("/{column}"), "there is no such record")),
            None => Ok(row),
        });
        Ok(())
    }

    /// One problem of all the rows that were refused, of the kind of the first.
    fn refusal(&self) -> Option<ApiError> {
        let errors =
            [refused("create", &self.create), refused("update", &self.update), refused("delete", &self.delete)];
        errors.into_iter().flatten().reduce(ApiError::and)
    }

    /// Writes what was not refused.
    async fn write<T: Bulk>(self, tx: &mut TenantTx, reach: Reach, by: Uuid) -> ApiResult<BulkResults> {
        let gone: Vec<Uuid> = ids(&self.delete).collect();
        if !gone.is_empty() {
            tx.run(many::<T>(reach).delete(gone)).await?;
        }
        let changed = rows(&self.update);
        let mut versions = HashMap::new();
        if !changed.is_empty() {
            versions.extend(tx.run(many::<T>(reach).update(T::WRITTEN, changed)).await?);
        }
        let new = rows(&self.create);
        if !new.is_empty() {
            tx.run(many::<T>(reach).insert(T::WRITTEN, new)).await?;
        }
        let written: Vec<Uuid> = ids(&self.create).chain(ids(&self.update)).collect();
        if let Some(follow) = T::follow(reach, by, written) {
            tx.run(follow).await?;
        }
        Ok(BulkResults {
            create: results("create", &self.create, |id| BulkResult::done(201, id, Some(1))),
            update: results("update", &self.update, |id| BulkResult::done(200, id, versions.get(&id).copied())),
            delete: results("delete", &self.delete, |id| BulkResult::done(204, id, None)),
        })
    }
}

/// The rows that were not refused, by column.
fn rows(steps: &[Step<Becoming>]) -> Vec<Value> {
    let row = |step: &Step<Becoming>| {
        let mut values = step.state.as_ref().ok()?.becomes.clone();
        values.insert("id".to_owned(), step.id?.to_string().into());
        Some(Value::Object(values))
    };
    steps.iter().filter_map(row).collect()
}

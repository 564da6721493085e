//! How many records are changed: all is read and checked, then one statement of each kind writes.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};
use uuid::Uuid;

use super::request::{BulkDelete, BulkMode, BulkRequest, BulkUpdate, MOST};
use super::results::{BulkResult, BulkResults};
use super::{Bulk, BulkLink};
use crate::http::{ApiError, ApiResult, Can, Row};
use crate::permission::Writes;
use crate::tenancy::{Reach, TenantTx, many};

/// The values of a record, by column.
type Values = Map<String, Value>;

/// A row that goes on as long as nothing is wrong with it, and the id that it names.
struct Step<S> {
    id: Option<Uuid>,
    state: ApiResult<S>,
}

/// What a row of an update comes to: what the record was, and what it becomes.
struct Becoming {
    was: Values,
    becomes: Values,
}

/// The rows of a request.
struct Work<T: Bulk> {
    create: Vec<Step<Values>>,
    update: Vec<Step<BulkUpdate<T>>>,
    delete: Vec<Step<BulkDelete>>,
}

/// The same once the records are known.
struct Known {
    create: Vec<Step<Values>>,
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
    if let Some((field, permission)) = T::GIVEN {
        let mut to = work.create.iter().filter_map(|step| owner(step.state.as_ref().ok()?)).collect::<HashSet<_>>();
        to.remove(&caller.user());
        if !to.is_empty() {
            let members = match caller.allows(permission) {
                true => Some(caller.members(to.into_iter().collect()).await?),
                false => None,
            };
            let place = format!("/{field}");
            refuse(&mut work.create, |values| match (owner(values).filter(|to| *to != caller.user()), &members) {
                (Some(_), None) => Some(ApiError::forbidden(permission).below(&place)),
                (Some(to), Some(members)) if !members.contains(&to) => {
                    Some(ApiError::not_found().at(&place, "there is no such member"))
                }
                _ => None,
            });
        }
    }
    caller
        .transaction(async |tx| {
            let known = work.know(tx, caller.reach()).await?;
            match known.refusal().filter(|_| mode == BulkMode::AllOrNothing) {
                Some(refusal) => Err(refusal),
                None => known.write::<T>(tx, caller.reach()).await,
            }
        })
        .await
}

fn owner(values: &Values) -> Option<Uuid> {
    values.get("owner_id").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok())
}

/// Refuses rows for which there is a reason.
fn refuse<S>(steps: &mut [Step<S>], reason: impl Fn(&S) -> Option<ApiError>) {
    for step in steps {
        if let Some(error) = step.state.as_ref().ok().and_then(&reason) {
            step.state = Err(error);
        }
    }
}

impl<T: Bulk> Work<T> {
    fn read(request: BulkRequest<T>) -> ApiResult<Self> {
        let rows = request.create.len() + request.update.len() + request.delete.len();
        if !(1..=MOST).contains(&rows) {
            return Err(ApiError::invalid().at("", format!("expected 1 to {MOST} rows in all, not {rows}")));
        }
        let make = |row: Row| Step { id: Some(Uuid::now_v7()), state: row.read().and_then(T::values) };
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

    /// Locks the records, and finds out what they are and become.
    async fn know(self, tx: &mut TenantTx, reach: Reach) -> ApiResult<Known> {
        let ids = ids(&self.update).chain(ids(&self.delete)).collect::<Vec<_>>();
        let mut records = HashMap::new();
        if !ids.is_empty() {
            let found: Vec<T> = tx.run(many(reach).lock(ids)).await?;
            records.extend(found.into_iter().map(|record| (record.id(), record)));
        }
        let update = self.update.into_iter().map(|step| {
            step.and_then(|update| {
                let mut record = of_version(records.remove(&update.id), update.version)?;
                let was = record.present();
                record.change(update.patch)?;
                Ok(Becoming { was, becomes: record.present() })
            })
        });
        let update = update.collect();
        let delete = self
            .delete
            .into_iter()
            .map(|step| step.and_then(|gone| of_version(records.remove(&gone.id.as_uuid()), gone.version).map(|_| ())));
        let mut known = Known { create: self.create, update, delete: delete.collect() };
        for link in T::LINKS {
            known.follow(link, tx, reach).await?;
        }
        Ok(known)
    }
}

impl<S> Step<S> {
    fn and_then<U>(self, go: impl FnOnce(S) -> ApiResult<U>) -> Step<U> {
        Step { id: self.id, state: self.state.and_then(go) }
    }
}

fn ids<S>(steps: &[Step<S>]) -> impl Iterator<Item = Uuid> {
    steps.iter().filter(|step| step.state.is_ok()).filter_map(|step| step.id)
}

/// A record stands in one row, for the order of two would be a guess.
fn only_once<S>(seen: &mut HashSet<Uuid>, steps: &mut [Step<S>]) {
    for step in steps {
        if step.state.is_ok() && step.id.is_some_and(|id| !seen.insert(id)) {
            step.state = Err(ApiError::invalid().at("/id", "another row is about this record already"));
        }
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

/// The id in a column, where it is another one than before.
fn named(column: &str, was: Option<&Values>, values: &Values) -> Option<Uuid> {
    let id = values.get(column)?;
    let is_new = was.and_then(|was| was.get(column)) != Some(id);
    Uuid::try_parse(id.as_str().filter(|_| is_new)?).ok()
}

impl Known {
    /// Refuses rows that name a record which is not in reach. What a record named already it may name still.
    async fn follow(&mut self, link: &BulkLink, tx: &mut TenantTx, reach: Reach) -> ApiResult<()> {
        let column = link.column;
        let of_new = |values: &Values| named(column, None, values);
        let of_changed = |row: &Becoming| named(column, Some(&row.was), &row.becomes);
        let new = self.create.iter().filter_map(|step| of_new(step.state.as_ref().ok()?));
        let changed = self.update.iter().filter_map(|step| of_changed(step.state.as_ref().ok()?));
        let ids: HashSet<Uuid> = new.chain(changed).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let kept = tx.run((link.keep)(reach, ids.into_iter().collect())).await?;
        let kept: HashSet<Uuid> = kept.into_iter().map(|(id,)| id).collect();
        let missing = |id: Option<Uuid>| {
            let error = || ApiError::not_found().at(format!("/{column}"), "there is no such record");
            id.filter(|id| !kept.contains(id)).map(|_| error())
        };
        refuse(&mut self.create, |values| missing(of_new(values)));
        refuse(&mut self.update, |row| missing(of_changed(row)));
        Ok(())
    }

    /// One problem of all the rows that were refused, of the kind of the first.
    fn refusal(&self) -> Option<ApiError> {
        let errors =
            [refused("create", &self.create), refused("update", &self.update), refused("delete", &self.delete)];
        errors.into_iter().flatten().reduce(ApiError::and)
    }

    /// Writes what was not refused.
    async fn write<T: Bulk>(self, tx: &mut TenantTx, reach: Reach) -> ApiResult<BulkResults> {
        let gone: Vec<Uuid> = ids(&self.delete).collect();
        if !gone.is_empty() {
            tx.run(many::<T>(reach).delete(gone)).await?;
        }
        let changed = self.update.iter().filter_map(|step| row(step.id, &step.state.as_ref().ok()?.becomes));
        let changed: Vec<Value> = changed.collect();
        let mut versions = HashMap::new();
        if !changed.is_empty() {
            versions.extend(tx.run(many::<T>(reach).update(T::WRITTEN, changed)).await?);
        }
        let new = self.create.iter().filter_map(|step| row(step.id, step.state.as_ref().ok()?));
        let new: Vec<Value> = new.collect();
        if !new.is_empty() {
            tx.run(many::<T>(reach).insert(T::WRITTEN, new)).await?;
        }
        Ok(BulkResults {
            create: results("create", &self.create, |id| BulkResult::done(201, id, Some(1))),
            update: results("update", &self.update, |id| BulkResult::done(200, id, versions.get(&id).copied())),
            delete: results("delete", &self.delete, |id| BulkResult::done(204, id, None)),
        })
    }
}

fn row(id: Option<Uuid>, values: &Values) -> Option<Value> {
    let mut values = values.clone();
    values.insert("id".to_owned(), id?.to_string().into());
    Some(Value::Object(values))
}

fn refused<S>(kind: &str, steps: &[Step<S>]) -> Option<ApiError> {
    let steps = steps.iter().enumerate();
    steps.filter_map(|(n, step)| step.state.as_ref().err().map(|error| at(error, kind, n))).reduce(ApiError::and)
}

fn at(error: &ApiError, kind: &str, n: usize) -> ApiError {
    error.clone().below(&format!("/{kind}/{n}"))
}

fn results<S>(kind: &str, steps: &[Step<S>], done: impl Fn(Uuid) -> BulkResult) -> Vec<BulkResult> {
    let result = |(n, step): (usize, &Step<S>)| match (&step.state, step.id) {
        (Ok(_), Some(id)) => done(id),
        (Ok(_), None) => BulkResult::refused(None, &ApiError::internal()),
        // The id of what was not made is nobody's.
        (Err(error), id) => BulkResult::refused(id.filter(|_| kind != "create"), &at(error, kind, n)),
    };
    steps.iter().enumerate().map(result).collect()
}

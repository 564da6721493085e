//! A row of a request on its way: it goes on as long as nothing is wrong with it.

use std::collections::HashSet;

use uuid::Uuid;

use super::results::BulkResult;
use crate::http::{ApiError, ApiResult};

/// A row, and the id that it names.
pub(super) struct Step<S> {
    pub(super) id: Option<Uuid>,
    pub(super) state: ApiResult<S>,
}

impl<S> Step<S> {
    pub(super) fn and_then<U>(self, go: impl FnOnce(S) -> ApiResult<U>) -> Step<U> {
        Step { id: self.id, state: self.state.and_then(go) }
    }
}

/// Those of which nothing is wrong.
pub(super) fn good<S>(steps: &[Step<S>]) -> impl Iterator<Item = &S> {
    steps.iter().filter_map(|step| step.state.as_ref().ok())
}

/// The ids of those.
pub(super) fn ids<S>(steps: &[Step<S>]) -> impl Iterator<Item = Uuid> {
    steps.iter().filter(|step| step.state.is_ok()).filter_map(|step| step.id)
}

/// Refuses rows for which there is a reason.
pub(super) fn refuse<S>(steps: &mut [Step<S>], reason: impl Fn(&S) -> Option<ApiError>) {
    for step in steps {
        if let Some(error) = step.state.as_ref().ok().and_then(&reason) {
            step.state = Err(error);
        }
    }
}

/// A record stands in one row, for the order of two would be a guess.
pub(super) fn only_once<S>(seen: &mut HashSet<Uuid>, steps: &mut [Step<S>]) {
    for step in steps {
        if step.state.is_ok() && step.id.is_some_and(|id| !seen.insert(id)) {
            step.state = Err(ApiError::invalid().at("/id", "another row is about this record already"));
        }
    }
}

/// One problem of all that were refused, of the kind of the first.
pub(super) fn refused<S>(kind: &str, steps: &[Step<S>]) -> Option<ApiError> {
    let steps = steps.iter().enumerate();
    steps.filter_map(|(n, step)| step.state.as_ref().err().map(|error| at(error, kind, n))).reduce(ApiError::and)
}

fn at(error: &ApiError, kind: &str, n: usize) -> ApiError {
    error.clone().below(&format!("/{kind}/{n}"))
}

/// What became of each.
pub(super) fn results<S>(kind: &str, steps: &[Step<S>], done: impl Fn(Uuid) -> BulkResult) -> Vec<BulkResult> {
    let result = |(n, step): (usize, &Step<S>)| match (&step.state, step.id) {
        (Ok(_), Some(id)) => done(id),
        (Ok(_), None) => BulkResult::refused(None, &ApiError::internal()),
        // The id of what was not made is nobody's.
        (Err(error), id) => BulkResult::refused(id.filter(|_| kind != "create"), &at(error, kind, n)),
    };
    steps.iter().enumerate().map(result).collect()
}

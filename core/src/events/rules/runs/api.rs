//! The operation on the log.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::{Run, RunSort, store};
use crate::events::RulesRead;
use crate::events::rules::{RuleId, store as rules};
use crate::http::{Answer, ApiError, ApiResult, Can, Cursor, Limit, Page, Paging};
use crate::module::Tag;

/// Runs.
#[derive(Default)]
pub struct RunsApi;

#[OpenApi(tag = "Tag::Events")]
impl RunsApi {
    /// List what a rule did.
    ///
    /// Each run of the last 30 days, because of events of records that the caller may see.
    #[oai(path = "/rules/:id/runs", method = "get", operation_id = "rules_runs_list")]
    async fn list(
        &self,
        caller: Can<RulesRead>,
        id: Path<RuleId>,
        /// Only runs of which something was given up.
        #[oai(default)]
        failed: Query<bool>,
        /// The order; newest first where it is left out.
        sort: Query<Option<RunSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Run>>> {
        let hidden = caller.modules().events().filter(|source| !caller.allows(source.read));
        let filter =
            store::Filter { rule: id.0, failed: failed.0, hidden: hidden.map(|source| source.resource).collect() };
        let paging = Paging::new(&caller, "rule runs", sort.0.unwrap_or(RunSort::AtDesc), limit.0, cursor.0)?;
        let listed = caller.read_all(async |tx| {
            tx.run(rules::find(id.0)).await?.ok_or_else(ApiError::not_found)?;
            Ok(tx.run(store::list(filter, paging)).await?)
        });
        listed.await.map(Answer)
    }
}

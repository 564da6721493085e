//! The operations on the audit.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use uuid::Uuid;

use super::{AuditEntry, AuditSort, EntryId, store};
use crate::events::{AuditRead, Change};
use crate::http::{Answer, ApiError, ApiResult, Caller, Can, Cursor, Limit, Page, Paging};
use crate::module::Tag;
use crate::value::{Moment, Text};

/// The audit.
#[derive(Default)]
pub struct AuditApi;

#[OpenApi(tag = "Tag::Events")]
impl AuditApi {
    /// List who changed what.
    ///
    /// Each change of a record that the caller may see, with what it was before; what somebody signed in to, and what they
    /// tried and were denied. Kept for as long as the organization. The chain of hashes that `position` counts is verified by
    /// whoever runs the platform.
    #[oai(path = "/audit", method = "get", operation_id = "audit_list")]
    async fn list(
        &self,
        caller: Can<AuditRead>,
        /// Only what this person did.
        user_id: Query<Option<Uuid>>,
        /// Only records of this kind: `contacts`, `members`, `organization`, `sessions`, … as entries say.
        resource: Query<Option<Text<60>>>,
        /// Only the record with this id.
        record: Query<Option<Text<100>>>,
        /// Only by this operation.
        operation: Query<Option<Text<100>>>,
        /// Only what became of it.
        change: Query<Option<Change>>,
        /// Only from this time on.
        from: Query<Option<Moment>>,
        /// Only before this time.
        until: Query<Option<Moment>>,
        /// The order; newest first where it is left out.
        sort: Query<Option<AuditSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<AuditEntry>>> {
        let filter = store::Filter {
            user_id: user_id.0,
            resource: resource.0,
            record: record.0,
            operation: operation.0,
            change: change.0,
            from: from.0,
            until: until.0,
        };
        let paging = Paging::new(&caller, "audit", sort.0.unwrap_or(AuditSort::AtDesc), limit.0, cursor.0)?;
        caller.read(store::list(filter, hidden(&caller), paging)).await.map(Answer)
    }

    /// Show an entry of the audit.
    #[oai(path = "/audit/:id", method = "get", operation_id = "audit_get")]
    async fn get(&self, caller: Can<AuditRead>, id: Path<EntryId>) -> ApiResult<Answer<AuditEntry>> {
        caller.read(store::find(id.0, hidden(&caller))).await?.map(Answer).ok_or_else(ApiError::not_found)
    }
}

/// The kinds of records that the caller may not see.
fn hidden(caller: &Caller) -> Vec<&'static str> {
    caller.modules().events().filter(|source| !caller.allows(source.read)).map(|source| source.resource).collect()
}

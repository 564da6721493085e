//! The operation of the search.

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::asked::{Kinds, Words};
use super::{Hits, store};
use crate::crm::SearchRead;
use crate::http::{Answer, ApiResult, Can, Limit};
use crate::module::Tag;

/// The search.
#[derive(Default)]
pub struct SearchApi;

#[OpenApi(tag = "Tag::Search")]
impl SearchApi {
    /// Search all kinds of records.
    ///
    /// Finds words in any case, with or without accents; where nothing has them, what resembles them, so a wrong letter does no
    /// harm. The best ones come first. Only what the caller may see is looked at.
    #[oai(path = "/search", method = "get", operation_id = "search")]
    async fn search(
        &self,
        caller: Can<SearchRead>,
        /// What to look for.
        q: Query<Words>,
        /// Only records of these kinds, separated by commas, such as `contacts,deals`.
        resources: Query<Option<Kinds>>,
        /// Records in the answer.
        limit: Query<Option<Limit>>,
    ) -> ApiResult<Answer<Hits>> {
        let mut kinds = resources.0.unwrap_or_default();
        kinds.retain(|kind| caller.allows(kind.read));
        if kinds.is_empty() {
            return Ok(Answer(Hits { items: Vec::new() }));
        }
        let found = store::find(caller.reach(), &kinds, &q.0, limit.0.unwrap_or_default());
        Ok(Answer(Hits { items: caller.read(found).await? }))
    }
}

//! The operations on API keys.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::secret::KeyText;
use super::{ApiKey, ApiKeyId, ApiKeySort, MadeApiKey, NewApiKey, store};
use crate::http::{Answer, ApiError, ApiResult, Body, Can, Cursor, Deleted, Limit, Made, Page, Paging};
use crate::identity::roles::above_own;
use crate::identity::{ApiKeysRead, ApiKeysWrite};
use crate::module::Tag;

/// API keys.
#[derive(Default)]
pub struct ApiKeysApi;

#[OpenApi(tag = "Tag::Organization")]
impl ApiKeysApi {
    /// List the API keys of the organization.
    #[oai(path = "/api-keys", method = "get", operation_id = "api_keys_list")]
    async fn list(
        &self,
        caller: Can<ApiKeysRead>,
        /// The order; newest first where it is left out.
        sort: Query<Option<ApiKeySort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<ApiKey>>> {
        let sort = sort.0.unwrap_or(ApiKeySort::CreatedAtDesc);
        let paging = Paging::new(&caller, "api-keys", sort, limit.0, cursor.0)?;
        caller.admit().await?.run(store::list(caller.tenant(), paging)).await.map(Answer)
    }

    /// Make an API key.
    ///
    /// The key is in this answer and nowhere else. It has some of its creator's permissions, never more, and ends when the
    /// creator leaves the organization.
    #[oai(path = "/api-keys", method = "post", operation_id = "api_keys_create")]
    async fn create(&self, caller: Can<ApiKeysWrite>, body: Body<NewApiKey>) -> ApiResult<Made<MadeApiKey>> {
        let home = caller.admit().await?;
        let new = body.0.checked(&caller)?;
        let key = KeyText::generate()?;
        let text = key.seal(caller.platform().key_guard().key());
        let shown = home.change(store::insert(caller.tenant(), caller.user(), &key, hint(&text), new)).await?;
        Ok(Made(MadeApiKey { key: text, shown }))
    }

    /// Show an API key, without its secret.
    #[oai(path = "/api-keys/:id", method = "get", operation_id = "api_keys_get")]
    async fn get(&self, caller: Can<ApiKeysRead>, id: Path<ApiKeyId>) -> ApiResult<Answer<ApiKey>> {
        let found = caller.admit().await?.run(store::find(caller.tenant(), id.0)).await?;
        found.map(Answer).ok_or_else(ApiError::not_found)
    }

    /// Revoke an API key.
    ///
    /// Its next request is refused. One's own, or one that may do nothing that the caller may not.
    #[oai(path = "/api-keys/:id", method = "delete", operation_id = "api_keys_delete")]
    async fn delete(&self, caller: Can<ApiKeysWrite>, id: Path<ApiKeyId>) -> ApiResult<Deleted> {
        let revoked = caller.govern(async |tx| {
            let rights = tx.run(store::rights(caller.tenant(), id.0)).await?.ok_or_else(ApiError::not_found)?;
            if rights.creator() != caller.user()
                && !caller.modules().permissions().all(|p| !rights.allow(p) || caller.allows(p))
            {
                return Err(above_own());
            }
            Ok(tx.run(store::revoke(caller.tenant(), id.0)).await?)
        });
        if revoked.await? { Ok(Deleted) } else { Err(ApiError::not_found()) }
    }
}

/// The last characters, which are of the checksum and not of the secret.
fn hint(text: &str) -> String {
    let end: String = text.chars().skip(text.chars().count().saturating_sub(4)).collect();
    format!("tnk_…{end}")
}

//! The operations on rules.

use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};

use super::trial::{NewTrial, Trial};
use super::{NewRule, Rule, RuleId, RulePatch, RuleSort, check, store, trial};
use crate::events::{RulesRead, RulesWrite};
use crate::http::{
    Answer, ApiError, ApiResult, Body, Can, Created, Cursor, Deleted, IfMatch, IfMatchGiven, Item, Limit, Page, Paging,
    Versioned,
};
use crate::module::Tag;

/// Rules.
#[derive(Default)]
pub struct RulesApi;

#[OpenApi(tag = "Tag::Events")]
impl RulesApi {
    /// List the organization's rules.
    #[oai(path = "/rules", method = "get", operation_id = "rules_list")]
    async fn list(
        &self,
        caller: Can<RulesRead>,
        /// The order; newest first where it is left out.
        sort: Query<Option<RuleSort>>,
        /// Records a page.
        limit: Query<Option<Limit>>,
        /// `next_cursor` of the page before.
        cursor: Query<Option<Cursor>>,
    ) -> ApiResult<Answer<Page<Rule>>> {
        let paging = Paging::new(&caller, "rules", sort.0.unwrap_or(RuleSort::CreatedAtDesc), limit.0, cursor.0)?;
        caller.read(store::list(paging)).await.map(Answer)
    }

    /// Make a rule.
    ///
    /// It is for what happens from now on, and does no more than the caller may do by hand, as long as the caller may. Fields are
    /// those of the records of all its events, as the audit names them. An organization has up to 100 rules.
    #[oai(path = "/rules", method = "post", operation_id = "rules_create")]
    async fn create(&self, caller: Can<RulesWrite>, body: Body<NewRule>) -> ApiResult<Created<Rule>> {
        let settings = check::checked(body.0.into(), &caller)?;
        let id = RuleId::new();
        let made = caller.transaction(async |tx| {
            check::endpoints(&settings.actions, tx).await?;
            let rule = tx.run(store::insert(id, caller.user(), settings)).await?;
            // Behind the door, which knows better why somebody is none.
            check::people(&rule.actions, &caller).await?;
            Ok(rule)
        });
        Ok(Created::at("/rules", id, made.await?))
    }

    /// Show a rule.
    #[oai(path = "/rules/:id", method = "get", operation_id = "rules_get")]
    async fn get(&self, caller: Can<RulesRead>, id: Path<RuleId>) -> ApiResult<Item<Rule>> {
        caller.read(store::find(id.0)).await?.map(Item).ok_or_else(ApiError::not_found)
    }

    /// Change a rule.
    ///
    /// Whoever changes anything of it answers for all that it does from then on. 403 where that is more than they may do.
    #[oai(path = "/rules/:id", method = "patch", operation_id = "rules_update")]
    async fn update(
        &self,
        caller: Can<RulesWrite>,
        id: Path<RuleId>,
        /// The ETag of the version that was read.
        #[oai(name = "If-Match")]
        version: IfMatch,
        body: Body<RulePatch>,
    ) -> ApiResult<Item<Rule>> {
        let changed = caller.transaction(async |tx| {
            let rule = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            rule.expect(&version)?;
            let is_new = body.0.acts_anew();
            let settings = check::checked(body.0.applied(rule.clone()), &caller)?;
            // Somebody who has left, or an endpoint that is gone, keeps nobody from changing the rest.
            let new = if is_new { settings.actions.as_slice() } else { &[] };
            check::people(new, &caller).await?;
            check::endpoints(new, tx).await?;
            Ok(tx.run(store::update(id.0, caller.user(), &rule, settings)).await?)
        });
        changed.await.map(Item)
    }

    /// Delete a rule.
    ///
    /// The log of its runs goes with it.
    #[oai(path = "/rules/:id", method = "delete", operation_id = "rules_delete")]
    async fn delete(
        &self,
        caller: Can<RulesWrite>,
        id: Path<RuleId>,
        /// The ETag of the version that was read, where only that one may go.
        #[oai(name = "If-Match")]
        version: IfMatchGiven,
    ) -> ApiResult<Deleted> {
        let deleted = caller.transaction(async |tx| {
            let rule = tx.run(store::lock(id.0)).await?.ok_or_else(ApiError::not_found)?;
            rule.expect_given(&version)?;
            Ok(tx.run(store::delete(id.0)).await?)
        });
        deleted.await.map(|()| Deleted)
    }

    /// Try a rule on a record.
    ///
    /// Tells which conditions hold of the record as it is now, and what would be done if an event of the rule's were about it.
    /// Nothing is. It also takes the permission to see the record.
    #[oai(path = "/rules/:id/try", method = "post", operation_id = "rules_try")]
    async fn r#try(&self, caller: Can<RulesRead>, id: Path<RuleId>, body: Body<NewTrial>) -> ApiResult<Answer<Trial>> {
        trial::run(&caller, id.0, body.0).await.map(Answer)
    }
}

//! The operation of the insights.

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::Insights;
use super::store::{self, Parts};
use super::week::Week;
use crate::crm::{ActivitiesRead, DashboardRead, DealsRead, calendar};
use crate::http::{Answer, ApiError, ApiResult, Can};
use crate::module::Tag;
use crate::permission::Permission as _;
use crate::value::TimeZone;

/// The insights.
#[derive(Default)]
pub struct InsightsApi;

#[OpenApi(tag = "Tag::Reports")]
impl InsightsApi {
    /// Show what stands out.
    ///
    /// Plain statistics, each with its reason in words and numbers: open deals that stay in a stage longer than those that were
    /// won; weeks with much less than usual; and how many of the deals that pass through a stage are won. Nothing is said where
    /// there is too little to compare with. All of it is about what the caller reaches; what is about deals takes `deals.read`,
    /// what is about activities `activities.read`.
    #[oai(path = "/insights", method = "get", operation_id = "insights")]
    async fn insights(
        &self,
        caller: Can<DashboardRead>,
        /// The time zone whose days are meant, such as `Europe/Vienna`; that of the organization's notification settings where
        /// it is left out.
        zone: Query<Option<TimeZone>>,
    ) -> ApiResult<Answer<Insights>> {
        let parts = Parts { deals: caller.allows(&DealsRead::INFO), activities: caller.allows(&ActivitiesRead::INFO) };
        let asked = calendar::ask(&caller, zone.0, |calendar| {
            let week = Week::last(calendar).ok_or_else(ApiError::internal)?;
            Ok(store::insights(caller.reach(), parts, week, calendar))
        });
        Ok(Answer(asked.await?))
    }
}

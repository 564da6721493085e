//! The operation of the dashboard.

use poem_openapi::OpenApi;
use poem_openapi::param::Query;

use super::Dashboard;
use super::period::Period;
use super::store::{self, Parts};
use crate::crm::pipelines::PipelineId;
use crate::crm::{ActivitiesRead, CompaniesRead, ContactsRead, DashboardRead, DealsRead, TasksRead, calendar};
use crate::http::{Answer, ApiResult, Can};
use crate::module::Tag;
use crate::permission::Permission as _;
use crate::value::{Date, TimeZone};

/// The dashboard.
#[derive(Default)]
pub struct DashboardApi;

#[OpenApi(tag = "Tag::Reports")]
impl DashboardApi {
    /// Show how the organization stands.
    ///
    /// Open deals, what was won and lost, what happened, what is to be done and whom one got to know: in a period, and in the one
    /// before it, so that the change can be shown. All of it is about what the caller reaches; parts that the caller may not see
    /// are null.
    #[oai(path = "/dashboard", method = "get", operation_id = "dashboard")]
    async fn dashboard(
        &self,
        caller: Can<DashboardRead>,
        /// The first day of the period; the first one of the month of `until` where it is left out.
        from: Query<Option<Date>>,
        /// Its last day, at most 366 days; today where it is left out.
        until: Query<Option<Date>>,
        /// Only deals of this pipeline.
        pipeline_id: Query<Option<PipelineId>>,
        /// The time zone whose days are meant, such as `Europe/Vienna`; that of the organization's notification settings where
        /// it is left out.
        zone: Query<Option<TimeZone>>,
    ) -> ApiResult<Answer<Dashboard>> {
        let asked = calendar::ask(&caller, zone.0, |calendar| {
            let period = Period::new(from.0, until.0, calendar.today())?;
            let parts = Parts {
                deals: caller.allows(&DealsRead::INFO),
                activities: caller.allows(&ActivitiesRead::INFO),
                tasks: caller.allows(&TasksRead::INFO),
                contacts: caller.allows(&ContactsRead::INFO),
                companies: caller.allows(&CompaniesRead::INFO),
            };
            Ok(store::dashboard(caller.reach(), parts, caller.user(), pipeline_id.0, period, calendar))
        });
        Ok(Answer(asked.await?))
    }
}

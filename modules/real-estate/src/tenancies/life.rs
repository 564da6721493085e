//! The life of a tenancy: it starts, it ends, or it never comes to be.

use poem_openapi::Object;
use serde::Deserialize;
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::value::Date;
use time::Duration;

use super::terms::in_order;
use super::{Tenancy, TenancyStatus};

/// How long before its start here rent may have been due that is charged.
const BACK: Duration = Duration::days(31);

/// The end of a tenancy.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct EndTenancy {
    /// Its last day.
    pub(super) ends_on: Date,
}

/// What a step makes of a tenancy: another one, or what it is already.
pub(super) enum Step {
    To(Tenancy),
    There(Tenancy),
}

/// Takes the days of a draft.
pub(super) fn start(mut tenancy: Tenancy) -> ApiResult<Step> {
    match tenancy.status {
        TenancyStatus::Running => Ok(Step::There(tenancy)),
        TenancyStatus::Ended | TenancyStatus::Canceled => Err(over()),
        TenancyStatus::Draft => {
            let back = time::Date::from(Date::today()).checked_sub(BACK).and_then(|day| Date::try_from(day).ok());
            tenancy.charged_from = Some(back.map_or(tenancy.starts_on, |back| back.max(tenancy.starts_on)));
            tenancy.status = TenancyStatus::Running;
            Ok(Step::To(tenancy))
        }
    }
}

/// Ends one that runs. Its days up to the last one stay its own.
pub(super) fn end(mut tenancy: Tenancy, end: &EndTenancy) -> ApiResult<Step> {
    match tenancy.status {
        TenancyStatus::Ended => Ok(Step::There(tenancy)),
        TenancyStatus::Canceled => Err(over()),
        TenancyStatus::Draft => {
            let detail = "This tenancy has not started. Cancel it if it will not come to be.";
            Err(ApiError::conflict("tenancy_not_started", detail))
        }
        TenancyStatus::Running => {
            in_order(tenancy.starts_on, Some(end.ends_on))?;
            tenancy.ends_on = Some(end.ends_on);
            tenancy.status = TenancyStatus::Ended;
            Ok(Step::To(tenancy))
        }
    }
}

/// Gives up a draft.
pub(super) fn cancel(mut tenancy: Tenancy) -> ApiResult<Step> {
    match tenancy.status {
        TenancyStatus::Canceled => Ok(Step::There(tenancy)),
        TenancyStatus::Ended => Err(over()),
        TenancyStatus::Running => {
            let detail = "This tenancy has started. End it instead.";
            Err(ApiError::conflict("tenancy_started", detail))
        }
        TenancyStatus::Draft => {
            tenancy.status = TenancyStatus::Canceled;
            Ok(Step::To(tenancy))
        }
    }
}

fn over() -> ApiError {
    ApiError::conflict("tenancy_over", "This tenancy is over, or was canceled. Make another one.")
}

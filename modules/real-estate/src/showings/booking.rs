//! The time of a showing in the calendar: that of the property, and that of who shows it with the way there and back.

use tenantry_core::calendar::{self, BookingId, Need, Period, To, Wanted};
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::identity::UserId;
use tenantry_core::tenancy::TenantTx;
use tenantry_core::value::Text;
use uuid::Uuid;

use super::calendars::{self, Calendar};
use crate::properties::Property;

/// What kind of showing it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Showing {
    Viewing,
    OpenHouse,
}

/// When what is shown by whom.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) showing: Showing,
    pub(crate) property: &'a Property,
    pub(crate) period: Period,
    /// Who shows it, and the name where it is known; none where nobody is there.
    pub(crate) agent: Option<(UserId, Option<String>)>,
    pub(crate) travel_minutes: i16,
}

/// Takes the time.
///
/// # Errors
/// 409 where it is not free, with what is free instead; 422 where it has passed.
pub(crate) async fn book(tx: &mut TenantTx, id: BookingId, plan: Plan<'_>, by: Uuid) -> ApiResult<()> {
    let wanted = Wanted {
        id,
        title: plan.title()?,
        note: None,
        period: plan.period,
        needs: Vec::new(),
        hold_minutes: None,
        overbook_reason: None,
        series_id: None,
        module: Some("real-estate"),
        by: Some(by),
    };
    let (needs, calendars) = plan.needs(tx).await?;
    calendar::book(tx, Wanted { needs, ..wanted }).await?;
    refresh(tx, calendars).await
}

/// Takes another time instead.
///
/// # Errors
/// As [`book`].
pub(crate) async fn rebook(tx: &mut TenantTx, id: BookingId, plan: Plan<'_>) -> ApiResult<()> {
    let words = Some((plan.title()?, None));
    let period = plan.period;
    let (needs, calendars) = plan.needs(tx).await?;
    let to = To { period, needs: Some(needs), words, overbook_reason: None };
    calendar::reschedule(tx, id, to, |_| Ok(())).await?;
    refresh(tx, calendars).await
}

async fn refresh(tx: &mut TenantTx, calendars: Vec<Calendar>) -> ApiResult<()> {
    for calendar in calendars {
        calendar.refresh(tx).await?;
    }
    Ok(())
}

impl Plan<'_> {
    /// What stands in the calendar. Everybody who sees it reads that, so it names nobody who comes.
    fn title(&self) -> ApiResult<Text<200>> {
        let word = match self.showing {
            Showing::Viewing => "Viewing",
            Showing::OpenHouse => "Open house",
        };
        let title = format!("{word}: {}, {}", self.property.street, self.property.city);
        let title: String = title.chars().take(200).collect();
        Text::parse(title.trim()).map_err(|_| ApiError::internal())
    }

    async fn needs(self, tx: &mut TenantTx) -> ApiResult<(Vec<Need>, Vec<Calendar>)> {
        let property = calendars::of_property(tx, self.property).await?;
        let mut needs = vec![Need::of(property.id)];
        let mut calendars = vec![property];
        if let Some((agent, name)) = self.agent {
            let agent = calendars::of_agent(tx, agent, name).await?;
            let way = i32::from(self.travel_minutes);
            needs.push(Need { resource_id: agent.id, minutes_before: way, minutes_after: way, shared: None });
            calendars.push(agent);
        }
        Ok((needs, calendars))
    }
}

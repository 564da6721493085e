//! The SQL of activities.

use time::OffsetDateTime;

use super::{Activity, ActivityId, NewActivity};
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::crm::deals::Deal;
use crate::crm::projects::Project;
use crate::tenancy::{List, Reach, Statement, owned};
use crate::{link, sql};

pub(super) fn list(reach: Reach) -> List<Activity> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: ActivityId) -> Statement<Option<Activity>> {
    owned(reach).find(id)
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(reach: Reach, id: ActivityId) -> Statement<Option<Activity>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: ActivityId, new: NewActivity) -> Statement<Activity> {
    let NewActivity { kind, subject, body, happened_at, minutes, contact_id, company_id, deal_id, project_id } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("kind"), kind)
        .set(sql!("subject"), subject)
        .set(sql!("body"), body)
        .set(sql!("happened_at"), happened_at.map_or_else(OffsetDateTime::now_utc, OffsetDateTime::from))
        .set(sql!("minutes"), minutes)
        .link::<Contact>(reach, link!("activities", "contact_id"), contact_id)
        .link::<Company>(reach, link!("activities", "company_id"), company_id)
        .link::<Deal>(reach, link!("activities", "deal_id"), deal_id)
        .link::<Project>(reach, link!("activities", "project_id"), project_id)
        .insert()
}

pub(super) fn update(reach: Reach, activity: Activity) -> Statement<Activity> {
    owned(reach)
        .change()
        .set(sql!("kind"), activity.kind)
        .set(sql!("subject"), activity.subject)
        .set(sql!("body"), activity.body)
        .set(sql!("happened_at"), activity.happened_at)
        .set(sql!("minutes"), activity.minutes)
        .link::<Contact>(reach, link!("activities", "contact_id"), activity.contact_id)
        .link::<Company>(reach, link!("activities", "company_id"), activity.company_id)
        .link::<Deal>(reach, link!("activities", "deal_id"), activity.deal_id)
        .link::<Project>(reach, link!("activities", "project_id"), activity.project_id)
        .update(activity.id)
}

pub(super) fn delete(reach: Reach, id: ActivityId) -> Statement<()> {
    owned::<Activity>(reach).delete(id)
}

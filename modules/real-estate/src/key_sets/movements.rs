//! Movements: each time that a set of keys was taken, by whom, and when it came back.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use tenantry_core::crm::contacts::{Contact, ContactId};
use tenantry_core::http::{ApiError, ApiResult, Page, Paging};
use tenantry_core::identity::UserId;
use tenantry_core::tenancy::{Reach, Refusal, Statement, change, records, statement};
use tenantry_core::value::{Moment, Prose};
use tenantry_core::{link, record_id, row, sorts, sql};
use time::OffsetDateTime;

use super::KeySetId;

record_id! {
    /// The id of a movement of keys.
    KeyMovementId
}

/// A time that a set of keys was out.
#[derive(Debug, Clone, Serialize, Object)]
pub struct KeyMovement {
    /// Its id.
    pub id: KeyMovementId,
    /// The set.
    pub key_set_id: KeySetId,
    /// The contact who had it; null where a member did.
    pub contact_id: Option<ContactId>,
    /// The member who had it; null where a contact did.
    pub user_id: Option<UserId>,
    /// Anything worth saying.
    pub note: Option<Prose<2000>>,
    /// When it should be back.
    #[serde(with = "time::serde::rfc3339::option")]
    pub due_back_at: Option<OffsetDateTime>,
    /// When it was taken.
    #[serde(with = "time::serde::rfc3339")]
    pub taken_at: OffsetDateTime,
    /// When it came back; null while it is out.
    #[serde(with = "time::serde::rfc3339::option")]
    pub returned_at: Option<OffsetDateTime>,
}

row!(KeyMovement { id, key_set_id, contact_id, user_id, note, due_back_at, taken_at, returned_at });

sorts! {
    /// How movements can be sorted.
    pub enum KeyMovementSort of KeyMovement {
        TakenAt | TakenAtDesc: "taken_at" | "-taken_at" = timestamptz taken_at => |movement| movement.taken_at,
    }
}

/// Who takes a set of keys: a contact, or a member of the organization.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct CheckOut {
    /// The contact who takes it; either this or `user_id`.
    contact_id: Option<ContactId>,
    /// The member who takes it; either this or `contact_id`.
    pub(super) user_id: Option<UserId>,
    /// When it should be back.
    due_back_at: Option<Moment>,
    /// Anything worth saying.
    note: Option<Prose<2000>>,
}

impl CheckOut {
    /// Checks that one person takes it, who is to bring it back later.
    pub(super) fn checked(self) -> ApiResult<Self> {
        let one = "either a contact or a member takes it: give one of `contact_id` and `user_id`";
        if self.contact_id.is_some() == self.user_id.is_some() {
            return Err(ApiError::invalid().at("/contact_id", one));
        }
        if self.due_back_at.is_some_and(|due| OffsetDateTime::from(due) <= OffsetDateTime::now_utc()) {
            return Err(ApiError::invalid().at("/due_back_at", "expected a time that is still to come"));
        }
        Ok(self)
    }
}

/// What it means that a set is in somebody's hands already.
pub(super) const OUT: Refusal =
    Refusal::InTheWay { code: "key_set_out", detail: "This set of keys is out. Have it returned first." };

pub(super) fn list(set: KeySetId, paging: Paging<KeyMovementSort>) -> Statement<Page<KeyMovement>> {
    paging.page(records(sql!("key_movements")).filter(sql!("key_set_id = $1"), Some(set)))
}

/// Notes who takes a set.
pub(super) fn take(reach: Reach, set: KeySetId, by: CheckOut) -> Statement<KeyMovement> {
    let CheckOut { contact_id, user_id, due_back_at, note } = by;
    change(sql!("key_movements"))
        .set(sql!("id"), KeyMovementId::new())
        .set(sql!("key_set_id"), set)
        .link::<Contact>(reach, link!("key_movements", "contact_id"), contact_id)
        .set(sql!("user_id"), user_id)
        .set(sql!("due_back_at"), due_back_at)
        .set(sql!("note"), note)
        .insert()
        .refused_by("key_movements_out_key", OUT)
}

/// Notes that a set is back.
pub(super) fn bring_back(set: KeySetId) -> Statement<()> {
    statement(sql!(
        "UPDATE key_movements SET returned_at = greatest(now(), taken_at), version = version + 1, updated_at = now() ",
        "WHERE key_set_id = $1 AND returned_at IS NULL"
    ))
    .bind(set)
    .done()
}

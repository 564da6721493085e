//! The SQL of views. Nobody sees another's but what is shared.

use super::{NewView, View, ViewId};
use crate::identity::UserId;
use crate::sql;
use crate::tenancy::{List, Refusal, Statement, change, records, select, statement};

const TOO_MANY: Refusal = Refusal::InTheWay {
    code: "too_many_views",
    detail: "You have a hundred views already. Delete one that you do not need any more.",
};
const AT_ONCE: Refusal =
    Refusal::InTheWay { code: "made_at_once", detail: "Another view was saved at this moment. Send it again." };

pub(super) fn list(user: UserId) -> List<View> {
    records(sql!("views")).filter(sql!("user_id = $1 OR shared"), Some(user))
}

pub(super) fn find(user: UserId, id: ViewId) -> Statement<Option<View>> {
    select::<View>(sql!("FROM views WHERE id = $1 AND (user_id = $2 OR shared)")).bind(id).bind(user).optional()
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(user: UserId, id: ViewId) -> Statement<Option<View>> {
    select::<View>(sql!("FROM views WHERE id = $1 AND (user_id = $2 OR shared) FOR UPDATE"))
        .bind(id)
        .bind(user)
        .optional()
}

/// Takes any of its maker's places that are free, seldom the same as another of theirs at that moment; there is no 101st.
pub(super) fn insert(user: UserId, id: ViewId, new: NewView) -> Statement<View> {
    let NewView { resource, name, query, shared } = new;
    let insert = statement(sql!(
        "INSERT INTO views (id, user_id, place, resource, name, query, shared) ",
        "SELECT $1, $2, coalesce((SELECT p.n FROM generate_series(1, 100) AS p (n) ",
        "WHERE NOT EXISTS (SELECT 1 FROM views v WHERE v.user_id = $2 AND v.place = p.n) ORDER BY random() LIMIT 1), 101), ",
        "$3, $4, $5, $6 RETURNING id, user_id, resource, name, query, shared, created_at, updated_at, version"
    ));
    insert
        .bind(id)
        .bind(user)
        .bind(resource)
        .bind(name)
        .bind(query)
        .bind(shared)
        .one()
        .refused_by("views_place_check", TOO_MANY)
        .refused_by("views_place_key", AT_ONCE)
}

pub(super) fn update(view: View) -> Statement<View> {
    change(sql!("views"))
        .set(sql!("name"), view.name)
        .set(sql!("query"), view.query)
        .set(sql!("shared"), view.shared)
        .update(view.id)
}

pub(super) fn delete(id: ViewId) -> Statement<()> {
    statement(sql!("DELETE FROM views WHERE id = $1")).bind(id).done()
}

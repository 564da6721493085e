//! The SQL of operators' sessions.

use std::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;

use crate::identity::Account;
use crate::row;
use crate::sql;
use crate::tenancy::{Statement, select, statement};

/// What a sign-in is checked against.
pub(super) struct Credentials {
    pub(super) id: Uuid,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) password_hash: String,
}
row!(Credentials { id, email, name, password_hash });

impl Account for Credentials {
    const KIND: &'static str = "operator";

    fn password_hash(&self) -> &str {
        &self.password_hash
    }
}

/// A disabled account is like none.
pub(super) fn credentials(email: String) -> Statement<Option<Credentials>> {
    select::<Credentials>(sql!("FROM operators WHERE email = $1 AND disabled_at IS NULL")).bind(email).optional()
}

/// A session that begins.
pub(super) struct NewSession {
    pub(super) id: Uuid,
    pub(super) operator: Uuid,
    pub(super) device: Option<String>,
    pub(super) address: Option<IpAddr>,
    pub(super) life: Duration,
}

/// Begins a session, unless the operator was disabled meanwhile.
pub(super) fn insert(new: NewSession) -> Statement<bool> {
    let NewSession { id, operator, device, address, life } = new;
    statement(sql!(
        "INSERT INTO operator_sessions (id, operator_id, device, address, expires_at) ",
        "SELECT $1, o.id, $3, $4, now() + make_interval(secs => $5) ",
        "FROM operators o WHERE o.id = $2 AND o.disabled_at IS NULL FOR SHARE OF o RETURNING 1"
    ))
    .bind(id)
    .bind(operator)
    .bind(device)
    .bind(address)
    .bind(life.as_secs_f64())
    .any()
}

pub(super) fn end(session: Uuid) -> Statement<()> {
    statement(sql!("UPDATE operator_sessions SET ended_at = now() WHERE id = $1 AND ended_at IS NULL"))
        .bind(session)
        .done()
}

//! What is noted of each change that an operator makes, in the transaction of the change.

use std::net::IpAddr;

use serde_json::Value;
use uuid::Uuid;

use crate::sql;
use crate::tenancy::{Statement, TenantId, statement};

/// Who acts: an operator over HTTP, somebody at the command line, who is nobody, or one of an organization's people, where
/// it is about what operators may do there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Actor {
    pub(crate) operator: Option<Uuid>,
    pub(crate) user: Option<Uuid>,
    pub(crate) address: Option<IpAddr>,
}

/// A line of the audit.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    actor: Actor,
    action: &'static str,
    tenant: Option<TenantId>,
    reason: Option<String>,
    details: Option<Value>,
}

impl Actor {
    /// One of an organization's people.
    pub(crate) fn user(user: Uuid) -> Self {
        Self { user: Some(user), ..Self::default() }
    }

    /// Starts a line: `<what>.<done>`, as in `tenant.suspended`.
    pub(crate) fn did(self, action: &'static str) -> Entry {
        Entry { actor: self, action, tenant: None, reason: None, details: None }
    }
}

impl Entry {
    /// To which tenant it was done.
    pub(crate) fn to(self, tenant: TenantId) -> Self {
        Self { tenant: Some(tenant), ..self }
    }

    /// Why, in the operator's words.
    pub(crate) fn because(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    /// What else there is to know. Never a secret.
    pub(crate) fn with(self, details: Value) -> Self {
        Self { details: Some(details), ..self }
    }

    /// Writes it down.
    pub(crate) fn note(self) -> Statement<()> {
        let Self { actor, action, tenant, reason, details } = self;
        statement(sql!(
            "INSERT INTO audit_entries (id, operator_id, user_id, address, action, tenant, reason, details) ",
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ))
        .bind(Uuid::now_v7())
        .bind(actor.operator)
        .bind(actor.user)
        .bind(actor.address)
        .bind(action)
        .bind(tenant)
        .bind(reason)
        .bind(details)
        .done()
    }
}

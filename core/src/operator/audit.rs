//! The platform's own audit: what operators did, in the transaction of the change.
//!
//! It stands beside the journals of organizations and not in them: it also tells of what is no organization's, such as operators'
//! accounts, and it stays when an organization is gone with its journal. What an operator changes *in* an organization is in that
//! organization's journal too, for its own people to see.

use std::net::IpAddr;

use serde_json::Value;
use uuid::Uuid;

use crate::sql;
use crate::tenancy::{Statement, TenantId, statement};

/// Who acts: an operator over HTTP, somebody at the command line, who is nobody, or one of an organization's people, where
/// it is about what operators may do there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Doer {
    pub(crate) operator: Option<Uuid>,
    pub(crate) user: Option<Uuid>,
    pub(crate) address: Option<IpAddr>,
}

/// A line of the audit.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    doer: Doer,
    action: &'static str,
    tenant: Option<TenantId>,
    reason: Option<String>,
    details: Option<Value>,
}

impl Doer {
    /// One of an organization's people.
    pub(crate) fn user(user: Uuid) -> Self {
        Self { user: Some(user), ..Self::default() }
    }

    /// Starts a line: `<what>.<done>`, as in `tenant.suspended`.
    pub(crate) fn did(self, action: &'static str) -> Deed {
        Deed { doer: self, action, tenant: None, reason: None, details: None }
    }
}

impl Deed {
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
        let Self { doer, action, tenant, reason, details } = self;
        statement(sql!(
            "INSERT INTO audit_entries (id, operator_id, user_id, address, action, tenant, reason, details) ",
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ))
        .bind(Uuid::now_v7())
        .bind(doer.operator)
        .bind(doer.user)
        .bind(doer.address)
        .bind(action)
        .bind(tenant)
        .bind(reason)
        .bind(details)
        .done()
    }
}

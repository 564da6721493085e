//! What it means to a client that the database refuses something.

use http::StatusCode;

use super::problem::{ApiError, SECOND_FACTOR_REQUIRED};
use crate::tenancy::{DbError, Guards, Refusal};

/// What an error of the database means to a client. Its text stays in the log.
impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        if let Some(wait) = error.retry_after() {
            tracing::warn!(error = error.diagnosis(), "the database could not answer");
            return Self::unavailable(wait);
        }
        match error {
            DbError::SessionEnded => Self::unauthenticated(
                "This session has ended or its role has changed. Refresh the token, or sign in again.",
            ),
            DbError::TenantInactive => Self::new(
                StatusCode::FORBIDDEN,
                "organization_inactive",
                "The organization is not active",
                "This organization is suspended. Its owner can ask the operator why.",
            ),
            DbError::SecondFactorMissing => Self::new(
                StatusCode::FORBIDDEN,
                SECOND_FACTOR_REQUIRED,
                "A second factor is required",
                "This organization asks everybody for a second factor. Set yours up at /users/me/second-factor.",
            ),
            DbError::ModuleDisabled => Self::not_found(),
            DbError::Claimed => super::once::in_flight(),
            DbError::Refused(refusal) => refusal.into(),
            DbError::Conflict { kind: Guards::Unique, .. } => {
                Self::conflict("conflict", "Another record has a value that must be unique. Choose another value.")
            }
            // A reference to what is not there is explained where the statement is, so what is left is the other way.
            DbError::Conflict { kind: Guards::References, .. } => Self::conflict(
                "in_use",
                "Other records refer to this one, so it cannot go. Delete or change those first.",
            ),
            DbError::Conflict { kind: Guards::Values, constraint } => {
                // The edge should have refused it with a pointer: a rule stands in the table and not in the type.
                tracing::error!(constraint, "a value passed the edge and not the table");
                Self::invalid()
            }
            DbError::InvalidValue(_) => Self::invalid(),
            other => {
                tracing::error!(error = other.diagnosis(), "a request failed in the database");
                Self::internal()
            }
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Missing { pointer } => Self::not_found().at(pointer, "there is no such record"),
            Refusal::Lacking { pointer, detail } => Self::invalid().at(pointer, detail),
            Refusal::Taken { pointer, code, detail } => Self::conflict(code, detail).at(pointer, "is taken"),
            Refusal::InTheWay { code, detail } => Self::conflict(code, detail),
        }
    }
}

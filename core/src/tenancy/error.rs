//! What can go wrong between a statement and its rows.

use std::time::Duration;

use super::refusal::Refusal;
use super::wire::{ServerError, WireError};

/// An error of the database, sorted by what a caller can do about it. Its text never leaves the process.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The session was ended, or what it may do has changed.
    #[error("the session is not admitted")]
    SessionEnded,
    /// The tenant is not active.
    #[error("the tenant is not active")]
    TenantInactive,
    /// The tenant asks for a second factor that the person does not have.
    #[error("a second factor is missing")]
    SecondFactorMissing,
    /// The tenant has not enabled the module.
    #[error("the module is not enabled")]
    ModuleDisabled,
    /// The key of the request was used before, or is being used by another one just now.
    #[error("the key is claimed")]
    Claimed,
    /// A constraint stands in the way.
    #[error("the constraint {constraint} refused the change")]
    Conflict {
        /// The name of the constraint, for the code that knows what it means.
        constraint: String,
        /// What it guards.
        kind: Guards,
    },
    /// The same, where the statement says what it means.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// A value that the database refuses although the edge let it pass.
    #[error("the database refused a value")]
    InvalidValue(#[source] ServerError),
    /// The server or a connection to it is not to be had for now.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The statement ran into its time limit, or waited too long for a lock.
    #[error("the statement took too long")]
    Timeout(#[source] ServerError),
    /// The door found itself in another tenant than it entered. Nothing was shown or kept.
    #[error("ISOLATION BREACH prevented: the transaction was not where it should be")]
    Breach,
    /// A statement of the transaction had failed, and the work went on as if it had not.
    #[error("the transaction had failed and cannot be committed")]
    Failed,
    /// A statement that always has a row had none.
    #[error("a row was expected")]
    NoRow,
    /// The database refuses a statement that is a fault of ours.
    #[error("database error")]
    Fault(#[source] ServerError),
    /// Anything else.
    #[error("database error")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a constraint guards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guards {
    /// That no other row has the value.
    Unique,
    /// That what is referred to is there.
    References,
    /// Which values there can be.
    Values,
}

impl DbError {
    fn conflict(error: ServerError, kind: Guards) -> Self {
        Self::Conflict { constraint: error.constraint.unwrap_or_default(), kind }
    }

    /// How long a client should wait before it tries again, where that makes sense.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable(_) | Self::Timeout(_) => Some(Duration::from_secs(1)),
            _ => None,
        }
    }

    /// What the log of a request may hold: this error and its causes. PostgreSQL's own words may quote a row, so they
    /// are told only where they are about names (class 42); else its code and the place in its source must do.
    pub(crate) fn diagnosis(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let words = match error.downcast_ref::<ServerError>() {
                Some(error) if error.code.starts_with("42") => format!("{} {}", error.code, error.message),
                Some(error) => {
                    format!("SQLSTATE {} in {}", error.code, error.routine.as_deref().unwrap_or("an unknown routine"))
                }
                None => error.to_string(),
            };
            text.push_str(": ");
            text.push_str(&words);
            cause = error.source();
        }
        text
    }

    /// The same error in the words of the statement that met it.
    pub(crate) fn explained(self, refusals: &[(&'static str, Refusal)]) -> Self {
        let Self::Conflict { constraint, .. } = &self else { return self };
        match refusals.iter().find(|(name, _)| name == constraint) {
            Some((_, refusal)) => Self::Refused(*refusal),
            None => self,
        }
    }

    /// Whether the table was not there or not the role's own, which happens to code that has a fault, or to a home that
    /// is another tenant's.
    pub(crate) fn is_out_of_place(&self) -> bool {
        matches!(self, Self::Fault(error) if ["42P01", "42501"].contains(&error.code.as_str()))
    }

    /// Whether it is the rows that are refused, and neither the statement nor who sends it.
    pub(crate) fn is_about_rows(&self) -> bool {
        match self {
            Self::Conflict { .. } | Self::Refused(_) | Self::InvalidValue(_) => true,
            Self::Fault(error) => error.code == "23502",
            _ => false,
        }
    }

    /// The same from a statement that fails by a division, where that means that the key is claimed.
    pub(crate) fn of_claim(self) -> Self {
        match self {
            Self::InvalidValue(error) if error.code == "22012" => Self::Claimed,
            other => other,
        }
    }

    /// PostgreSQL refuses a cached plan after its tables changed; preparing anew mends it.
    pub(crate) fn is_stale_plan(&self) -> bool {
        matches!(self, Self::Fault(error) if error.code == "0A000")
    }
}

/// SQLSTATEs that the functions of the schema `platform` raise; see `migrations/platform`.
mod raised {
    pub(super) const SESSION_ENDED: &str = "TN401";
    pub(super) const SECOND_FACTOR_MISSING: &str = "TN403";
    pub(super) const MODULE_DISABLED: &str = "TN404";
    pub(super) const TENANT_INACTIVE: &str = "TN410";
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(refused) => ServerError::from(refused).into(),
            None if error.is_closed()
                || std::error::Error::source(&error).is_some_and(|s| s.is::<std::io::Error>()) =>
            {
                Self::Unavailable(Box::new(error))
            }
            None => Self::Other(Box::new(error)),
        }
    }
}

impl From<WireError> for DbError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Server(error) => error.into(),
            WireError::Greeting(error) => error.into(),
            WireError::Io(error) => Self::Unavailable(Box::new(error)),
            WireError::Misfit(error) => Self::Other(error),
        }
    }
}

impl From<ServerError> for DbError {
    fn from(error: ServerError) -> Self {
        match error.code.as_str() {
            raised::SESSION_ENDED => Self::SessionEnded,
            raised::SECOND_FACTOR_MISSING => Self::SecondFactorMissing,
            raised::MODULE_DISABLED => Self::ModuleDisabled,
            raised::TENANT_INACTIVE => Self::TenantInactive,
            "23505" | "23P01" => Self::conflict(error, Guards::Unique),
            "23503" => Self::conflict(error, Guards::References),
            "23514" => Self::conflict(error, Guards::Values),
            "57014" | "55P03" => Self::Timeout(error),
            "40001" | "40P01" => Self::Unavailable(Box::new(error)),
            code if code.starts_with("22") => Self::InvalidValue(error),
            code if ["08", "53", "57P"].iter().any(|class| code.starts_with(class)) => {
                Self::Unavailable(Box::new(error))
            }
            _ => Self::Fault(error),
        }
    }
}

//! What it means to a client that a tenant could not be made or brought up to date.

use super::problem::ApiError;
use crate::tenancy::ProvisionError;

impl From<ProvisionError> for ApiError {
    fn from(error: ProvisionError) -> Self {
        match error {
            ProvisionError::Db(db) => db.into(),
            ProvisionError::Unknown => Self::not_found(),
            migration @ ProvisionError::Migration { .. } => {
                tracing::error!(
                    error = &migration as &dyn std::error::Error,
                    "a tenant could not be brought up to date"
                );
                Self::internal()
            }
        }
    }
}

//! `/api/v1/activities`

mod life;

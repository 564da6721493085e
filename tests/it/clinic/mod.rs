//! `/api/v1/clinic`

mod patients;

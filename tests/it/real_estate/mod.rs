//! `/api/v1/real-estate`

mod properties;

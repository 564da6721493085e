//! `/api/v1/real-estate/listings`

mod close;
mod crud;
mod expire;
mod history;
mod parties;
mod status;

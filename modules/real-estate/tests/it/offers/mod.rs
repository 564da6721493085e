//! `/api/v1/real-estate/offers`

mod accept;
mod crud;
mod expire;
mod identity;

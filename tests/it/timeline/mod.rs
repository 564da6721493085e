//! `GET /api/v1/…/{id}/timeline`

mod entries;
mod pages;
mod scope;

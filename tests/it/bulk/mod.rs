//! `POST /api/v1/{contacts,companies,tasks,projects}/bulk`

mod contacts;
mod links;

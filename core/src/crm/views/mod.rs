//! Saved views: what a list is asked for again and again, for oneself or for all.
//!
//! A view is a text that a client puts behind the question mark of a list. The list does not know of it, so a page costs one
//! round trip with a view as without.
//!
//! - this file: the view, what a client may send; `source.rs`: what the descriptor says of views;
//! - `api.rs`: the operations; `store.rs`: the SQL; `migrations/tenant/V13__views.sql`: the table.

mod api;
mod source;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use api::ViewsApi;
pub(super) use source::VIEWS;

use crate::http::{ApiError, ApiResult, Change, Versioned, listings, replace};
use crate::identity::UserId;
use crate::value::{Moment, Text};
use crate::{criteria, record_id, row};

record_id! {
    /// The id of a view.
    ViewId
}

/// What a list is asked for.
#[derive(Debug, Clone, Serialize, Object)]
pub struct View {
    /// Its id.
    pub id: ViewId,
    /// Whose it is. Null where an operator made it.
    pub user_id: Option<UserId>,
    /// The list, such as `contacts`.
    pub resource: Text<100>,
    /// What people call it.
    pub name: Text<100>,
    /// Filters, words and an order, to be put behind the question mark of the list: `filter[status]=open&sort=-amount`.
    pub query: String,
    /// Whether everybody sees it.
    pub shared: bool,
    /// When the record was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}

row!(View { id, user_id, resource, name, query, shared, created_at, updated_at, version });

impl Versioned for View {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A view to save. The list must understand its query.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    /// The list, such as `contacts`.
    resource: Text<100>,
    /// What people call it.
    name: Text<100>,
    /// What stands behind the question mark of the list, but for `limit` and `cursor`; at most 2000 characters.
    #[oai(validator(max_length = 2000))]
    query: String,
    /// Whether everybody sees it; only its maker where it is left out.
    #[serde(default)]
    shared: bool,
}

impl NewView {
    fn checked(self) -> ApiResult<Self> {
        check(&self.resource, &self.query)?;
        Ok(self)
    }
}

/// What to change in a view. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct ViewPatch {
    /// What people call it.
    name: Change<Text<100>>,
    /// What stands behind the question mark of the list.
    query: Change<String>,
    /// Whether everybody sees it.
    shared: Change<bool>,
}

impl ViewPatch {
    fn apply(self, view: &mut View) -> ApiResult<()> {
        replace(&mut view.name, self.name);
        replace(&mut view.query, self.query);
        replace(&mut view.shared, self.shared);
        check(&view.resource, &view.query)
    }
}

/// The longest query.
const LONGEST: usize = 2000;

fn check(resource: &Text<100>, query: &str) -> ApiResult<()> {
    let Some(listing) = listings().find(|listing| listing.name == resource.as_str()) else {
        return Err(ApiError::invalid().at("/resource", "there is no such list that takes filters"));
    };
    if query.chars().count() > LONGEST {
        return Err(ApiError::invalid().at("/query", "at most 2000 characters"));
    }
    listing.check(query).map_err(|error| {
        let problem = error.problem();
        let reason = match problem.errors.first() {
            Some(place) => format!("{}: {}", place.pointer, place.detail),
            None => problem.detail,
        };
        ApiError::invalid().at("/query", reason)
    })
}

criteria! {
    /// What views are listed by.
    pub struct ViewFields of View in "views" by "name" {
        /// The list.
        resource: Text<100> => [eq in];
        /// When the record was made.
        created_at: Moment => [gt gte lt lte], sort timestamptz |view| view.created_at;
        /// What people call it.
        name: Text<100> => [], sort folded |view| view.name.to_string();
    }
}

//! Teams: members of an organization who work together. A role whose scope is the team reaches the records of each of them.
//!
//! - this file: the record and what a client may send;
//! - `api.rs`: the operations; `store.rs`: the SQL.
//!
//! Teams stand in the schema `platform`, beside the memberships: whoever leaves the organization leaves its teams in the
//! same statement, by a foreign key. Who is in a team with whom is read with each admission (`admit_with_team`), so a
//! change holds from the next request on.

mod api;
mod store;

use poem_openapi::Object;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub use api::TeamsApi;
pub(super) use store::share_one;

use crate::http::{Change, Versioned};
use crate::tenancy::TenantId;
use crate::value::Text;
use crate::{record_id, row, sorts};

record_id! {
    /// The id of a team.
    TeamId
}

/// A team. `GET /members?team_id=…` lists who is in it.
#[derive(Debug, Serialize, Object)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: Text<100>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    #[oai(skip)]
    #[serde(skip)]
    version: i64,
}
row!(Team { id, name, created_at, updated_at, version });

impl Versioned for Team {
    fn version(&self) -> i64 {
        self.version
    }
}

/// A team to make. Nobody is in it yet.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Its name, which no other team of the organization has.
    name: Text<100>,
}

/// What to change in a team. A field that is left out stays.
#[derive(Debug, Default, Deserialize, Object)]
#[serde(deny_unknown_fields, default)]
pub struct TeamPatch {
    /// Its name, which no other team of the organization has.
    name: Change<Text<100>>,
}

/// A place in a team: which team, and whose place.
#[derive(Clone, Copy)]
struct Seat {
    tenant: TenantId,
    team: TeamId,
    user: Uuid,
}

sorts! {
    /// How teams can be sorted.
    pub enum TeamSort of Team {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |team| team.created_at,
    }
}

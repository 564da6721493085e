//! Who works on a project: members of the organization.
//!
//! - this file: the member, how a list is sorted; `api.rs`: the operations; `store.rs`: the SQL.

mod api;
mod store;

use poem_openapi::Object;
use serde::Serialize;
use time::OffsetDateTime;

pub use api::ProjectMembersApi;

use super::ProjectId;
use crate::identity::UserId;
use crate::{owned_row, record_id, sorts};

record_id! {
    /// The id of somebody's place in a project.
    ProjectMemberId
}

/// Somebody who works on a project.
#[derive(Debug, Serialize, Object)]
pub struct ProjectMember {
    #[oai(skip)]
    #[serde(skip)]
    id: ProjectMemberId,
    /// The person. Who leaves the organization stays until taken out.
    pub user_id: UserId,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

owned_row!(ProjectMember in "project_members" of "project_id" in "projects" { id, user_id, created_at });

sorts! {
    /// How the members of a project can be sorted.
    pub enum ProjectMemberSort of ProjectMember {
        CreatedAt | CreatedAtDesc: "created_at" | "-created_at" = timestamptz created_at => |member| member.created_at,
    }
}

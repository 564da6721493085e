//! The SQL of who works on a project.

use super::{ProjectId, ProjectMember, ProjectMemberId, ProjectMemberSort};
use crate::http::{Page, Paging};
use crate::identity::UserId;
use crate::sql;
use crate::tenancy::{Reach, Statement, owned};

pub(super) fn list(
    reach: Reach,
    project: ProjectId,
    paging: Paging<ProjectMemberSort>,
) -> Statement<Page<ProjectMember>> {
    paging.page(owned(reach).list().filter(sql!("project_id = $1"), Some(project)))
}

/// All of a project, or who would be one too many.
pub(super) fn all(reach: Reach, project: ProjectId, most: i64) -> Statement<Vec<ProjectMember>> {
    owned(reach).list().filter(sql!("project_id = $1"), Some(project)).first(sql!("ORDER BY created_at, id"), most)
}

pub(super) fn find(reach: Reach, project: ProjectId, user: UserId) -> Statement<Option<ProjectMember>> {
    let members =
        owned(reach).list().filter(sql!("project_id = $1"), Some(project)).filter(sql!("user_id = $1"), Some(user));
    members.first(sql!("ORDER BY id"), 1).map(|mut found| found.pop())
}

pub(super) fn insert(reach: Reach, project: ProjectId, user: UserId) -> Statement<ProjectMember> {
    owned(reach)
        .change()
        .set(sql!("id"), ProjectMemberId::new())
        .set(sql!("project_id"), project)
        .set(sql!("user_id"), user)
        .insert()
}

pub(super) fn delete(reach: Reach, id: ProjectMemberId) -> Statement<()> {
    owned::<ProjectMember>(reach).delete(id)
}

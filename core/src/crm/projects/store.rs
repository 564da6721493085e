//! The SQL of projects.

use super::{NewProject, Project, ProjectId, ProjectStatus};
use crate::crm::companies::Company;
use crate::crm::contacts::Contact;
use crate::crm::deals::Deal;
use crate::custom::{Checked, Customized};
use crate::identity::UserId;
use crate::tenancy::{List, Reach, Statement, owned};
use crate::{link, sql};

pub(super) fn list(reach: Reach) -> List<Project> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: ProjectId) -> Statement<Option<Project>> {
    owned(reach).find(id)
}

/// Locks the row until the transaction ends, so that what is checked is what is changed.
pub(super) fn lock(reach: Reach, id: ProjectId) -> Statement<Option<Project>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: ProjectId, new: NewProject, custom: Checked) -> Statement<Project> {
    let NewProject { name, status, starts_on, ends_on, description, contact_id, company_id, deal_id, tags, custom: _ } =
        new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("name"), name)
        .set(sql!("status"), status.unwrap_or(ProjectStatus::Planned))
        .set(sql!("starts_on"), starts_on)
        .set(sql!("ends_on"), ends_on)
        .set(sql!("description"), description)
        .set(sql!("tags"), tags)
        .link::<Contact>(reach, link!("projects", "contact_id"), contact_id)
        .link::<Company>(reach, link!("projects", "company_id"), company_id)
        .link::<Deal>(reach, link!("projects", "deal_id"), deal_id)
        .merge(Customized::Projects.constraint(), custom)
        .insert()
}

pub(super) fn update(reach: Reach, project: Project, custom: Checked) -> Statement<Project> {
    owned(reach)
        .change()
        .set(sql!("name"), project.name)
        .set(sql!("status"), project.status)
        .set(sql!("starts_on"), project.starts_on)
        .set(sql!("ends_on"), project.ends_on)
        .set(sql!("description"), project.description)
        .set(sql!("tags"), project.tags)
        .link::<Contact>(reach, link!("projects", "contact_id"), project.contact_id)
        .link::<Company>(reach, link!("projects", "company_id"), project.company_id)
        .link::<Deal>(reach, link!("projects", "deal_id"), project.deal_id)
        .merge(Customized::Projects.constraint(), custom)
        .update(project.id)
}

/// Gives it to a person, and it may be out of the caller's reach from then on.
pub(super) fn assign(reach: Reach, id: ProjectId, owner: UserId) -> Statement<Project> {
    owned(reach).change().set(sql!("owner_id"), owner).update(id)
}

pub(super) fn delete(reach: Reach, id: ProjectId) -> Statement<()> {
    owned::<Project>(reach).delete(id)
}

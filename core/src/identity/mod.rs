//! Identity: people, their sign-in, their roles, and the organizations that they belong to.

mod auth;
mod invitations;
mod members;
mod modules;
mod organization;
mod password;
mod roles;
mod support;
mod token;
mod users;

pub(crate) use auth::Password;
pub use password::Passwords;
pub use token::{Claims, Home, KeyError, Subject, Tokens};

use crate::module::{ApiPart, Module};
use crate::operator::OperatorApi;

crate::permissions! {
    module "identity";
    /// See the organization.
    read OrganizationRead = "organization.read" from Viewer;
    /// Change the organization's name and short name.
    write OrganizationWrite = "organization.write" from Admin;
    /// Delete the organization.
    write OrganizationDelete = "organization.delete" from Owner;
    /// Give the organization to another member.
    write OrganizationTransfer = "organization.transfer" from Owner;
    /// See the members.
    read MembersRead = "members.read" from Viewer;
    /// Give members other roles, and remove them.
    write MembersWrite = "members.write" from Admin;
    /// See whom the organization has invited.
    read InvitationsRead = "invitations.read" from Admin;
    /// Invite people, and take invitations back.
    write InvitationsWrite = "invitations.write" from Admin;
    /// See the organization's own roles, and what they can allow.
    read RolesRead = "roles.read" from Viewer;
    /// Make, change and delete roles.
    write RolesWrite = "roles.write" from Admin;
    /// See which modules there are and which are enabled.
    read ModulesRead = "modules.read" from Viewer;
    /// Enable and disable modules.
    write ModulesWrite = "modules.write" from Admin;
    /// See which operators entered the organization, and whether they may.
    read SupportRead = "support.read" from Admin;
    /// Let operators in, and end their accesses.
    write SupportWrite = "support.write" from Admin;
}

inventory::submit! {
    Module {
        name: "identity",
        title: "Sign-in and organizations",
        required: true,
        api: ApiPart::of::<(
            auth::AuthApi,
            auth::SessionsApi,
            users::UsersApi,
            organization::OrganizationApi,
            modules::ModulesApi,
            members::MembersApi,
            invitations::InvitationsApi,
            roles::RolesApi,
            roles::AuthzApi,
            support::SupportApi,
            OperatorApi,
        )>(),
        migrations: &[],
        permissions: PERMISSIONS,
    }
}

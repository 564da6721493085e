//! Identity: people, their sign-in, their roles, and the organizations that they belong to.

mod api_keys;
mod attempts;
mod auth;
mod invitations;
pub(crate) mod keys;
mod members;
mod modules;
mod notices;
mod organization;
mod password;
mod proof;
mod roles;
mod second_factor;
mod support;
mod teams;
pub(crate) mod ticket;
mod token;
mod users;

pub(crate) use api_keys::{KeyGuard, PREFIX as API_KEY_PREFIX, is_scope};
pub(crate) use attempts::{Attempt, network};
pub(crate) use auth::Password;
pub(crate) use auth::account::{AccountRequest, sweep};
pub(crate) use auth::sweep as sweep_sessions;
pub(crate) use invitations::invite_owner;
pub use members::UserId;
pub use password::{ChoiceError, Passwords};
pub(crate) use proof::{Account, prove};
pub use token::{Bearer, Claims, Home, KeyError, Subject, Tokens};
pub(crate) use users::is_fresh;

use crate::events::EventSource;
use crate::module::{ApiPart, Module};
use crate::operator::OperatorApi;
use crate::permission::Permission as _;

crate::permissions! {
    module "identity";
    /// See the organization.
    read OrganizationRead = "organization.read" from Viewer;
    /// Change the organization's name and short name.
    write OrganizationWrite = "organization.write" from Admin;
    /// Delete the organization.
    write OrganizationDelete = "organization.delete" from Owner;
    /// See which API keys there are.
    read ApiKeysRead = "api-keys.read" from Admin;
    /// Make and revoke API keys.
    write ApiKeysWrite = "api-keys.write" from Admin;
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
    /// See the teams, and who is in them.
    read TeamsRead = "teams.read" from Viewer;
    /// Make, change and delete teams, and say who is in them.
    write TeamsWrite = "teams.write" from Admin for all;
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
            (auth::AuthApi, auth::account::AccountApi, auth::account::RegistrationApi),
            auth::SessionsApi,
            api_keys::ApiKeysApi,
            (users::UsersApi, users::SecretsApi, second_factor::SecondFactorApi),
            organization::OrganizationApi,
            modules::ModulesApi,
            members::MembersApi,
            invitations::InvitationsApi,
            (roles::RolesApi, roles::AuthzApi),
            teams::TeamsApi,
            support::SupportApi,
            OperatorApi,
        )>(),
        migrations: &[],
        permissions: PERMISSIONS,
        notices: notices::NOTICES,
        events: &[
            EventSource { name: "organization", resource: "organization", read: &OrganizationRead::INFO, undo: None },
            EventSource { name: "member", resource: "members", read: &MembersRead::INFO, undo: None },
            EventSource { name: "invitation", resource: "invitations", read: &InvitationsRead::INFO, undo: None },
            EventSource { name: "role", resource: "roles", read: &RolesRead::INFO, undo: None },
            EventSource { name: "team", resource: "teams", read: &TeamsRead::INFO, undo: None },
            EventSource { name: "team-member", resource: "team-members", read: &TeamsRead::INFO, undo: None },
            EventSource { name: "api-key", resource: "api-keys", read: &ApiKeysRead::INFO, undo: None },
            EventSource { name: "module", resource: "modules", read: &ModulesRead::INFO, undo: None },
            EventSource { name: "support-access", resource: "support-accesses", read: &SupportRead::INFO, undo: None },
        ],
        jobs: &[],
    }
}

//! Identity: people, their sign-in, their roles, and the organizations that they belong to.

mod auth;
mod modules;
mod organization;
mod password;
mod second_factor;
mod support;
mod token;
mod users;

pub(crate) use auth::Password;
pub(crate) use auth::account::{AccountRequest, sweep};
pub use password::Passwords;
pub use token::{Claims, Home, KeyError, Subject, Tokens};

use crate::module::{ApiPart, Module};
use crate::operator::OperatorApi;

crate::permissions! {
    module "identity";
    /// See the organization.
    read OrganizationRead = "organization.read" from Viewer;
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
            (users::UsersApi, users::SecretsApi, second_factor::SecondFactorApi),
            organization::OrganizationApi,
            modules::ModulesApi,
            support::SupportApi,
            OperatorApi,
        )>(),
        migrations: &[],
        permissions: PERMISSIONS,
    }
}

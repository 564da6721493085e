//! Operators: who runs the platform. They sign in apart from people, and see organizations but none of their records.
//!
//! - `accounts.rs`: the accounts, made on the command line;
//! - `token.rs`: what an operator's every request carries;
//! - `auth/`: signing in and out;
//! - `tenants/`: all organizations, from outside;
//! - `support/`: entering an organization that allows it, for a while;
//! - `audit.rs`: what is noted of each change.
//!
//! Who is an operator is said by [`http::Operator`](crate::http::Operator), which no member's token makes.

pub(crate) mod accounts;
pub(crate) mod audit;
mod auth;
pub(crate) mod support;
pub(crate) mod tenants;
mod token;

pub(crate) use token::OperatorTokens;

/// All operations for operators.
pub(crate) type OperatorApi =
    (auth::OperatorAuthApi, tenants::OperatorTenantsApi, tenants::OperatorLifeApi, support::OperatorSupportApi);

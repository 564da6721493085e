//! `Idempotency-Key`: a change that is made once, however often it is sent. Handlers know nothing of it.
//!
//! With the header, what a caller changes is not committed when its work is done but stays open until the answer stands.
//! Then the endpoint around the handler writes the answer down in the same transaction, sealed, and commits both
//! ([`Idempotent`]). So there is no change without its record and no record without its change, whenever a process dies.
//!
//! - The transaction's first message also claims the key ([`crate::tenancy::claim`]). Where that fails, the handler ends
//!   with an error and the endpoint answers with what was written down: replayed, 409 or 422.
//! - The record stands where the change does: in the tenant's schema, or in `platform`. Its id is a hash of tenant,
//!   caller, method, path and key, so one's key says nothing to anybody else.
//! - A replay is for whoever got the answer before: the same person or key, who must still be let in and have the permission.
//!   It changes nothing and tells nothing new, so it is asked neither for today's record scope nor for a fresh sign-in.
//! - An error is not written down, and what was to be kept of it (a wrong try that counts) is committed as ever: the
//!   request may be sent again and runs anew.
//! - A request without the header takes none of these ways and pays nothing.

mod answer;
mod endpoint;
mod keyed;
mod problem;

pub(crate) use endpoint::Idempotent;
pub(super) use keyed::{Guard, Once, Who};
pub(super) use problem::in_flight;

/// The header.
pub(crate) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// The header of an answer that was given before.
pub(crate) const IDEMPOTENT_REPLAYED: &str = "Idempotent-Replayed";

/// Operations of somebody who is signed in that take no key. Three make tenants, which commit by themselves and have
/// names that cannot be taken twice; three are about what is sent to the outside, which is done before it can be noted; one
/// and the preview of a merge change nothing; the others answer with a secret, which is shown once and kept nowhere.
const WITHOUT: [&str; 17] = [
    "organizations_create",
    "operator_tenants_create",
    "operator_tenants_create_bulk",
    "organizations_select",
    "operator_support_begin",
    "api_keys_create",
    "live_tickets_create",
    "merges_preview",
    "rules_try",
    "second_factor_create",
    "second_factor_confirm",
    "second_factor_recovery_codes",
    "webhooks_create",
    "webhooks_secret_rotate",
    "webhooks_deliveries_redeliver",
    "webhooks_skip",
    "webhooks_test",
];

/// Whether an operation takes a key: every one that changes something for somebody who is signed in. Those that ask for
/// no sign-in do not, for a key is its caller's own; most of them answer with tokens, too. Those that take a file do not, for it
/// may be sent again.
pub(crate) fn takes_key(method: &http::Method, operation: &str, is_anonymous: bool, has_file: bool) -> bool {
    !method.is_safe() && !is_anonymous && !has_file && !WITHOUT.contains(&operation)
}

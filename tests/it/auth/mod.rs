//! `/api/v1/auth`, and what an access token is good for.

mod by_mail;
mod forgot_password;
mod keys;
mod letter_limits;
mod limits;
mod login;
mod passwords;
mod refresh;
mod register;
mod register_slugs;
mod rotation;
mod sessions;
mod storm;
mod tokens;
mod verify_email;

use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery staple";

/// The body of a registration.
fn registration(email: &str, name: &str, slug: Option<&str>) -> Value {
    let organization = match slug {
        Some(slug) => json!({ "name": name, "slug": slug }),
        None => json!({ "name": name }),
    };
    json!({ "email": email, "password": PASSWORD, "name": "Ada Lovelace", "organization": organization })
}

//! Tokens that letters would bring, put where the operations look for them.

use serde_json::json;
use uuid::Uuid;

use super::call::Call;
use super::document::Operation;
use super::sample::PASSWORD;
use super::world::{Tenant, World};

/// Operations that take a one-time token, and what such a token is good for.
const PURPOSES: [(&str, &str); 3] = [
    ("auth_verify_email", "verify_email"),
    ("auth_reset_password", "reset_password"),
    ("auth_confirm_email", "change_email"),
];

/// Operations that change who somebody is, and so what the next request needs.
const CHANGES: [&str; 4] = ["auth_reset_password", "auth_confirm_email", "users_me_password", "users_me_update"];

impl World {
    /// Gives the call a token that works, where it takes one.
    pub async fn set_token(&self, tenant: &Tenant, call: &mut Call) {
        let token = format!("tnv_{}", Uuid::new_v4().simple());
        if let Some((_, purpose)) = PURPOSES.iter().find(|(operation, _)| *operation == call.operation) {
            let sql = "INSERT INTO platform.one_time_tokens (user_id, purpose, hash, email, expires_at)
                SELECT id, $2, sha256($3::text::bytea), email, now() + interval '1 hour' FROM platform.users
                WHERE email = $1 ON CONFLICT (user_id, purpose) DO UPDATE SET hash = excluded.hash,
                email = excluded.email";
            self.superuser.execute(sql, &[&tenant.email, purpose, &token]).await.expect("a token");
        } else if call.operation == "auth_confirm_registration" {
            let sql = "INSERT INTO platform.registrations (email, name, password_hash, hash, expires_at)
                SELECT $2 || '@example.com', 'Ada', password_hash, sha256($2::text::bytea), now() + interval '1 hour'
                FROM platform.users WHERE email = $1";
            self.superuser.execute(sql, &[&tenant.email, &token]).await.expect("a registration");
            call.body = Some(json!({ "token": token, "password": PASSWORD }));
        } else if call.operation == "organization_update" {
            // Nobody here has a second factor for long.
            call.body.as_mut().expect("a body")["require_second_factor"] = json!(false);
            return;
        } else if call.operation == "second_factor_confirm" {
            call.body = Some(json!({ "code": "000000" }));
            return;
        } else if call.operation == "users_me_email" {
            // It is taken, so no letter follows whose token would take the place of one that was made here.
            call.body = Some(json!({ "email": tenant.email, "password": PASSWORD }));
            return;
        } else if call.operation == "users_me_password" {
            call.body = Some(json!({ "current_password": PASSWORD, "new_password": PASSWORD }));
            return;
        } else {
            return;
        }
        if let Some(body) = &mut call.body {
            body["token"] = json!(token);
        }
    }

    /// Makes everybody again who they were.
    pub async fn undo(&self, call: &Call) {
        self.without_second_factor(call).await;
        if CHANGES.contains(&call.operation.as_str()) {
            let sql = "UPDATE platform.users SET version = 1, password_hash = $1 WHERE deleted_at IS NULL";
            self.superuser.execute(sql, &[&self.password_hash]).await.expect("people as they were");
        }
    }

    /// What an owner's request is answered with: success, but that the last owner of an organization cannot go.
    pub fn success(&self, operation: &Operation) -> u16 {
        if operation.id == "users_me_delete" { 409 } else { operation.success }
    }
}

//! Second factors of everybody, for the time of the one request that needs one.

use serde_json::json;
use totp_rs::Builder;
use uuid::Uuid;

use super::call::Call;
use super::world::World;

/// Operations that need a second factor, and whether it must be confirmed.
const NEEDS: [(&str, bool); 3] =
    [("second_factor_confirm", false), ("second_factor_recovery_codes", true), ("second_factor_delete", true)];

const SEED: [u8; 20] = *b"12345678901234567890";

impl World {
    /// Gives everybody a second factor where the call needs one, and the call the code of this minute.
    pub async fn with_second_factor(&self, call: &Call) -> Call {
        let mut call = call.clone();
        if call.operation == "users_me_delete" {
            // What somebody has founded on the way has another owner by now.
            let sql = "INSERT INTO platform.memberships (user_id, tenant_id, role)
                SELECT heir.id, m.tenant_id, 'owner' FROM platform.memberships m
                JOIN platform.users u ON u.id = m.user_id, platform.users heir
                WHERE m.role = 'owner' AND u.email NOT LIKE 'owner-%' AND heir.email = $1 ON CONFLICT DO NOTHING";
            self.superuser.execute(sql, &[&self.a.email]).await.expect("people who may go");
        }
        let Some((_, confirmed)) = NEEDS.iter().find(|(operation, _)| *operation == call.operation) else {
            return call;
        };
        let seal = self.platform.database().secret().seal("second factors").expect("a seal");
        let people = self.superuser.query("SELECT id FROM platform.users", &[]).await.expect("people");
        let people: Vec<Uuid> = people.iter().map(|row| row.get(0)).collect();
        let seeds: Vec<Vec<u8>> =
            people.iter().map(|person| seal.close(person.as_bytes(), &SEED).expect("a seed")).collect();
        let sql = "INSERT INTO platform.second_factors (user_id, seed, confirmed_at)
            SELECT p.id, p.seed, CASE WHEN $3 THEN now() END FROM unnest($1::uuid[], $2::bytea[]) AS p (id, seed)
            ON CONFLICT (user_id) DO UPDATE SET seed = excluded.seed, confirmed_at = excluded.confirmed_at";
        self.superuser.execute(sql, &[&people, &seeds, confirmed]).await.expect("second factors");
        if let Some(body) = &mut call.body
            && body["code"] == "000000"
        {
            let totp = Builder::new().with_secret(SEED).with_account_name("x").build().expect("a seed");
            body["code"] = json!(totp.generate_current().to_string());
        }
        call
    }

    /// Takes them away again, so that signing in asks for nothing.
    pub async fn without_second_factor(&self, call: &Call) {
        if call.operation.starts_with("second_factor_") {
            self.superuser.execute("DELETE FROM platform.second_factors", &[]).await.expect("no second factors");
        }
    }
}

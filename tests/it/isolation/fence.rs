//! Two tenants' homes swapped, as a bug in the registry or a restore into the wrong place would do it.

use serde_json::json;
use tenantry_core::testing::{Reply, TestOrganization, TestPlatform};
use tokio_postgres::Client;

use super::prover::assert_no_insides;

struct Swapped {
    platform: TestPlatform,
    superuser: Client,
    organizations: [TestOrganization; 2],
    /// The path of a contact in each, made before they were swapped.
    contacts: [String; 2],
}

const CANARIES: [&str; 2] = ["canary-of-alpha", "canary-of-beta"];

impl Swapped {
    /// Swaps what `rename` renames: `SCHEMA`, or `ROLE` too. The pool is warm, with statements prepared for both.
    async fn new(kinds: &[&str]) -> Self {
        let platform = crate::platform().await;
        let organizations = [platform.organization("Alpha").await, platform.organization("Beta").await];
        let mut contacts = [String::new(), String::new()];
        for ((organization, canary), contact) in organizations.iter().zip(CANARIES).zip(&mut contacts) {
            let owner = organization.owner();
            *contact =
                owner.post("/contacts", json!({ "last_name": canary })).await.expect(201).header("location").to_owned();
            owner.get(contact).await.expect(200);
            owner.get("/contacts").await.expect(200);
        }
        let superuser = platform.database().superuser().await;
        let [a, b] = &organizations;
        let (a, b) = (a.tenant().schema(), b.tenant().schema());
        for kind in kinds {
            // Roles are shared by all databases of the server, so the name in between must be nobody else's.
            let swap = format!(
                "ALTER {kind} {a} RENAME TO {a}x; ALTER {kind} {b} RENAME TO {a}; ALTER {kind} {a}x RENAME TO {b}"
            );
            superuser.batch_execute(&swap).await.expect("swapped homes");
        }
        Self { platform, superuser, organizations, contacts }
    }

    /// Every kind of request of both owners, to their own records and to those that now lie in their home.
    async fn try_everything(&self) -> usize {
        let mut tries = 0;
        for owner in self.organizations.iter().map(TestOrganization::owner) {
            refused(owner.get("/contacts").await);
            refused(owner.get("/contacts?q=canary").await);
            refused(owner.post("/contacts", json!({ "last_name": "intruder" })).await);
            for contact in &self.contacts {
                refused(owner.get(contact).await);
                refused(owner.patch(contact, "\"1\"", json!({ "notes": "intruder" })).await);
                refused(owner.delete(contact).await);
            }
            tries += 9;
        }
        tries
    }

    async fn rows(&self) -> Vec<String> {
        let mut rows = Vec::new();
        for organization in &self.organizations {
            let sql = format!("SELECT to_jsonb(c)::text FROM {}.contacts c", organization.tenant().schema());
            rows.extend(self.superuser.query(&sql, &[]).await.expect("rows").iter().map(|row| row.get::<_, String>(0)));
        }
        rows.sort();
        rows
    }

    async fn breaches(&self) -> f64 {
        let metrics = self.platform.anonymous().get("/metrics").await.expect(200).text;
        let line = metrics.lines().find_map(|line| line.strip_prefix("tenantry_isolation_breaches_total "));
        line.map_or(0.0, |count| count.parse().expect("a number"))
    }
}

#[track_caller]
fn refused(reply: Reply) {
    let reply = reply.expect(500);
    assert_eq!(reply.code(), "internal");
    assert!(!CANARIES.iter().any(|canary| reply.text.contains(canary)), "{}", reply.text);
    assert_no_insides(&reply.text, "a breach");
}

/// With the schemas swapped the role has no right to what its path names: nothing is shown or changed, and somebody is
/// told.
#[tokio::test]
async fn swapped_schemas_show_nothing() {
    let swapped = Swapped::new(&["SCHEMA"]).await;
    let (rows, breaches) = (swapped.rows().await, swapped.breaches().await);
    swapped.try_everything().await;
    assert_eq!(swapped.rows().await, rows);
    // The alarm rings while the connection is on its way back, so the last ones may still be.
    assert!(swapped.breaches().await > breaches);
}

/// With the roles swapped too all rights fit, and only the fence can tell: nothing is shown or changed, and each try
/// is an alarm.
#[tokio::test]
async fn swapped_schemas_and_roles_show_nothing() {
    let swapped = Swapped::new(&["SCHEMA", "ROLE"]).await;
    let (rows, breaches) = (swapped.rows().await, swapped.breaches().await);
    let tries = swapped.try_everything().await;
    assert_eq!(swapped.rows().await, rows);
    assert!(swapped.breaches().await >= breaches + tries as f64);
}

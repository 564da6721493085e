//! `/api/v1/operator/tenants/{id}/support-access` and `/api/v1/organization/support-…`

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient, TestOperator, TestOrganization, TestPlatform};
use uuid::Uuid;

use crate::platform;
use crate::support::count;

/// An organization, an operator who may or may not enter it, and a contact that one could read.
struct Scene {
    platform: TestPlatform,
    operator: TestOperator,
    acme: TestOrganization,
    contact: String,
}

impl Scene {
    async fn new(consent: &str) -> Self {
        let platform = platform().await;
        let (operator, acme) = (platform.operator().await, platform.organization("Acme").await);
        let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
        let contact = contact.header("location").to_owned();
        let scene = Self { platform, operator, acme, contact };
        if consent != "off" {
            scene.consent(consent).await.expect(200);
        }
        scene
    }

    async fn consent(&self, level: &str) -> Reply {
        self.acme.owner().put_json("/organization/support-consent", json!({ "level": level })).await
    }

    async fn ask(&self, body: Value) -> Reply {
        let path = format!("/operator/tenants/{}/support-access", self.acme.tenant());
        self.operator.client().post(&path, body).await
    }

    /// A client with the token of an access, and the access.
    async fn enter(&self, level: &str) -> (TestClient, Value) {
        let begun = self.ask(json!({ "reason": "a question", "minutes": 30, "level": level })).await.expect(201);
        assert_eq!(begun.body["expires_in"], 1800);
        (self.platform.client(begun.body["access_token"].as_str().unwrap()), begun.body["access"].clone())
    }
}

/// Nobody enters without consent; with it one reads as a viewer does, or works as a member does, and no more.
#[tokio::test]
async fn consent_decides_what_an_operator_may_do() {
    let scene = Scene::new("off").await;
    let shown = scene.acme.owner().get("/organization/support-consent").await.expect(200);
    assert_eq!(shown.body["level"], "off");
    let ask = |level: &str| scene.ask(json!({ "reason": "a question", "minutes": 5, "level": level }));
    ask("read").await.problem(409, "no_support_consent");
    ask("write").await.problem(409, "no_support_consent");

    scene.consent("read").await.expect(200);
    ask("write").await.problem(409, "no_support_consent");
    let (reader, _) = scene.enter("read").await;
    reader.get(&scene.contact).await.expect(200);
    reader.post("/contacts", json!({ "last_name": "X" })).await.problem(403, "forbidden");
    reader.get("/users/me").await.expect(401);
    reader.get("/organization/support-accesses").await.problem(403, "forbidden");
    reader.get("/operator/tenants").await.problem(401, "unauthenticated");

    scene.consent("write").await.expect(200);
    let (writer, _) = scene.enter("write").await;
    writer.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    writer.put("/modules/clinic").await.problem(403, "forbidden");
    writer.put_json("/organization/support-consent", json!({ "level": "write" })).await.problem(403, "forbidden");
}

/// It is for one organization: with its token one is nobody's guest elsewhere.
#[tokio::test]
async fn an_access_is_to_one_organization() {
    let scene = Scene::new("write").await;
    let other = scene.platform.organization("Other").await;
    let theirs = other.owner().post("/contacts", json!({ "last_name": "Other" })).await.expect(201);
    let (guest, access) = scene.enter("write").await;
    guest.get(theirs.header("location")).await.problem(404, "not_found");
    assert_eq!(guest.get("/contacts").await.expect(200).items().len(), 1);
    let foreign = format!("/organization/support-accesses/{}", access["id"].as_str().unwrap());
    other.owner().delete(&foreign).await.problem(404, "not_found");
    guest.get(&scene.contact).await.expect(200);
    assert_eq!(other.owner().get("/organization/support-accesses").await.expect(200).items().len(), 0);
}

/// Owners and admins decide and see; others do not.
#[tokio::test]
async fn owners_and_admins_decide() {
    let scene = Scene::new("read").await;
    scene.enter("read").await;
    let (admin, member) = (scene.acme.admin().await, scene.acme.member().await);
    let list = admin.get("/organization/support-accesses").await.expect(200);
    let access = &list.items()[0];
    assert_eq!((&access["reason"], &access["level"]), (&json!("a question"), &json!("read")));
    assert_eq!(access["operator_email"], scene.operator.email());
    assert_eq!((&access["operator_name"], &access["ended_by"]), (&json!("Olga"), &Value::Null));
    admin.put_json("/organization/support-consent", json!({ "level": "write" })).await.expect(200);
    member.get("/organization/support-accesses").await.problem(403, "forbidden");
    member.get("/organization/support-consent").await.problem(403, "forbidden");
    member.put_json("/organization/support-consent", json!({ "level": "off" })).await.problem(403, "forbidden");
    let wrong = admin.put_json("/organization/support-consent", json!({ "level": "admin" })).await;
    assert_eq!(wrong.problem(422, "invalid").pointers(), ["/level"]);
}

/// Whatever ends an access ends it with the next request: the organization, its consent, the operator, the time.
#[tokio::test]
async fn what_ends_an_access_ends_it_at_once() {
    let scene = Scene::new("write").await;
    let owner = scene.acme.owner();
    let over = async |guest: &TestClient| guest.get(&scene.contact).await.problem(401, "unauthenticated");
    let path = |access: &Value| format!("/organization/support-accesses/{}", access["id"].as_str().unwrap());

    let (guest, access) = scene.enter("write").await;
    guest.get(&scene.contact).await.expect(200);
    owner.delete(&path(&access)).await.expect(204);
    over(&guest).await;
    owner.delete(&path(&access)).await.expect(204);

    let (guest, access) = scene.enter("read").await;
    let own = format!("/operator/tenants/{}/support-access/{}", scene.acme.tenant(), access["id"].as_str().unwrap());
    let other = scene.platform.operator().await;
    other.client().delete(&own).await.problem(404, "not_found");
    guest.get(&scene.contact).await.expect(200);
    scene.operator.client().delete(&own).await.expect(204);
    over(&guest).await;

    let ((reader, _), (writer, _)) = (scene.enter("read").await, scene.enter("write").await);
    scene.consent("read").await.expect(200);
    over(&writer).await;
    reader.get(&scene.contact).await.expect(200);
    scene.consent("off").await.expect(200);
    over(&reader).await;

    scene.consent("read").await.expect(200);
    let (guest, _) = scene.enter("read").await;
    let database = scene.platform.database().superuser().await;
    let later = "UPDATE platform.sessions SET expires_at = now() WHERE kind = 'support'";
    database.execute(later, &[]).await.unwrap();
    over(&guest).await;

    let list = owner.get("/organization/support-accesses?sort=created_at").await.expect(200);
    let ends: Vec<&str> = list.items().iter().map(|access| access["ended_by"].as_str().unwrap_or("-")).collect();
    assert_eq!(ends, ["organization", "operator", "organization", "organization", "-"]);
}

/// An operator who signs out leaves nothing open, also what is begun at that moment; the organization sees who ended it.
#[tokio::test]
async fn signing_out_ends_what_was_begun() {
    let scene = Scene::new("write").await;
    let database = scene.platform.database().superuser().await;
    let (one, other) = (scene.enter("read").await, scene.enter("write").await);
    let colleague = scene.platform.operator().await;
    let path = format!("/operator/tenants/{}/support-access", scene.acme.tenant());
    let theirs = colleague.client().post(&path, json!({ "reason": "a question", "minutes": 5 })).await.expect(201);
    let theirs = scene.platform.client(theirs.body["access_token"].as_str().unwrap());
    let begin = || scene.ask(json!({ "reason": "a question", "minutes": 5 }));
    let (a, b, out, c) =
        tokio::join!(begin(), begin(), scene.operator.client().post("/operator/auth/logout", json!(null)), begin());
    out.expect(204);
    assert!([&a, &b, &c].iter().all(|reply| [201, 401].contains(&reply.status.as_u16())));
    for (guest, _) in [&one, &other] {
        let over = guest.get(&scene.contact).await.problem(401, "unauthenticated");
        assert!(over.body["detail"].as_str().unwrap().starts_with("This support access has ended"), "{}", over.text);
    }
    theirs.get(&scene.contact).await.expect(200);
    let live = "SELECT count(*) FROM platform.sessions WHERE kind = 'support' AND ended_at IS NULL";
    assert_eq!(count(&database, live).await, 1);
    let list = scene.acme.owner().get("/organization/support-accesses").await.expect(200);
    assert_eq!(list.column("ended_by").iter().filter(|end| **end != "operator").count(), 1, "{}", list.text);
    let noted = "SELECT count(*) - (SELECT count(*) FROM platform.support_accesses WHERE ended_by = 'operator')
        FROM platform.audit_entries WHERE action = 'support.ended' AND operator_id IS NOT NULL AND tenant IS NOT NULL";
    assert_eq!(count(&database, noted).await, 0);
}

/// Nobody lets operators see or do what they may not themselves.
#[tokio::test]
async fn consent_is_never_more_than_its_givers_rights() {
    let scene = Scene::new("off").await;
    let clerk = scene.acme.with_permissions(&["support.write", "support.read", "contacts.read"]).await;
    let consent = |level: &str| clerk.put_json("/organization/support-consent", json!({ "level": level }));
    for level in ["read", "write"] {
        let refused = consent(level).await.problem(403, "role_above_own");
        assert_eq!(refused.pointers(), ["/level"]);
    }
    scene.acme.admin().await.put_json("/organization/support-consent", json!({ "level": "write" })).await.expect(200);
    let (guest, _) = scene.enter("write").await;
    consent("off").await.expect(200);
    guest.get(&scene.contact).await.problem(401, "unauthenticated");
}

/// A suspended organization is closed to its guest too, and is not entered anew.
#[tokio::test]
async fn a_suspended_organization_has_no_guests() {
    let scene = Scene::new("read").await;
    let (guest, _) = scene.enter("read").await;
    let suspension = format!("/operator/tenants/{}/suspension", scene.acme.tenant());
    scene.operator.client().put_json(&suspension, json!({ "reason": "unpaid" })).await.expect(200);
    guest.get(&scene.contact).await.problem(403, "organization_inactive");
    scene.ask(json!({ "reason": "a question", "minutes": 5 })).await.problem(409, "tenant_status");
}

/// A reason, at most an hour, and an organization that there is.
#[tokio::test]
async fn a_request_for_access_is_checked() {
    let scene = Scene::new("read").await;
    for (body, pointer) in [
        (json!({ "minutes": 5 }), "/reason"),
        (json!({ "reason": " ", "minutes": 5 }), "/reason"),
        (json!({ "reason": "a question" }), "/minutes"),
        (json!({ "reason": "a question", "minutes": 0 }), "/minutes"),
        (json!({ "reason": "a question", "minutes": 61 }), "/minutes"),
        (json!({ "reason": "a question", "minutes": -1 }), "/minutes"),
        (json!({ "reason": "a question", "minutes": 5, "level": "admin" }), "/level"),
        (json!({ "reason": "a question", "minutes": 5, "role": "owner" }), "/role"),
    ] {
        assert_eq!(scene.ask(body).await.problem(422, "invalid").pointers(), [pointer]);
    }
    let nowhere = format!("/operator/tenants/{}/support-access", Uuid::new_v4());
    let body = json!({ "reason": "a question", "minutes": 5 });
    scene.operator.client().post(&nowhere, body).await.problem(404, "not_found");
    let database = scene.platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.support_accesses").await, 0);
    assert_eq!(count(&database, "SELECT count(*) FROM platform.sessions WHERE kind = 'support'").await, 0);
}

/// While consent is withdrawn again and again, no access that was begun beside it outlives the withdrawal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_access_slips_past_a_withdrawal() {
    let scene = Scene::new("read").await;
    let database = scene.platform.database().superuser().await;
    let live = "SELECT count(*) FROM platform.sessions WHERE kind = 'support' AND ended_at IS NULL";
    let mut begun = 0;
    for _ in 0..15 {
        scene.consent("read").await.expect(200);
        let ask = || scene.ask(json!({ "reason": "a question", "minutes": 5 }));
        let (a, b, off, c, d) = tokio::join!(ask(), ask(), scene.consent("off"), ask(), ask());
        off.expect(200);
        begun += [a, b, c, d].iter().filter(|reply| reply.status == 201).count();
        assert_eq!(count(&database, live).await, 0);
    }
    println!("{begun} accesses were begun beside 15 withdrawals");
}

/// Both sides are written down: who asked and why, who consented, who ended it.
#[tokio::test]
async fn both_identities_are_written_down() {
    let scene = Scene::new("read").await;
    let (_, access) = scene.enter("read").await;
    let path = format!("/organization/support-accesses/{}", access["id"].as_str().unwrap());
    scene.acme.owner().delete(&path).await.expect(204);
    let sql = "SELECT a.action, a.reason, o.email, u.email, a.tenant FROM platform.audit_entries a
         LEFT JOIN platform.operators o ON o.id = a.operator_id LEFT JOIN platform.users u ON u.id = a.user_id
         WHERE a.tenant IS NOT NULL ORDER BY a.at, a.id";
    let database = scene.platform.database().superuser().await;
    let lines = database.query(sql, &[]).await.unwrap();
    let owner = scene.acme.owner().get("/users/me").await.expect(200).body["email"].as_str().map(str::to_owned);
    let operator = Some(scene.operator.email().to_owned());
    let expected = [
        ("support.consented", None, None, owner.clone()),
        ("support.begun", Some("a question".to_owned()), operator, None),
        ("support.ended", None, None, owner),
    ];
    assert_eq!(lines.len(), expected.len());
    for (line, (action, reason, operator, user)) in lines.iter().zip(expected) {
        assert_eq!(line.get::<_, String>(0), action);
        let found: [Option<String>; 3] = [line.get(1), line.get(2), line.get(3)];
        assert_eq!(found, [reason, operator, user], "{action}");
        assert_eq!(line.get::<_, Uuid>(4), scene.acme.tenant().as_uuid());
    }
}

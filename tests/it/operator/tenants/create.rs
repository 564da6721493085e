//! `POST /api/v1/operator/tenants` and `GET /api/v1/operator/tenants/{id}`

use futures_util::future::join_all;
use serde_json::json;
use uuid::Uuid;

use crate::platform;
use crate::support::count;

/// A tenant is whole when it is answered: registry, schema, role, modules.
#[tokio::test]
async fn a_tenant_is_made() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let body = json!({ "name": "Hill Clinic", "modules": ["clinic"] });
    let made = operator.client().post("/operator/tenants", body).await.expect(201);
    assert_eq!(made.body["slug"], "hill-clinic");
    assert_eq!(made.body["status"], "active");
    assert_eq!(made.body["suspended_at"], json!(null));
    let shown = operator.client().get(&format!("/operator/tenants/{}", made.id())).await.expect(200);
    assert_eq!(shown.body, made.body);
    assert_eq!((made.header("etag"), shown.header("etag")), ("\"1\"", "\"1\""));
    assert_eq!(made.header("location"), format!("/api/v1/operator/tenants/{}", made.id()));
    let usage = operator.client().get(&format!("/operator/tenants/{}/usage", made.id())).await.expect(200);
    assert_eq!(usage.body["modules"], json!(["calendar", "clinic", "crm", "events", "identity", "notifications"]));
    let schema = format!("t_{}", made.id().replace('-', ""));
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, &format!("SELECT count(*) FROM {schema}.patients")).await, 0);
}

/// The first owner of a tenant is invited by mail, and is its owner once the letter is answered.
#[tokio::test]
async fn a_first_owner_is_invited() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let body = json!({ "name": "Hill Clinic", "owner_email": "Ada@Example.com" });
    operator.client().post("/operator/tenants", body.clone()).await.expect(201);
    let letter = platform.letters_to("ada@example.com").await.pop().expect("a letter");
    assert_eq!(letter.subject, "You are invited to Hill Clinic");
    let accept = json!({ "token": letter.token().unwrap(), "name": "Ada", "password": "correct horse battery staple" });
    let joined = platform.anonymous().post("/invitations/accept", accept).await.expect(201);
    assert_eq!(joined.body["organization"]["role"], "owner");
    let ada = platform.client(joined.body["access_token"].as_str().unwrap());
    ada.post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    assert_eq!(ada.get("/invitations").await.expect(200).column("status"), ["accepted"]);

    operator.client().post("/operator/tenants", body).await.problem(409, "slug_taken");
    assert_eq!(platform.letters_to("ada@example.com").await.len(), 1);
    let wrong = json!({ "name": "Other", "owner_email": "ada" });
    let refused = operator.client().post("/operator/tenants", wrong).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["/owner_email"]);
}

/// The same sent again, to as many as a hundred, invites anew where nobody has joined, also another address.
#[tokio::test]
async fn a_first_owner_is_invited_again() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let made = async |email: &str| {
        let body = json!({ "items": [{ "name": "Hill Clinic", "owner_email": email }] });
        let made = operator.client().post("/operator/tenants/bulk", body).await.expect(200);
        (made.body["items"][0]["outcome"].clone(), platform.letters_to(email).await.pop())
    };
    let accept = async |letter: Option<tenantry_core::mail::Letter>| {
        let token = letter.expect("a letter").token().expect("a token").to_owned();
        let body = json!({ "token": token, "name": "Ada", "password": "correct horse battery staple" });
        platform.anonymous().post("/invitations/accept", body).await
    };
    let (outcome, wrong) = made("wrong@example.com").await;
    assert_eq!(outcome, "created");
    let (outcome, first) = made("ada@example.com").await;
    assert_eq!(outcome, "exists");
    let (_, second) = made("ada@example.com").await;
    accept(wrong).await.problem(422, "token_invalid");
    accept(first).await.problem(422, "token_invalid");
    accept(second).await.expect(201);
    assert!(made("eve@example.com").await.1.is_none());
}

/// What cannot be made is pointed at, and nothing is left of it.
#[tokio::test]
async fn what_cannot_be_made_is_pointed_at() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let many: Vec<&str> = vec!["clinic"; 51];
    for (body, pointer) in [
        (json!({ "name": "" }), "/name"),
        (json!({}), "/name"),
        (json!({ "name": "株式会社" }), "/slug"),
        (json!({ "name": "Acme", "slug": "admin" }), "/slug"),
        (json!({ "name": "Acme", "modules": ["clinic", "zebra"] }), "/modules/1"),
        (json!({ "name": "Acme", "modules": many }), "/modules"),
        (json!({ "name": "Acme", "status": "active" }), "/status"),
        (json!({ "name": "Acme", "id": Uuid::new_v4() }), "/id"),
    ] {
        let refused = client.post("/operator/tenants", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    client.get(&format!("/operator/tenants/{}", Uuid::new_v4())).await.problem(404, "not_found");
    client.get("/operator/tenants/zebra").await.problem(404, "not_found");
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.tenants").await, 0);
    assert_eq!(count(&database, "SELECT count(*) FROM platform.audit_entries").await, 0);
}

/// Of a hundred who want the same short name at once one gets it, and nothing is left of the others.
#[tokio::test]
async fn one_of_a_hundred_gets_a_short_name() {
    let platform = platform().await;
    let client = platform.operator().await.client().clone();
    let tries =
        (0..100).map(|n| client.post("/operator/tenants", json!({ "name": format!("Acme {n}"), "slug": "acme" })));
    let replies = join_all(tries).await;
    let made = replies.iter().filter(|reply| reply.status == 201).count();
    let taken = replies.iter().filter(|reply| reply.status == 409 && reply.code() == "slug_taken").count();
    assert_eq!((made, taken), (1, 99), "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
    assert!(replies.iter().filter(|reply| reply.status == 409).all(|reply| reply.pointers() == ["/slug"]));
    let database = platform.database().superuser().await;
    for (what, sql) in [
        ("tenants", "SELECT count(*) FROM platform.tenants"),
        ("places", "SELECT sum(tenants) FROM platform.shards"),
        ("schemas", "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{32}$'"),
        ("lines", "SELECT count(*) FROM platform.audit_entries"),
    ] {
        assert_eq!(count(&database, sql).await, 1, "{what}");
    }
}

//! `/api/v1/users/me`: read, change, delete

use serde_json::json;
use tenantry_core::permission::Role;

use crate::platform;
use crate::support::count;

/// Everybody who is signed in sees who that is, and nobody else.
#[tokio::test]
async fn everybody_sees_who_is_signed_in() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner().get("/users/me").await.expect(200);
    assert_eq!(owner.body["name"], "Owner of Acme");
    assert!(owner.body["email"].as_str().unwrap().starts_with("owner-"));
    let keys: Vec<_> = owner.body.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "email", "email_verified", "name", "locale", "time_zone", "created_at"]);
    for role in Role::ALL {
        let me = acme.person(role).await.get("/users/me").await.expect(200);
        assert!(me.body["email"].as_str().unwrap().starts_with(role.as_str()), "{}", me.text);
        assert_ne!(me.id(), owner.id());
    }
    platform.anonymous().get("/users/me").await.problem(401, "unauthenticated");
}

/// Name, language and time zone are one's own to change, on the version that was read.
#[tokio::test]
async fn a_person_changes_what_is_said_of_them() {
    let platform = platform().await;
    let viewer = platform.organization("Acme").await.viewer().await;
    let read = viewer.get("/users/me").await.expect(200);
    assert_eq!((&read.body["locale"], &read.body["time_zone"]), (&json!("en"), &json!("UTC")));
    let body = json!({ "name": "Zoë", "locale": "de-AT", "time_zone": "America/Argentina/Buenos_Aires" });
    let changed = viewer.patch("/users/me", read.header("etag"), body.clone()).await.expect(200);
    for (field, value) in body.as_object().unwrap() {
        assert_eq!(&changed.body[field], value);
    }
    assert_eq!(viewer.get("/users/me").await.expect(200).text, changed.text);
    viewer.patch("/users/me", read.header("etag"), json!({ "name": "X" })).await.problem(412, "stale_version");
    let without = viewer.request(reqwest::Method::PATCH, "/users/me").json(&json!({ "name": "X" }));
    viewer.send(without).await.problem(428, "version_required");
    for (field, value) in [
        ("name", json!("")),
        ("name", json!(null)),
        ("locale", json!("english")),
        ("locale", json!("de_AT")),
        ("time_zone", json!("../etc/passwd")),
        ("time_zone", json!("Europe/Vienna; x")),
        ("email", json!("x@example.com")),
        ("id", json!(read.id())),
    ] {
        let refused = viewer.patch("/users/me", changed.header("etag"), json!({ field: value })).await;
        assert_eq!(refused.problem(422, "invalid").pointers(), [format!("/{field}")]);
    }
}

/// Who goes leaves nothing but an id, and can come back as somebody new.
#[tokio::test]
async fn a_person_goes() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let body = json!({ "email": "ada@example.com", "password": "correct horse battery staple", "name": "Ada" });
    let made = platform.anonymous().post("/users/register", body.clone()).await.expect(201);
    let ada = platform.client(made.body["access_token"].as_str().unwrap());
    let database = platform.database().superuser().await;
    let join = "INSERT INTO platform.memberships (user_id, tenant_id, role)
        SELECT id, $1, 'admin' FROM platform.users WHERE email = 'ada@example.com'";
    database.execute(join, &[&acme.tenant()]).await.unwrap();

    database.execute("UPDATE platform.sessions SET signed_in_at = now() - interval '16 minutes'", &[]).await.unwrap();
    ada.delete("/users/me").await.problem(403, "fresh_sign_in_needed");
    database.execute("UPDATE platform.sessions SET signed_in_at = now() - interval '14 minutes'", &[]).await.unwrap();
    ada.delete("/users/me").await.expect(204);
    ada.get("/users/me").await.problem(401, "unauthenticated");
    let refresh = json!({ "refresh_token": made.body["refresh_token"] });
    platform.anonymous().post("/auth/refresh", refresh).await.problem(401, "unauthenticated");
    let login = json!({ "email": "ada@example.com", "password": "correct horse battery staple" });
    platform.anonymous().post("/auth/login", login).await.problem(401, "unauthenticated");
    let traces = "SELECT (SELECT count(*) FROM platform.users u WHERE u::text ~ 'Ada|ada@')
        + (SELECT count(*) FROM platform.one_time_tokens o JOIN platform.users u ON u.id = o.user_id
            WHERE u.deleted_at IS NOT NULL)
        + (SELECT count(*) FROM platform.memberships WHERE role = 'admin')
        + (SELECT count(*) FROM platform.sessions s JOIN platform.users u ON u.id = s.user_id
            WHERE u.deleted_at IS NOT NULL AND (s.ended_at IS NULL OR s.address IS NOT NULL OR s.device IS NOT NULL))";
    assert_eq!(count(&database, traces).await, 0);

    let again = platform.anonymous().post("/users/register", body).await.expect(201);
    assert_ne!(again.body["user"]["id"], made.body["user"]["id"]);
}

/// The last owner stays; of two who go at once, one does.
#[tokio::test]
async fn the_last_owner_stays() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.owner().delete("/users/me").await.problem(409, "last_owner");
    for _ in 0..10 {
        let (first, second) = (acme.person(Role::Owner).await, acme.person(Role::Owner).await);
        let database = platform.database().superuser().await;
        let alone = "DELETE FROM platform.memberships m WHERE role = 'owner' AND user_id NOT IN
            (SELECT id FROM platform.users WHERE id::text IN ($1, $2))";
        let ids = [first.get("/users/me").await.id().to_owned(), second.get("/users/me").await.id().to_owned()];
        database.execute(alone, &[&ids[0], &ids[1]]).await.unwrap();
        let (one, other) = futures_util::future::join(first.delete("/users/me"), second.delete("/users/me")).await;
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409], "{}\n{}", one.text, other.text);
    }
}

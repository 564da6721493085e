//! `/api/v1/clinic/practitioners`

use serde_json::json;
use uuid::Uuid;

use crate::clinic;

/// An admin keeps them, everybody sees them.
#[tokio::test]
async fn an_admin_keeps_practitioners() {
    let (_platform, clinic) = clinic().await;
    let (admin, viewer) = (clinic.admin().await, clinic.viewer().await);
    let me = viewer.get("/users/me").await.expect(200);
    let body = json!({ "name": "Dr. Elizabeth Blackwell", "profession": "physician", "user_id": me.id() });
    clinic.member().await.post("/clinic/practitioners", body.clone()).await.problem(403, "forbidden");
    let made = admin.post("/clinic/practitioners", body.clone()).await.expect(201);
    assert_eq!((&made.body["user_id"], &made.body["active"]), (&body["user_id"], &json!(true)));
    assert_eq!(viewer.get(made.header("location")).await.expect(200).body, made.body);
    let nurse = json!({ "name": "Florence Nightingale", "profession": "nurse", "active": false });
    admin.post("/clinic/practitioners", nurse).await.expect(201);
    for (query, names) in [
        ("?sort=name", vec!["Dr. Elizabeth Blackwell", "Florence Nightingale"]),
        ("?filter[active]=true", vec!["Dr. Elizabeth Blackwell"]),
        ("?filter[profession]=nurse", vec!["Florence Nightingale"]),
        ("?filter[name][contains]=black", vec!["Dr. Elizabeth Blackwell"]),
        (&format!("?filter[user_id]={}", me.id()), vec!["Dr. Elizabeth Blackwell"]),
    ] {
        let list = viewer.get(&format!("/clinic/practitioners{query}")).await.expect(200);
        assert_eq!(list.column("name"), names, "{query}");
    }
    let gone = json!({ "user_id": null, "active": false });
    let changed = admin.patch(made.header("location"), "\"1\"", gone).await.expect(200);
    assert_eq!((&changed.body["user_id"], &changed.body["active"]), (&json!(null), &json!(false)));
    admin.delete(made.header("location")).await.expect(204);
}

/// Only members are practitioners, each of them one; who has left stays who it was.
#[tokio::test]
async fn a_member_is_one_practitioner() {
    let (platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let stranger = platform.organization("Other").await.owner().get("/users/me").await.expect(200);
    let body = |user: &str| json!({ "name": "Ada", "profession": "other", "user_id": user });
    for id in [stranger.id(), &Uuid::new_v4().to_string()] {
        let refused = owner.post("/clinic/practitioners", body(id)).await.problem(404, "not_found");
        assert_eq!(refused.pointers(), ["/user_id"]);
    }
    let member = clinic.member().await;
    let me = member.get("/users/me").await.expect(200);
    let made = owner.post("/clinic/practitioners", body(me.id())).await.expect(201);
    let refused = owner.post("/clinic/practitioners", body(me.id())).await.problem(409, "already_practitioner");
    assert_eq!(refused.pointers(), ["/user_id"]);

    owner.delete(&format!("/members/{}", me.id())).await.expect(204);
    let same = json!({ "user_id": me.id(), "profession": "nurse" });
    owner.patch(made.header("location"), "\"1\"", same).await.expect(200);
    owner.patch(made.header("location"), "\"2\"", json!({ "user_id": null })).await.expect(200);
    let refused = owner.patch(made.header("location"), "\"3\"", json!({ "user_id": me.id() })).await;
    assert_eq!(refused.problem(404, "not_found").pointers(), ["/user_id"]);
}

/// One who offers a service is not deleted.
#[tokio::test]
async fn who_is_referred_to_stays() {
    let (_platform, clinic) = clinic().await;
    let owner = clinic.owner();
    let made = owner.post("/clinic/practitioners", json!({ "name": "A", "profession": "nurse" })).await.expect(201);
    let service = crate::services::made(&clinic, json!({})).await;
    let offering = format!("{}/practitioners", service.header("location"));
    owner.put_json(&offering, json!({ "practitioner_ids": [made.id()] })).await.expect(200);
    owner.delete(made.header("location")).await.problem(409, "in_use");
    owner.put_json(&offering, json!({ "practitioner_ids": [] })).await.expect(200);
    owner.delete(made.header("location")).await.expect(204);
}

/// Whoever keeps practitioners does not get to charts by becoming one who treats somebody.
#[tokio::test]
async fn who_treats_stays_who_it_is() {
    let (_platform, clinic) = clinic().await;
    let (owner, admin, doctor) = (clinic.owner(), clinic.admin().await, clinic.member().await);
    let (me, other) = (doctor.get("/users/me").await.expect(200), admin.get("/users/me").await.expect(200));
    let body = json!({ "name": "Dr. Elizabeth Blackwell", "profession": "physician", "user_id": me.id() });
    let made = owner.post("/clinic/practitioners", body).await.expect(201);
    let contact = doctor.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let patient =
        json!({ "contact_id": contact.id(), "number": "P-1", "date_of_birth": "1985-12-10", "gender": "female" });
    doctor.post("/clinic/patients", patient).await.expect(201);
    let path = made.header("location");
    // Nor nobody: the charts would be closed to everybody, and there would be no way back.
    for user in [json!(other.id()), json!(null)] {
        let reply = admin.patch(path, "\"1\"", json!({ "user_id": user })).await;
        assert_eq!(reply.problem(409, "practitioner_treats").pointers(), ["/user_id"]);
    }
    admin.patch(path, "\"1\"", json!({ "user_id": me.id(), "active": false })).await.expect(200);
}

//! `/api/v1/real-estate/open-houses/{id}/visitors`

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::{house, visit};
use crate::agency;
use crate::market::{active, contact};

/// As many come as there is room for, each once, also where many want to at once.
#[tokio::test]
async fn as_many_come_as_there_is_room_for() {
    let (_platform, agency) = agency().await;
    let made = house(&agency, &active(&agency, json!({})).await, "10:00", "12:00").await.expect(201);
    let mut guests = Vec::new();
    for n in 0..7 {
        guests.push(contact(&agency, &format!("Guest{n}")).await);
    }
    let replies = join_all(guests.iter().map(|guest| visit(&agency, &made, guest))).await;
    let (come, refused): (Vec<_>, Vec<_>) = replies.into_iter().partition(|reply| reply.status == 201);
    assert_eq!(come.len(), 3);
    for reply in refused {
        reply.problem(409, "open_house_full");
    }
    let list = agency.owner().get(&format!("{}/visitors", made.header("location"))).await.expect(200);
    assert_eq!(list.items().len(), 3);
}

/// Somebody is expected once, comes once, and is removed; then there is room again.
#[tokio::test]
async fn visitors_come_and_go() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let made = house(&agency, &active(&agency, json!({})).await, "10:00", "12:00").await.expect(201);
    let other = house(&agency, &active(&agency, json!({})).await, "14:00", "16:00").await.expect(201);
    let ada = contact(&agency, "Ada").await;
    let expected = visit(&agency, &made, &ada).await.expect(201);
    assert_eq!(expected.body["came_at"], json!(null));
    let refused = visit(&agency, &made, &ada).await.problem(409, "visitor_already");
    assert_eq!(refused.pointers(), ["/contact_id"]);
    let nobody = visit(&agency, &made, &Uuid::new_v4().to_string()).await.problem(404, "not_found");
    assert_eq!(nobody.pointers(), ["/contact_id"]);
    let path = format!("{}/visitors/{}", made.header("location"), expected.id());
    owner.post(&format!("{path}/come"), json!({})).await.problem(409, "open_house_to_come");
    let opens = format!(
        "UPDATE {}.open_houses SET starts_at = now(), ends_at = now() + interval '1 hour'",
        agency.tenant().schema()
    );
    platform.database().superuser().await.batch_execute(&opens).await.unwrap();
    let come = owner.post(&format!("{path}/come"), json!({})).await.expect(200);
    assert!(come.body["came_at"].is_string());
    assert_eq!(owner.post(&format!("{path}/come"), json!({})).await.expect(200).body, come.body);
    let elsewhere = format!("{}/visitors/{}", other.header("location"), expected.id());
    owner.post(&format!("{elsewhere}/come"), json!({})).await.problem(404, "not_found");
    owner.delete(&elsewhere).await.problem(404, "not_found");
    for name in ["Byron", "Clara"] {
        visit(&agency, &made, &contact(&agency, name).await).await.expect(201);
    }
    let dora = contact(&agency, "Dora").await;
    visit(&agency, &made, &dora).await.problem(409, "open_house_full");
    agency.viewer().await.delete(&path).await.problem(403, "forbidden");
    owner.delete(&path).await.expect(204);
    owner.delete(&path).await.problem(404, "not_found");
    visit(&agency, &made, &dora).await.expect(201);
}

/// A visitor is where the contact is. Who reaches none of them hears that it is full, and not by whom.
#[tokio::test]
async fn a_visitor_out_of_reach_is_not_there() {
    let (_platform, agency) = agency().await;
    let made = house(&agency, &active(&agency, json!({})).await, "10:00", "12:00").await.expect(201);
    let ada = contact(&agency, "Ada").await;
    let theirs = visit(&agency, &made, &ada).await.expect(201);
    let permissions = [
        "contacts.read",
        "contacts.write",
        "open_houses.read",
        "open_house_visitors.read",
        "open_house_visitors.write",
    ];
    let own = agency.with_scope(&permissions, RecordScope::Own).await;
    let path = format!("{}/visitors", made.header("location"));
    assert!(own.get(&path).await.expect(200).items().is_empty());
    own.delete(&format!("{path}/{}", theirs.id())).await.problem(404, "not_found");
    own.post(&format!("{path}/{}/come", theirs.id()), json!({})).await.problem(404, "not_found");
    own.post(&path, json!({ "contact_id": ada })).await.problem(404, "not_found");
    let his = own.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
    own.post(&path, json!({ "contact_id": his.id() })).await.expect(201);
    visit(&agency, &made, &contact(&agency, "Clara").await).await.expect(201);
    let late = own.post("/contacts", json!({ "last_name": "Late" })).await.expect(201);
    own.post(&path, json!({ "contact_id": late.id() })).await.problem(409, "open_house_full");
    assert_eq!(own.get(&path).await.expect(200).column("contact_id"), [his.id()]);
}

/// Who was removed comes back by an undo, unless somebody has the place by then.
#[tokio::test]
async fn a_place_is_one_visitors() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let made = house(&agency, &active(&agency, json!({})).await, "10:00", "12:00").await.expect(201);
    let visitor = visit(&agency, &made, &contact(&agency, "Ada").await).await.expect(201);
    let path = format!("{}/visitors", made.header("location"));
    let restore = async || {
        let gone = owner.get("/trash?resource=open_house_visitors").await;
        let gone = gone.expect(200);
        let id = gone.items()[0]["id"].as_str().unwrap().to_owned();
        owner.post(&format!("/trash/{id}/restore"), json!({})).await
    };
    owner.delete(&format!("{path}/{}", visitor.id())).await.expect(204);
    restore().await.expect(200);
    assert_eq!(owner.get(&path).await.expect(200).column("id"), [visitor.id()]);
    owner.delete(&format!("{path}/{}", visitor.id())).await.expect(204);
    visit(&agency, &made, &contact(&agency, "Byron").await).await.expect(201);
    assert_eq!(restore().await.status, 409);
}

//! Attacks from within: members whose role is for some records only, on the records of somebody else in their organization.

use serde_json::json;
use tenantry_core::permission::RecordScope;
use tenantry_core::testing::TestClient;
use uuid::Uuid;

use super::call::{Call, essence, lists_nothing};
use super::document::{Document, Operation, Place};
use super::foreign::assert_no_canary;
use super::world::World;

/// What a role may list to call every operation on records that have owners.
pub fn permissions(document: &Document) -> Vec<&str> {
    let owned = document.operations.iter().filter(|operation| operation.owned);
    let mut permissions: Vec<&str> = owned.map(|operation| operation.permission.as_str()).collect();
    permissions.sort_unstable();
    permissions.dedup();
    permissions
}

/// A record of another owner is answered, byte for byte, as one that never existed, in each place of each operation on
/// records with owners; nothing of it comes out of a list, and nothing of it changes.
#[tokio::test]
async fn a_record_out_of_reach_is_like_one_that_never_existed() {
    let world = World::start().await;
    world.fill(&world.a).await;
    let attackers = attackers(&world).await;
    let mut attacks = 0;
    for operation in world.document.operations.iter().filter(|operation| operation.owned) {
        for (name, attacker) in &attackers {
            attacks += attack_with_ids(&world, operation, name, attacker).await;
            attacks += attack_with_words(&world, operation, name, attacker).await;
        }
    }
    assert!(attacks > 0);
    println!("{attacks} attacks");
}

/// Whoever is alone in a team, a key made by such a person, and who reaches nothing but their own.
async fn attackers(world: &World) -> Vec<(&'static str, TestClient)> {
    let organization = &world.a.organization;
    let mut permissions = permissions(&world.document);
    let own = organization.with_scope(&permissions, RecordScope::Own).await;
    let team = organization.with_scope(&permissions, RecordScope::Team).await;
    let made = organization.owner().post("/teams", json!({ "name": "Alone" })).await.expect(201);
    let me = team.get("/users/me").await.expect(200);
    let seat = format!("{}/members/{}", made.header("location"), me.id());
    organization.owner().put(&seat).await.expect(204);
    let scopes = permissions.clone();
    permissions.push("api-keys.write");
    let maker = organization.with_scope(&permissions, RecordScope::Own).await;
    let key = maker.post("/api-keys", json!({ "name": "Key", "scopes": scopes })).await.expect(201);
    let key = world.platform.client(key.body["key"].as_str().expect("a key"));
    vec![("own", own), ("team", team), ("key", key)]
}

async fn attack_with_ids(world: &World, operation: &Operation, name: &str, attacker: &TestClient) -> usize {
    let spots: Vec<_> =
        world.document.spots(operation).into_iter().filter(|spot| is_owned(world, operation, spot)).collect();
    for spot in &spots {
        let call = world.valid(&world.a, operation).await;
        let before = world.snapshot(&world.a).await;
        let theirs = call.send(attacker).await;
        let missing = call.with(spot, &Uuid::new_v4().to_string()).send(attacker).await;
        let what = format!("{} as {name}, {:?} {}", operation.id, spot.place, spot.name);
        assert_eq!(essence(&theirs), essence(&missing), "{what}: another's record and none can be told apart");
        assert_no_canary(world, &theirs, &what);
        if spot.place == Place::Query {
            // A list that is of a record out of reach is not there at all.
            assert!(lists_nothing(&theirs) || theirs.status == 404, "{what}: {}", theirs.text);
        } else {
            assert_eq!(theirs.status, 404, "{what}: {}", theirs.text);
        }
        assert_eq!(world.snapshot(&world.a).await, before, "{what}: rows have changed");
    }
    spots.len()
}

/// Whether a place takes the id of a record that has an owner.
fn is_owned(world: &World, operation: &Operation, spot: &super::document::Spot) -> bool {
    world.origin(operation, spot).is_none() && world.referred(operation, spot).is_some_and(|post| post.owned)
}

async fn attack_with_words(world: &World, operation: &Operation, name: &str, attacker: &TestClient) -> usize {
    if operation.path.contains('{') || operation.method != reqwest::Method::GET {
        return 0;
    }
    let mut calls = vec![Call::new(operation, None), Call::new(operation, None).and(Place::Query, "limit", "200")];
    let texts = operation.parameters.iter().filter(|spot| spot.schema["maxLength"].is_u64() && spot.name != "cursor");
    for spot in texts {
        for word in [world.a.sampler.canary.as_str(), "%"] {
            calls.push(Call::new(operation, None).with(spot, word));
        }
    }
    for call in &calls {
        let reply = call.send(attacker).await;
        let what = format!("{} as {name}, {}", operation.id, call.target());
        assert_no_canary(world, &reply, &what);
        assert!(reply.status.is_client_error() || lists_nothing(&reply), "{what}: {}", reply.text);
    }
    calls.len()
}

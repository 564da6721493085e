//! What belongs to A, given in B where it could be listened to: cursors, headers, parameters, tokens, search words.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;
use tenantry_core::testing::Reply;

use super::call::{Call, essence};
use super::clinic;
use super::document::{Operation, Place, Scope};
use super::foreign::assert_no_canary;
use super::handover;
use super::world::{Fixture, World};

/// Headers by which other systems let a client choose the tenant.
const HEADERS: [&str; 9] = [
    "x-tenant",
    "x-tenant-id",
    "x-organization",
    "x-organization-id",
    "x-forwarded-host",
    "x-original-url",
    "x-rewrite-url",
    "forwarded",
    "host",
];

/// Whatever B says about A, B is answered as B.
#[tokio::test]
async fn nothing_in_a_request_but_its_token_chooses_the_tenant() {
    let world = World::start().await;
    world.fill(&world.a).await;
    world.fill(&world.b).await;
    let before = world.snapshot(&world.a).await;

    let mut attacks = 0;
    for operation in &world.document.operations {
        attacks += attack_with_headers(&world, operation).await;
        attacks += attack_with_parameters(&world, operation).await;
        attacks += attack_with_search_words(&world, operation).await;
    }

    assert_eq!(world.snapshot(&world.a).await, before, "A's rows have changed");
    let metrics = world.platform.anonymous().get("/metrics").await.expect(200).text;
    for name in names_of_a(&world).iter().chain([&world.a.sampler.canary, &world.a.email]) {
        assert!(!metrics.contains(name.as_str()), "a metric tells of a tenant: {name}");
    }
    println!("{} operations, {attacks} attacks", world.document.operations.len());
}

fn names_of_a(world: &World) -> [String; 3] {
    let a = &world.a.organization;
    [a.tenant().to_string(), a.slug().to_owned(), a.tenant().schema().to_string()]
}

async fn attack_with_headers(world: &World, operation: &Operation) -> usize {
    for value in names_of_a(world) {
        let plain = world.valid(&world.b, operation).await;
        // What was made for the request has happened by now, for all who hear of it.
        world.platform.seal().await;
        let call = HEADERS.iter().fold(plain.clone(), |call, header| call.and(Place::Header, header, &value));
        let reply = world.send(&world.b, &world.b.owner, &call).await;
        let expected = if operation.scope == Scope::Operator { 401 } else { world.success(operation) };
        assert_eq!(reply.status, expected, "{}: {}", operation.id, reply.text);
        assert_no_canary(world, &reply, &operation.id);
        if operation.method == Method::GET {
            let own = plain.send(&world.b.owner).await;
            assert_eq!(essence(&reply), essence(&own), "{}: a header has changed the answer", operation.id);
        }
    }
    3
}

async fn attack_with_parameters(world: &World, operation: &Operation) -> usize {
    let valid = world.valid(&world.b, operation).await;
    let mut calls: Vec<Call> = Vec::new();
    for name in ["tenant", "tenant_id", "organization_id", "schema", "role"] {
        calls.push(valid.clone().and(Place::Query, name, &names_of_a(world)[0]));
    }
    calls.push(valid.clone().and(Place::Query, "access_token", world.a.owner.token()));
    for spot in operation.parameters.iter().filter(|spot| spot.place == Place::Query) {
        let again = valid.parameters.iter().find(|(_, name, _)| *name == spot.name).map(|(_, _, value)| value.clone());
        calls.push(valid.clone().and(Place::Query, &spot.name, "x").and(
            Place::Query,
            &spot.name,
            &again.unwrap_or_default(),
        ));
    }
    for call in &calls {
        let reply = call.send(&world.b.owner).await;
        assert_eq!(reply.status, 400, "{} {}: {}", operation.id, call.target(), reply.text);
    }
    if operation.scope != Scope::Public {
        let two = valid.and(Place::Header, "authorization", &format!("Bearer {}", world.a.owner.token()));
        let reply: Reply = two.send(&world.b.owner).await;
        assert_eq!(reply.status, 401, "{} with two tokens: {}", operation.id, reply.text);
    }
    calls.len() + 1
}

/// Each filter is given what A's records hold: B finds nothing, and hears nothing of it.
async fn attack_with_search_words(world: &World, operation: &Operation) -> usize {
    let texts =
        operation.parameters.iter().filter(|spot| spot.place == Place::Query && spot.schema["maxLength"].is_u64());
    let mut attacks = 0;
    for spot in texts.filter(|spot| spot.name != "cursor") {
        for word in [world.a.sampler.canary.clone(), "%".to_owned(), world.a.email.clone()] {
            let call = world.valid(&world.b, operation).await.without(Place::Query).with(spot, &word);
            let reply = call.send(&world.b.owner).await;
            assert_no_canary(world, &reply, &operation.id);
            attacks += 1;
        }
    }
    attacks
}

/// A cursor goes on in the list, the order and the tenant that it is of, and nowhere else.
#[tokio::test]
async fn a_cursor_is_of_one_tenant_one_list_and_one_order() {
    let world = World::start().await;
    let records = world.fill(&world.a).await;
    // So that the list of one's own organizations has a second page.
    let join = "INSERT INTO platform.memberships (user_id, tenant_id, role)
        SELECT id, $2, 'viewer' FROM platform.users WHERE email = $1";
    world.superuser.execute(join, &[&world.a.email, &world.b.organization.tenant()]).await.expect("a membership");
    // And that of duplicates.
    for email in ["a@example.com", "a@example.com", "b@example.com", "b@example.com"] {
        world.a.owner.post("/companies", json!({ "name": "Twin", "email": email })).await.expect(201);
    }
    let lists: Vec<&Operation> = world
        .document
        .operations
        .iter()
        .filter(|operation| operation.parameters.iter().any(|p| p.name == "cursor"))
        .collect();
    assert!(!lists.is_empty());

    let mut cursors = Vec::new();
    for list in &lists {
        let client = world.client(&world.a, list);
        let call = listing(&world, list, &records).await;
        let page = call.clone().and(Place::Query, "limit", "1").send(client).await.expect(200);
        let cursor =
            page.body["next_cursor"].as_str().unwrap_or_else(|| panic!("{}: no second page", list.id)).to_owned();
        let next = call.clone().and(Place::Query, "cursor", &cursor);
        next.send(client).await.expect(200);
        next.send(&world.b.owner).await.expect(if list.scope == Scope::Operator { 401 } else { 400 });
        next.and(Place::Query, "sort", "updated_at").send(client).await.expect(if has_sort(&world, list) {
            400
        } else {
            422
        });
        cursors.push((list, call, cursor));
    }
    for (list, call, own) in &cursors {
        for (_, _, cursor) in &cursors {
            let reply = call.clone().and(Place::Query, "cursor", cursor).send(world.client(&world.a, list)).await;
            assert_eq!(reply.status, if own == cursor { 200 } else { 400 }, "{}: {}", list.id, reply.text);
        }
    }
}

/// A request for a list, which has more than one record. A list that is of a record is asked for of the latest one.
async fn listing(world: &World, list: &Operation, records: &BTreeMap<String, Vec<Fixture>>) -> Call {
    let mut call = Call::new(list, None);
    for spot in list.parameters.iter().filter(|spot| spot.place == Place::Path) {
        let id = if list.path.starts_with("/api/v1/undos/") {
            // One of the owner's own deeds, of which there are several by now.
            let me = world.a.owner.get("/users/me").await.expect(200).id().to_owned();
            world.a.owner.post("/undos", crate::audit::all_of(&me)).await.expect(201).id().to_owned()
        } else {
            records[list.collection_of(&spot.name)].last().expect("a record").id.clone()
        };
        call = call.with(spot, &id);
    }
    // What is a part of a part names both.
    handover::fit(world, &world.a, list, &mut call).await;
    clinic::fit(world, &world.a, list, &mut call).await;
    call
}

/// Whether a list can be sorted by its last change, or not at all: what is no order of it is another mistake.
fn has_sort(world: &World, list: &Operation) -> bool {
    list.parameters.iter().find(|spot| spot.name == "sort").is_none_or(|sort| {
        world.document.resolve(&sort.schema)["enum"]
            .as_array()
            .expect("orders")
            .iter()
            .any(|order| order == "updated_at")
    })
}

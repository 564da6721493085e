//! Attacks of B's owner with what belongs to A: ids, cursors, names, in every place that takes a value.

use std::collections::BTreeMap;

use serde_json::json;
use tenantry_core::testing::Reply;
use uuid::Uuid;

use super::call::{Call, essence, holds, lists_nothing};
use super::document::{Operation, Place, Scope, Spot};
use super::origin::ORIGINS;
use super::world::{Fixture, World};

/// Ids of other kinds that each place is tried with, beside those of its own kind.
const OTHERS: usize = 8;

/// A's ids, in every place of every operation that takes one, are answered as if they had never existed. Each place is tried with
/// all ids of its own kind and some others in turn, so that each id comes to many places and the time grows with the document alone.
#[tokio::test]
async fn a_foreign_id_is_like_one_that_never_existed() {
    let world = World::start().await;
    let records = world.fill(&world.a).await;
    let ids = foreign_ids(&world, &records).await;
    let before = world.snapshot(&world.a).await;

    let (mut attacks, mut turn) = (0, ids.iter().cycle());
    for operation in &world.document.operations {
        for spot in world.document.spots(operation).iter().filter(|spot| takes_id(&world, operation, spot)) {
            let kind = world.origin(operation, spot).and_then(|own| ORIGINS.iter().find(|(_, origin)| *origin == own));
            let kind = kind.map(|(path, _)| *path);
            let kind = kind.or_else(|| world.referred(operation, spot).map(|post| post.path.as_str()));
            let own = kind.and_then(|path| records.get(path));
            let mut tried: Vec<String> = own.into_iter().flatten().map(|record| record.id.clone()).collect();
            tried.extend(turn.by_ref().take(OTHERS).cloned());
            attack_with_ids(&world, operation, spot, &tried).await;
            attacks += tried.len();
        }
        attacks += attack_with_fields(&world, operation, &ids).await;
    }

    assert_eq!(world.snapshot(&world.a).await, before, "A's rows have changed");
    println!("{} operations, {} ids, {attacks} attacks", world.document.operations.len(), ids.len());
}

fn takes_id(world: &World, operation: &Operation, spot: &Spot) -> bool {
    spot.place == Place::Path || world.names_a_record(operation, spot)
}

async fn foreign_ids(world: &World, records: &BTreeMap<String, Vec<Fixture>>) -> Vec<String> {
    let mut ids: Vec<String> = records.values().flatten().map(|record| record.id.clone()).collect();
    let me = world.a.owner.get("/users/me").await.expect(200);
    ids.extend([me.id().to_owned(), world.a.organization.tenant().to_string(), world.a.organization.slug().to_owned()]);
    ids
}

/// One request serves all ids, since none of them changes anything.
async fn attack_with_ids(world: &World, operation: &Operation, spot: &Spot, ids: &[String]) {
    let call = world.valid(&world.b, operation).await;
    let missing = call.clone().with(spot, &Uuid::new_v4().to_string()).send(&world.b.owner).await;
    let nameless = call.clone().with(spot, "no-such-thing").send(&world.b.owner).await;
    for id in ids {
        let is_uuid = Uuid::try_parse(id).is_ok();
        let foreign = call.clone().with(spot, id).send(&world.b.owner).await;
        let unknown = if is_uuid { &missing } else { &nameless };

        let what = format!("{}, {:?} {}, id {id}", operation.id, spot.place, spot.name);
        assert_eq!(essence(&foreign), essence(unknown), "{what}: A's id and an unknown one can be told apart");
        assert_no_canary(world, &foreign, &what);
        if operation.scope == Scope::Operator {
            assert_eq!(foreign.status, 401, "{what}: {}", foreign.text);
        } else if spot.place == Place::Query {
            // A report is that of nothing, as the one about an unknown record is.
            let report = foreign.body["items"].is_null();
            let empty = report || lists_nothing(&foreign) || foreign.status.is_client_error();
            assert!(empty, "{what}: {}", foreign.text);
        } else if is_uuid {
            assert_eq!(foreign.status, 404, "{what}: {}", foreign.text);
        }
    }
}

/// Fields that no body has, but that would name the tenant or the record if one listened to them.
async fn attack_with_fields(world: &World, operation: &Operation, ids: &[String]) -> usize {
    if operation.body.is_none() || operation.scope == Scope::Public {
        return 0;
    }
    let names = ["id", "tenant_id", "organization_id", "owner_id", "schema", "role", "created_at", "version"];
    let tenant = world.a.organization.tenant().to_string();
    let valid: Call = world.valid(&world.b, operation).await;
    for name in names {
        for value in [ids.first().unwrap_or(&tenant), &tenant] {
            let mut call = valid.clone();
            call.body.as_mut().expect("a body")[name] = json!(value);
            let reply = call.send(world.client(&world.b, operation)).await;
            assert_eq!(reply.status, 422, "{} with {name}: {}", operation.id, reply.text);
            assert_no_canary(world, &reply, &operation.id);
        }
    }
    names.len() * 2
}

pub fn assert_no_canary(world: &World, reply: &Reply, what: &str) {
    assert!(!holds(reply, &world.a.sampler.canary), "{what}: A's canary came out: {reply:?}");
}

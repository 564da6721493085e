//! Every operation that changes something, sent twice with one key: done once, answered alike, and nobody else's.

use reqwest::Method;

use super::call::Call;
use super::document::{Operation, Place};
use super::world::World;

/// Operations after which the same caller is let in no more, also for the answer that it had.
const ENDS_ITSELF: [&str; 6] = [
    "auth_logout",
    "auth_logout_all",
    "operator_logout",
    "organization_delete",
    "organization_transfer",
    "users_me_organizations_leave",
];

/// What the document says takes a key does, whatever its handler does; all else refuses it and changes nothing.
#[tokio::test]
async fn whatever_takes_a_key_is_done_once() {
    let world = World::start().await;
    world.fill(&world.b).await;
    let (mut replayed, mut refused) = (0, 0);
    for operation in world.document.operations.iter().filter(|operation| operation.method != Method::GET) {
        let call = world.valid(&world.b, operation).await.and(Place::Header, "Idempotency-Key", &operation.id);
        let client = world.client(&world.b, operation);
        if !operation.takes_key {
            let before = world.snapshot(&world.b).await;
            call.send(client).await.problem(400, "idempotency_key_not_taken");
            assert_eq!(world.snapshot(&world.b).await, before, "{}", operation.id);
            refused += 1;
        } else if !ENDS_ITSELF.contains(&operation.id.as_str()) && world.success(operation) == operation.success {
            sent_twice(&world, operation, &call).await;
            replayed += 1;
        }
    }
    println!("{replayed} operations replayed, {refused} without a key");
    assert!(replayed > 30 && refused > 5);
}

async fn sent_twice(world: &World, operation: &Operation, call: &Call) {
    let client = world.client(&world.b, operation);
    let call = world.with_second_factor(call).await;
    let first = call.send(client).await.expect(operation.success);
    assert_eq!(first.header("idempotent-replayed"), "", "{}", operation.id);
    let between = world.snapshot(&world.b).await;
    let again = call.send(client).await.expect(operation.success);
    assert_eq!(again.header("idempotent-replayed"), "true", "{}", operation.id);
    assert_eq!(again.text, first.text, "{}", operation.id);
    for header in ["location", "etag", "content-type"] {
        assert_eq!(again.header(header), first.header(header), "{}: {header}", operation.id);
    }
    assert_eq!(world.snapshot(&world.b).await, between, "{} was done twice", operation.id);
    world.tidy(&world.b, &call).await;
}

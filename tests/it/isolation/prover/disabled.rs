//! A module that an organization has not enabled answers as if it did not exist.

use reqwest::Method;
use serde_json::json;
use tenantry_core::testing::TestClient;

use super::call::{Call, essence};
use super::document::{Operation, Place};
use super::world::{Tenant, World};

/// Right or wrong, as owner or as viewer, every request to a module that is off is answered like one to nowhere.
#[tokio::test]
async fn a_disabled_module_is_like_one_that_never_existed() {
    let world = World::start().await;
    let never = Tenant::register(&world.platform).await;
    let once = Tenant::register(&world.platform).await;
    for module in tenantry::MODULES {
        once.organization.enable(module).await;
        once.owner.delete(&format!("/modules/{module}")).await.expect(204);
    }
    let mut attacks = 0;
    for tenant in [&never, &once] {
        for client in [tenant.owner.clone(), tenant.organization.viewer().await] {
            attacks += attack(&world, &client).await;
        }
    }
    println!("{attacks} attacks on {}", tenantry::MODULES.join(", "));
}

async fn attack(world: &World, client: &TestClient) -> usize {
    let mut attacks = 0;
    for module in tenantry::MODULES {
        let operations =
            world.document.operations.iter().filter(|operation| operation.module.as_deref() == Some(module));
        let operations: Vec<&Operation> = operations.collect();
        assert!(!operations.is_empty(), "{module} has no operations");
        for operation in operations {
            for call in variants(world, operation).await {
                let there = call.send(client).await;
                let nowhere = call.clone().moved(&format!("/{module}/"), "/nowhere/").send(client).await;
                assert_eq!(nowhere.status, 404, "{call:?}");
                assert_eq!(essence(&there), essence(&nowhere), "{call:?}: {module} can be told from nothing");
                attacks += 1;
            }
        }
    }
    attacks
}

/// A valid request, and those that would be refused before a handler sees them.
async fn variants(world: &World, operation: &Operation) -> Vec<Call> {
    let valid = world.valid(&world.a, operation).await;
    let mut calls = vec![
        valid.clone(),
        valid.clone().and(Place::Query, "unknown", "1"),
        valid.clone().and(Place::Query, "limit", "0"),
        valid.clone().and(Place::Header, "if-match", "none"),
        valid.clone().and(Place::Header, "content-type", "text/plain"),
    ];
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS]
    {
        calls.push(Call { method, ..valid.clone() });
    }
    for body in [None, Some(json!({})), Some(json!([])), Some(json!({ "unknown": 1 }))] {
        calls.push(Call { body, ..valid.clone() });
    }
    let mut strange = valid.clone();
    for spot in operation.parameters.iter().filter(|spot| spot.place == Place::Path) {
        strange.set(spot, "not-an-id");
    }
    calls.extend([strange, valid.clone().without(Place::Header)]);
    calls
}

//! Which records a custom role is for

use serde_json::json;
use tenantry_core::permission::{HeldRole, RecordScope, RoleKey};

use crate::members::{path, user};
use crate::platform;

/// Nobody gives a role for more records than their own role is for, and none of the four is for less than all.
#[tokio::test]
async fn a_scope_is_never_more_than_its_makers() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let permissions = ["roles.write", "members.write", "contacts.read"];
    let maker = acme.with_scope(&permissions, RecordScope::Team).await;
    let new = |name: &str, scope: &str| json!({ "name": name, "permissions": ["contacts.read"], "scope": scope });
    let refused = maker.post("/roles", new("all", "all")).await.problem(403, "role_above_own");
    assert_eq!(refused.pointers(), ["/scope"]);
    maker.post("/roles", json!({ "name": "default", "permissions": [] })).await.problem(403, "role_above_own");
    let made = maker.post("/roles", new("team", "team")).await.expect(201);
    maker.post("/roles", new("own", "own")).await.expect(201);
    maker.patch(made.header("location"), "\"1\"", json!({ "scope": "all" })).await.problem(403, "role_above_own");

    let wider = acme.owner().post("/roles", new("wider", "all")).await.expect(201);
    maker.patch(wider.header("location"), "\"1\"", json!({ "scope": "own" })).await.problem(403, "role_above_own");
    let member = path(&acme.with_scope(&["contacts.read"], RecordScope::Own).await).await;
    let give = |role: String| json!({ "role": role });
    maker.patch(&member, "\"1\"", give("viewer".to_owned())).await.problem(403, "role_above_own");
    maker.patch(&member, "\"1\"", give(format!("custom:{}", wider.id()))).await.problem(403, "role_above_own");
    maker.patch(&member, "\"1\"", give(format!("custom:{}", made.id()))).await.expect(200);
    acme.owner().post("/roles", new("x", "everything")).await.problem(422, "invalid");
}

/// Who is in a team with whom decides who sees what: it is not for those who do not see everything.
#[tokio::test]
async fn nobody_widens_their_own_reach_by_a_team() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let role = json!({ "name": "X", "permissions": ["teams.write"], "scope": "team" });
    assert_eq!(acme.owner().post("/roles", role).await.problem(422, "invalid").pointers(), ["/scope"]);
    // A role from before that rule may have it.
    let made =
        acme.owner().post("/roles", json!({ "name": "Y", "permissions": ["teams.read"], "scope": "team" })).await;
    let key = RoleKey::Custom { id: made.expect(201).id().parse().unwrap(), version: 1 };
    let permissions = ["teams.read", "teams.write"].map(str::to_owned).to_vec();
    let anna = acme.person(HeldRole { key, permissions, scope: RecordScope::Team }).await;
    let sales = acme.team("Sales", &[acme.owner()]).await;
    let seat = format!("{sales}/members/{}", user(&anna).await);
    anna.put(&seat).await.problem(403, "scope_too_narrow");
    anna.delete(&format!("{sales}/members/{}", user(acme.owner()).await)).await.problem(403, "scope_too_narrow");
    anna.post("/teams", json!({ "name": "Mine" })).await.problem(403, "scope_too_narrow");
    anna.get(&sales).await.expect(200);
    acme.admin().await.put(&seat).await.expect(204);
}

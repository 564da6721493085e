//! Runtime logins serve at most a thousand tenants each.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::tenancy::{Shard, TENANTS_PER_SHARD};

use crate::platform;

/// When the first login is full, the next tenant gets a new one, and both kinds are served.
#[tokio::test]
async fn a_full_shard_opens_the_next() {
    let platform = platform().await;
    let first = platform.organization("First").await;
    let database = platform.database().superuser().await;
    let full = i32::try_from(TENANTS_PER_SHARD).unwrap();
    database.execute("UPDATE platform.shards SET tenants = $1", &[&full]).await.unwrap();

    // Several find it full at once.
    let names: Vec<String> = (0..6).map(|n| format!("Number {n}")).collect();
    let others = join_all(names.iter().map(|name| platform.organization(name))).await;

    let shards = "SELECT shard FROM platform.tenants ORDER BY shard";
    let shards: Vec<i16> = database.query(shards, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(shards, [0, 1, 1, 1, 1, 1, 1]);
    for organization in others.iter().chain([&first]) {
        organization.owner().post("/contacts", json!({ "last_name": "Hopper" })).await.expect(201);
        assert_eq!(organization.owner().get("/contacts").await.expect(200).body["items"].as_array().unwrap().len(), 1);
    }
    let login = platform.database().logins().runtime_name(Shard(1));
    let members = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1";
    assert_eq!(database.query_one(members, &[&login]).await.unwrap().get::<_, i64>(0), 6);
}

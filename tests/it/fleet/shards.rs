//! Runtime logins serve at most a thousand tenants each.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::tenancy::{NewTenant, Shard, TENANTS_PER_SHARD};
use tenantry_core::value::{Slug, Text};

use crate::platform;

/// When the first login is full, the next tenant gets a new one, and both kinds are served.
#[tokio::test]
async fn a_full_shard_opens_the_next() {
    let platform = platform().await;
    let first = platform.organization("First").await;
    let database = platform.database().superuser().await;
    let full = i32::try_from(TENANTS_PER_SHARD).unwrap();
    database.execute("UPDATE platform.shards SET tenants = $1", &[&full]).await.unwrap();

    let second = platform.organization("Second").await;

    let shards = "SELECT shard FROM platform.tenants ORDER BY shard";
    let shards: Vec<i16> = database.query(shards, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert_eq!(shards, [0, 1]);
    for organization in [&first, &second] {
        organization.owner().post("/contacts", json!({ "last_name": "Hopper" })).await.expect(201);
        assert_eq!(organization.owner().get("/contacts").await.expect(200).body["items"].as_array().unwrap().len(), 1);
    }
    let login = platform.database().logins().runtime_name(Shard(1));
    let members = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = $1";
    assert_eq!(database.query_one(members, &[&login]).await.unwrap().get::<_, i64>(0), 1);
}

/// Of many that find all logins full at once, one makes the next login, and all use it.
#[tokio::test(flavor = "multi_thread")]
async fn a_shard_is_opened_once() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let full = i32::try_from(TENANTS_PER_SHARD).unwrap();
    for round in 0..5_i16 {
        database.execute("UPDATE platform.shards SET tenants = $1", &[&full]).await.unwrap();
        let make = |n| {
            let name = format!("tenant-{round}-{n}");
            let new = NewTenant::new(Slug::parse(&name).unwrap(), Text::parse(&name).unwrap());
            let platform = platform.platform().clone();
            tokio::spawn(async move { platform.tenants().create(&new, async |_| Ok(())).await.unwrap() })
        };
        for shard in join_all((0..8).map(make)).await {
            assert_eq!(shard.unwrap(), Shard(round + 1));
        }
    }
}

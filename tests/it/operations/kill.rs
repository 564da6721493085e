//! `kill -9` in the middle of provisioning.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::testing::TestDatabase;

use super::program::Server;
use crate::support::count;

/// Killed at any moment, an organization is there as a whole or not at all; what was acknowledged is there.
#[tokio::test]
async fn a_killed_server_leaves_nothing_half_done() {
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let database = TestDatabase::create().await;
    let mut acknowledged = Vec::new();
    let began = Instant::now();
    for round in 0..8 {
        let server = Server::start(&database).await;
        let registering = (0..4).map(|n| {
            let slug = format!("acme-{round}-{n}");
            let body = registration(&slug);
            let server = &server;
            async move { (server.post("/api/v1/auth/register", &body).await.0 == 201).then_some(slug) }
        });
        let patience = Duration::from_millis(random.random_range(0..250));
        let mut done = std::pin::pin!(futures_util::future::join_all(registering));
        let slugs = match tokio::time::timeout(patience, &mut done).await {
            Ok(slugs) => slugs,
            // Answers that have left the server before are heard all the same.
            Err(_) => futures_util::future::join(done, server.kill()).await.0,
        };
        acknowledged.extend(slugs.into_iter().flatten());
        if began.elapsed() > Duration::from_secs(6) {
            break;
        }
    }

    let server = Server::start(&database).await;
    let superuser = database.superuser().await;
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()";
    // Backends of killed servers notice it when they next read.
    while count(&superuser, others).await > 0 {
        assert!(began.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for (what, sql) in [
        ("not active", "SELECT count(*) FROM platform.tenants WHERE status <> 'active'"),
        (
            "schemas without an organization, or the other way",
            "SELECT count(*) FROM platform.tenants t FULL JOIN (
                 SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_[0-9a-f]{32}$'
             ) s ON s.nspname = 't_' || replace(t.id::text, '-', '') WHERE t.id IS NULL OR s.nspname IS NULL",
        ),
        (
            "roles without an organization, or the other way",
            "SELECT count(*) FROM platform.tenants t FULL JOIN (
                 SELECT r.rolname FROM pg_roles r JOIN pg_auth_members m ON m.roleid = r.oid
                 JOIN pg_roles l ON l.oid = m.member WHERE l.rolname LIKE current_database() || '_run_%'
             ) r ON r.rolname = 't_' || replace(t.id::text, '-', '') WHERE t.id IS NULL OR r.rolname IS NULL",
        ),
        (
            "organizations without one owner",
            "SELECT count(*) FROM platform.tenants t
             WHERE (SELECT count(*) FROM platform.memberships m WHERE m.tenant_id = t.id AND role = 'owner') <> 1",
        ),
        (
            "people without an organization",
            "SELECT count(*) FROM platform.users u
             WHERE NOT EXISTS (SELECT 1 FROM platform.memberships m WHERE m.user_id = u.id)",
        ),
        (
            "organizations without the required modules",
            "SELECT count(*) FROM platform.tenants t
             WHERE (SELECT count(*) FROM platform.tenant_modules m WHERE m.tenant_id = t.id AND enabled) <> 2",
        ),
    ] {
        assert_eq!(count(&superuser, sql).await, 0, "{what} (seed {seed})");
    }
    for slug in &acknowledged {
        let login = json!({ "email": format!("{slug}@example.com"), "password": PASSWORD });
        let (status, session) = server.post("/api/v1/auth/login", &login).await;
        assert_eq!(status, 200, "{slug} was acknowledged (seed {seed}): {session}");
    }
    // Who was not answered may try again with the same name: what is not there does not stand in the way.
    let (status, _) = server.post("/api/v1/auth/register", &registration("acme-last")).await;
    assert_eq!(status, 201);
}

const PASSWORD: &str = "correct horse battery staple";

fn registration(slug: &str) -> Value {
    json!({
        "email": format!("{slug}@example.com"), "password": PASSWORD, "name": "Ada",
        "organization": { "name": "Acme", "slug": slug },
    })
}

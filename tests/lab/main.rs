//! Tests with handlers that no product has: they panic, hang, fail, and look around. Their module is in this binary only.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod aftermath;
mod door;
mod jobs;
mod module;

use std::time::Duration;

use serde_json::json;
use tenantry_core::testing::{TestOrganization, TestPlatform};
use tokio_postgres::Client;

/// A platform with one connection, so that whoever comes next gets the one that was left.
struct Lab {
    platform: TestPlatform,
    superuser: Client,
    alpha: TestOrganization,
    beta: TestOrganization,
}

impl Lab {
    async fn new() -> Self {
        let change = |config: &mut tenantry_core::config::Config| {
            config.pool.lanes = 1;
            config.pool.statement_timeout = Duration::from_secs(1);
            config.pool.wait = Duration::from_secs(20);
            config.http.request_timeout = Duration::from_secs(3);
        };
        let platform = TestPlatform::start_with(&["lab"], change).await;
        let (alpha, beta) = (platform.organization("Alpha").await, platform.organization("Beta").await);
        for organization in [&alpha, &beta] {
            organization.enable("lab").await;
            organization.owner().post("/contacts", json!({ "last_name": organization.slug() })).await.expect(201);
        }
        let superuser = platform.database().superuser().await;
        Self { platform, superuser, alpha, beta }
    }

    /// The rows of Alpha's contacts, and that nobody holds a lock on them.
    async fn contacts(&self) -> i64 {
        let schema = self.alpha.tenant().schema();
        let rows = self.superuser.query(&format!("SELECT FROM {schema}.contacts FOR UPDATE NOWAIT"), &[]).await;
        rows.expect("rows that nobody has locked").len() as i64
    }

    /// Waits until no connection of the request path holds a lock or a transaction.
    async fn settled(&self) {
        let busy = "SELECT count(*) FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid
             WHERE a.datname = current_database() AND a.application_name = 'tenantry runtime'
                AND (a.state <> 'idle' OR l.pid IS NOT NULL)";
        for _ in 0..500 {
            if self.superuser.query_one(busy, &[]).await.expect("a count").get::<_, i64>(0) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("a connection is still in a transaction after five seconds");
    }
}

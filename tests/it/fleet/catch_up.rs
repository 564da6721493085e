//! Bringing tenants up to date.

use std::collections::BTreeMap;

use tenantry_core::tenancy::{TenantId, catch_up};
use tenantry_core::testing::TestPlatform;

use crate::platform;

/// Runs a pass and tells for each tenant that was behind whether it went well.
async fn pass(platform: &TestPlatform) -> BTreeMap<TenantId, bool> {
    let mut outcomes = BTreeMap::new();
    let done = |tenant, outcome: Result<(), _>| {
        outcomes.insert(tenant, outcome.is_ok());
    };
    catch_up(platform.platform().tenants(), |_| {}, done).await.unwrap();
    outcomes
}

/// One tenant that cannot be migrated does not keep the others, and the next pass does only what is left.
#[tokio::test]
async fn one_failure_is_one_tenants_failure() {
    let platform = platform().await;
    let (good, bad) = (platform.organization("Good").await, platform.organization("Bad").await);
    assert!(pass(&platform).await.is_empty());

    let database = platform.database().superuser().await;
    database.execute("UPDATE platform.tenant_modules SET checksum = 'older' WHERE module = 'crm'", &[]).await.unwrap();
    let history = format!("{}.history_crm", bad.tenant().schema());
    database.execute(&format!("UPDATE {history} SET checksum = '1'"), &[]).await.unwrap();

    assert_eq!(pass(&platform).await, BTreeMap::from([(good.tenant(), true), (bad.tenant(), false)]));
    assert_eq!(pass(&platform).await, BTreeMap::from([(bad.tenant(), false)]));
    bad.owner().get("/contacts").await.expect(200);
}

/// A tenant that a killed process left in the middle is finished.
#[tokio::test]
async fn what_was_left_half_done_is_finished() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = platform.database().superuser().await;
    let half = format!(
        "UPDATE platform.tenants SET status = 'provisioning'; DROP SCHEMA {schema} CASCADE; DROP ROLE {schema}",
        schema = acme.tenant().schema()
    );
    database.batch_execute(&half).await.unwrap();
    acme.owner().get("/contacts").await.expect(403);

    assert_eq!(pass(&platform).await, BTreeMap::from([(acme.tenant(), true)]));
    acme.owner().get("/contacts").await.expect(200);
}

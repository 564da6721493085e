//! The job `expire-offers`

use serde_json::json;

use crate::agency;
use crate::market::{active, field, offer, vendor};

/// What nobody has accepted in time expires; what is accepted does not.
#[tokio::test]
async fn what_is_not_valid_any_more_expires() {
    let (platform, agency) = agency().await;
    let on = active(&agency, json!({})).await;
    vendor(&agency, &on).await;
    let (accepted, parked) = (offer(&agency, &on, "Ada").await, offer(&agency, &on, "Byron").await);
    agency.owner().post(&format!("{accepted}/accept"), json!({})).await.expect(200);
    let elsewhere = active(&agency, json!({})).await;
    let (open, valid) = (offer(&agency, &elsewhere, "Clara").await, offer(&agency, &elsewhere, "Dora").await);
    let database = platform.database().superuser().await;
    let id = valid.rsplit('/').next().unwrap();
    let sql = format!("UPDATE {}.offers SET valid_until = '2020-01-01' WHERE id <> '{id}'", agency.tenant().schema());
    database.batch_execute(&sql).await.unwrap();
    platform.run_job("real-estate/expire-offers").await;
    let status = async |path: &str| field(&agency, path, "status").await;
    assert_eq!((&*status(&accepted).await, &*status(&parked).await), ("accepted", "expired"));
    assert_eq!((&*status(&open).await, &*status(&valid).await), ("expired", "open"));
}

//! Whose records they are about, and who may see them.

use serde_json::json;
use tenantry_core::permission::RecordScope;

use super::{of_kind, open};
use crate::dashboard::fill;
use crate::platform;

/// Who may not see deals hears nothing of them; nor does who reaches none of them, nor another organization.
#[tokio::test]
async fn only_what_is_reached_is_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let other = platform.organization("Other").await;
    fill(&platform, &acme, &open(&[("A", "New", 40, "1")])).await;
    assert_eq!(of_kind(acme.owner(), "stalled_deals").await.len(), 1);
    assert_eq!(of_kind(&acme.viewer().await, "stalled_deals").await.len(), 1);
    let blind = acme.with_permissions(&["dashboard.read", "activities.read"]).await;
    let seller = acme.with_scope(&["dashboard.read", "deals.read"], RecordScope::Own).await;
    for client in [&blind, &seller, other.owner()] {
        assert_eq!(client.get("/insights").await.expect(200).body["items"], json!([]));
    }
    acme.with_permissions(&["deals.read"]).await.get("/insights").await.problem(403, "forbidden");
}

/// Days are those of a zone that there is.
#[tokio::test]
async fn the_zone_is_known() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let shown = acme.owner().get("/insights?zone=Pacific/Auckland").await.expect(200).body;
    assert_eq!(shown["zone"], "Pacific/Auckland");
    let refused = acme.owner().get("/insights?zone=Mars/Olympus").await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["zone"]);
    let settings = acme.owner().get("/notification-settings").await.expect(200);
    let zone = json!({ "time_zone": "Europe/Vienna" });
    acme.owner().patch("/notification-settings", settings.header("etag"), zone).await.expect(200);
    assert_eq!(acme.owner().get("/insights").await.expect(200).body["zone"], "Europe/Vienna");
}

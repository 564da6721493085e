//! `PUT /api/v1/modules/{name}`

use futures_util::future::join_all;
use serde_json::json;

use crate::platform;
use crate::support::count;

/// An admin enables a module; from then on its routes answer. Twice does no harm.
#[tokio::test]
async fn an_admin_enables_a_module() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let admin = acme.admin().await;
    admin.get("/clinic/patients").await.problem(404, "not_found");
    for _ in 0..2 {
        let enabled = admin.put("/modules/clinic").await.expect(200);
        assert_eq!((&enabled.body["name"], &enabled.body["enabled"]), (&json!("clinic"), &json!(true)));
        assert!(enabled.body["version"].as_i64().unwrap() >= 2, "{}", enabled.text);
    }
    assert!(admin.get("/clinic/patients").await.expect(200).items().is_empty());
    // A required module is enabled already, and asking for it changes nothing.
    assert_eq!(admin.put("/modules/crm").await.expect(200).body["enabled"], json!(true));
}

/// A member may not, an unknown module is 404, and no table is made.
#[tokio::test]
async fn others_do_not() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.viewer().await.put("/modules/clinic").await.problem(403, "forbidden");
    let refused = acme.member().await.put("/modules/clinic").await.problem(403, "forbidden");
    assert!(refused.body["detail"].as_str().unwrap().contains("modules.write"), "{}", refused.text);
    for unknown in ["zebra", "CLINIC", "clinic%20", "real_estate", "history_crm", &"a".repeat(61)] {
        acme.owner().put(&format!("/modules/{unknown}")).await.problem(404, "not_found");
    }
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM pg_class WHERE relname = 'patients'").await, 0);
}

/// Many who enable at once make the tables once.
#[tokio::test]
async fn many_at_once_make_the_tables_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let enabled =
        join_all((0..10).map(|n| owner.put(if n % 2 == 0 { "/modules/clinic" } else { "/modules/real-estate" })));
    for reply in enabled.await {
        reply.expect(200);
    }
    owner.get("/clinic/patients").await.expect(200);
    owner.get("/real-estate/properties").await.expect(200);
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.tenant_modules WHERE enabled").await, 7);
}

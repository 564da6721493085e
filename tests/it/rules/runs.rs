//! `/rules/{id}/runs`

use serde_json::json;

use super::{contact, platform, rule, set, settle, sql};

#[tokio::test]
async fn runs_are_listed_page_by_page_for_a_month() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let path = rule(owner, json!(["contact.created"]), json!([]), json!([set("notes", "x")])).await;
    for n in 0..5 {
        contact(owner, &format!("Number {n}")).await;
    }
    settle(&platform, &acme).await;
    let first = owner.get(&format!("{path}/runs?limit=3")).await.expect(200);
    let cursor = first.body["next_cursor"].as_str().unwrap().to_owned();
    let rest = owner.get(&format!("{path}/runs?limit=3&cursor={cursor}")).await.expect(200);
    let mut all = [first.column("event_id"), rest.column("event_id")].concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 5);
    assert!(owner.get(&format!("{path}/runs?failed=true")).await.expect(200).items().is_empty());

    // Whoever may not see the records does not see what was done because of them.
    let clerk = acme.with_permissions(&["rules.read"]).await;
    assert!(clerk.get(&format!("{path}/runs")).await.expect(200).items().is_empty());

    let old = "UPDATE rule_runs SET at = now() - interval '31 days' WHERE id = (SELECT id FROM rule_runs LIMIT 1);
        INSERT INTO schedules VALUES ('events/forget-runs', now()) ON CONFLICT (job) DO UPDATE SET due_at = now()";
    sql(&platform, &acme, old).await;
    assert_eq!(owner.get(&format!("{path}/runs")).await.expect(200).items().len(), 4);
    let worker = tenantry_core::worker::Worker::new(platform.platform().clone());
    worker.look_at_clock().await.unwrap();
    let database = crate::support::superuser_in(&platform, &acme).await;
    let began = std::time::Instant::now();
    while crate::support::count(&database, "SELECT count(*) FROM rule_runs").await > 4 {
        assert!(began.elapsed().as_secs() < 20, "nobody forgets");
        worker.turn().await.unwrap();
    }
}

//! `/api/v1/clinic/invoices`

use serde_json::{Value, json};
use tenantry_core::testing::{Reply, TestClient};
use tokio::task::JoinSet;

use crate::clinic;
use crate::patients::made;
use crate::services;

/// A draft with these items.
async fn draft(client: &TestClient, patient: &Reply, items: Value) -> Reply {
    let body = json!({ "patient_id": patient.id(), "currency": "EUR", "items": items });
    client.post("/clinic/invoices", body).await.expect(201)
}

/// What a verb makes of an invoice.
async fn to(client: &TestClient, verb: &str, invoice: &Reply) -> Reply {
    client.post(&format!("{}/{verb}", invoice.header("location")), json!({})).await
}

/// Sums are exact, tax is rounded once for each rate.
#[tokio::test]
async fn sums_are_by_tax_rate() {
    let (_platform, clinic) = clinic().await;
    let (member, ada) = (clinic.member().await, made(&clinic, "P-1").await);
    let item = |quantity: &str, price: &str, rate: &str| json!({ "text": "X", "code": "GOÄ 1", "quantity": quantity, "unit_price": price, "tax_rate": rate });
    let items = json!([item("3", "0.33", "20"), item("2.3", "10.05", "20.00"), item("1", "100", "0")]);
    let made = draft(&member, &ada, items).await;
    assert_eq!(made.body["status"], "draft");
    assert_eq!(made.body["number"], json!(null));
    let taxes = json!([
        { "rate": "0.00", "net": "100.00", "tax": "0.00" },
        { "rate": "20.00", "net": "24.11", "tax": "4.82" },
    ]);
    assert_eq!(made.body["taxes"], taxes);
    assert_eq!((&made.body["net"], &made.body["total"]), (&json!("124.11"), &json!("128.93")));
    let fewer = json!({ "items": [item("1", "10", "10")] });
    let changed = member.patch(made.header("location"), "\"1\"", fewer).await.expect(200);
    assert_eq!((&changed.body["net"], &changed.body["total"]), (&json!("10.00"), &json!("11.00")));
    clinic.viewer().await.get(made.header("location")).await.problem(403, "forbidden");
}

/// What makes no sense on an invoice is pointed at.
#[tokio::test]
async fn items_are_checked() {
    let (_platform, clinic) = clinic().await;
    let ada = made(&clinic, "P-1").await;
    let dollars = services::made(&clinic, json!({ "currency": "USD" })).await;
    let good = json!({ "text": "X", "quantity": "1", "unit_price": "1" });
    let with = |field: &str, value: Value| {
        let mut item = good.clone();
        item[field] = value;
        json!([good, item])
    };
    let abroad = json!({ "service_id": dollars.id(), "quantity": "1" });
    for (items, status, code, pointer) in [
        (json!([]), 422, "invalid", "/items"),
        (json!(vec![good.clone(); 21]), 422, "invalid", "/items"),
        (with("quantity", json!("0")), 422, "invalid", "/items/1/quantity"),
        (with("tax_rate", json!("100.01")), 422, "invalid", "/items/1/tax_rate"),
        (with("text", json!(null)), 422, "invalid", "/items/1/text"),
        (with("unit_price", json!(null)), 422, "invalid", "/items/1/unit_price"),
        (with("service_id", json!(uuid::Uuid::new_v4())), 404, "not_found", "/items/1/service_id"),
        (json!([abroad]), 422, "invalid", "/items/0/unit_price"),
    ] {
        let body = json!({ "patient_id": ada.id(), "currency": "EUR", "items": items });
        let refused = clinic.owner().post("/clinic/invoices", body).await.problem(status, code);
        assert_eq!(refused.pointers(), [pointer], "{}", refused.text);
    }
    assert!(clinic.owner().get("/clinic/invoices").await.expect(200).items().is_empty());
}

/// A draft is issued, then paid or cancelled; each step again changes nothing more, and no step goes back.
#[tokio::test]
async fn an_invoice_goes_forward() {
    let (_platform, clinic) = clinic().await;
    let (owner, ada) = (clinic.owner(), made(&clinic, "P-1").await);
    let items = json!([{ "text": "X", "quantity": "1", "unit_price": "1" }]);
    let first = draft(owner, &ada, items.clone()).await;
    to(owner, "pay", &first).await.problem(409, "not_issued");
    let issued = to(owner, "issue", &first).await.expect(200);
    let number = issued.body["number"].as_str().unwrap().to_owned();
    assert!(number.ends_with("-000001"), "{number}");
    assert_eq!(to(owner, "issue", &first).await.expect(200).body, issued.body);
    let late = owner.patch(first.header("location"), issued.header("etag"), json!({ "items": items })).await;
    late.problem(409, "not_draft");
    let paid = to(owner, "pay", &first).await.expect(200);
    assert_eq!(to(owner, "pay", &first).await.expect(200).body, paid.body);
    to(owner, "cancel", &first).await.problem(409, "invoice_paid");

    let second = draft(owner, &ada, items.clone()).await;
    to(owner, "issue", &second).await.expect(200);
    let void = to(owner, "cancel", &second).await.expect(200);
    assert!(void.body["number"].as_str().unwrap().ends_with("-000002"));
    assert_eq!(to(owner, "cancel", &second).await.expect(200).body, void.body);
    to(owner, "issue", &second).await.problem(409, "invoice_cancelled");
    to(owner, "pay", &second).await.problem(409, "invoice_cancelled");
    let third = draft(owner, &ada, items).await;
    assert_eq!(to(owner, "cancel", &third).await.expect(200).body["number"], json!(null));
    let list = owner.get("/clinic/invoices?filter[status]=paid").await.expect(200);
    assert_eq!(list.column("number"), [number]);
}

/// Twenty who issue at once get twenty numbers, without a gap and none twice, though some fail.
#[tokio::test]
async fn numbers_have_no_gaps() {
    let (platform, clinic) = clinic().await;
    let mut issues = JoinSet::new();
    for n in 0..20 {
        let patient = made(&clinic, &n.to_string()).await;
        let service = services::made(&clinic, json!({ "name": n.to_string() })).await;
        let items = json!([{ "service_id": service.id(), "quantity": "1" }]);
        let invoice = draft(clinic.owner(), &patient, items).await;
        let (owner, path) = (clinic.owner().clone(), format!("{}/issue", invoice.header("location")));
        // What is refused behind the counter gives its number back.
        if n % 5 == 0 {
            let sql = format!(
                "ALTER TABLE {schema}.invoices ADD CONSTRAINT no_{n} CHECK (id <> '{id}' OR number IS NULL)",
                schema = clinic.tenant().schema(),
                id = invoice.id()
            );
            platform.database().superuser().await.batch_execute(&sql).await.unwrap();
        }
        issues.spawn(async move { owner.post(&path, json!({})).await });
    }
    let mut numbers: Vec<String> = Vec::new();
    for reply in issues.join_all().await {
        match reply.status.as_u16() {
            200 => numbers.push(reply.body["number"].as_str().unwrap().rsplit('-').next().unwrap().to_owned()),
            status => assert_eq!(status, 422, "{}", reply.text),
        }
    }
    numbers.sort();
    assert_eq!(numbers, (1..=16).map(|n| format!("{n:06}")).collect::<Vec<_>>());
}

/// Within the days and visits of a fee that was paid the same service is free for the same patient; cancelling gives that back.
#[tokio::test]
async fn a_fee_covers_further_visits() {
    let (platform, clinic) = clinic().await;
    let (owner, ada, bob) = (clinic.owner(), made(&clinic, "P-1").await, made(&clinic, "P-2").await);
    let fee = json!({ "fee_validity_days": 14, "fee_validity_visits": 2, "price": "80.00" });
    let service = services::made(&clinic, fee).await;
    let visit = async |patient: &Reply| {
        let invoice = draft(owner, patient, json!([{ "service_id": service.id(), "quantity": "1" }])).await;
        let issued = to(owner, "issue", &invoice).await.expect(200);
        let is_free = issued.body["items"][0]["free_because"] == "follow_up";
        assert_eq!(issued.body["total"], if is_free { "0.00" } else { "80.00" });
        (invoice, is_free)
    };
    let (first, free) = visit(&ada).await;
    assert!(!free);
    assert!(!visit(&bob).await.1, "a fee covers its own patient");
    assert!(visit(&ada).await.1);
    let (third, free) = visit(&ada).await;
    assert!(free);
    // Both visits are taken.
    let (fourth, free) = visit(&ada).await;
    assert!(!free);
    to(owner, "cancel", &fourth).await.expect(200);
    to(owner, "cancel", &third).await.expect(200);
    assert!(visit(&ada).await.1, "a visit was given back");
    to(owner, "cancel", &first).await.problem(409, "fee_used");

    // Two weeks later.
    let sql = format!(
        "UPDATE {}.fee_charges SET valid_until = now() - interval '1 second' WHERE valid_until IS NOT NULL",
        clinic.tenant().schema()
    );
    platform.database().superuser().await.batch_execute(&sql).await.unwrap();
    assert!(!visit(&ada).await.1);
}

/// Several items of one invoice are visits of their own, and are taken back together.
#[tokio::test]
async fn one_invoice_may_cover_itself() {
    let (_platform, clinic) = clinic().await;
    let (owner, ada) = (clinic.owner(), made(&clinic, "P-1").await);
    let service = services::made(&clinic, json!({ "fee_validity_days": 7, "fee_validity_visits": 1 })).await;
    let item = json!({ "service_id": service.id(), "quantity": "1" });
    for _ in 0..2 {
        let invoice = draft(owner, &ada, json!([item, item, item])).await;
        let issued = to(owner, "issue", &invoice).await.expect(200);
        let free: Vec<_> =
            issued.body["items"].as_array().unwrap().iter().map(|i| !i["free_because"].is_null()).collect();
        assert_eq!(free, [false, true, false]);
        assert_eq!(issued.body["total"], "160.00");
        to(owner, "cancel", &invoice).await.expect(200);
    }
}

/// Of several who take the last free visit at once, one does.
#[tokio::test]
async fn the_last_free_visit_is_taken_once() {
    let (_platform, clinic) = clinic().await;
    let (owner, ada) = (clinic.owner(), made(&clinic, "P-1").await);
    let service = services::made(&clinic, json!({ "fee_validity_days": 7, "fee_validity_visits": 1 })).await;
    let items = json!([{ "service_id": service.id(), "quantity": "1" }]);
    let first = draft(owner, &ada, items.clone()).await;
    to(owner, "issue", &first).await.expect(200);
    let mut visits = JoinSet::new();
    for _ in 0..2 {
        let invoice = draft(owner, &ada, items.clone()).await;
        let (owner, path) = (owner.clone(), format!("{}/issue", invoice.header("location")));
        visits.spawn(async move { owner.post(&path, json!({})).await.expect(200).body["total"].clone() });
    }
    let mut totals: Vec<String> =
        visits.join_all().await.iter().map(|total| total.as_str().unwrap().to_owned()).collect();
    totals.sort();
    assert_eq!(totals, ["0.00", "80.00"]);
}

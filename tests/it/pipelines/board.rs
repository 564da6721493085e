//! `GET /api/v1/pipelines/{id}/board`

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;

use super::{deal, sales, stage};
use crate::platform;
use crate::support::superuser_in;

fn column<'a>(board: &'a Value, name: &str) -> &'a Value {
    board["columns"].as_array().unwrap().iter().find(|column| column["stage"]["name"] == name).unwrap()
}

/// Each stage has its deals, the last that came first, and sums by currency, also times the probability.
#[tokio::test]
async fn it_has_sums_and_the_first_deals() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let negotiation = stage(owner, "Negotiation").await;
    for (title, amount, currency) in [("A", "100.10", "EUR"), ("B", "50.05", "EUR"), ("C", "7.00", "GBP")] {
        let body = json!({ "title": title, "amount": amount, "currency": currency, "stage_id": negotiation });
        deal(owner, body).await;
    }
    deal(owner, json!({ "title": "D", "stage_id": negotiation })).await;
    let board = owner.get(&format!("/pipelines/{}/board", sales(owner).await)).await.expect(200).body;
    let names: Vec<_> = board["columns"].as_array().unwrap().iter().map(|c| c["stage"]["name"].clone()).collect();
    assert_eq!(names, ["New", "Negotiation", "Closed won", "Closed lost"]);
    let there = column(&board, "Negotiation");
    assert_eq!(there["count"], 4);
    let totals = json!([
        { "currency": "EUR", "count": 2, "amount": "150.15", "weighted": "75.08" },
        { "currency": "GBP", "count": 1, "amount": "7.00", "weighted": "3.50" },
        { "currency": null, "count": 1, "amount": null, "weighted": null },
    ]);
    assert_eq!(there["totals"], totals);
    let titles: Vec<_> = there["deals"].as_array().unwrap().iter().map(|deal| deal["title"].clone()).collect();
    assert_eq!(titles, ["D", "C", "B", "A"]);
    // A card is the deal as everywhere else.
    let (path, _) = deal(owner, json!({ "title": "E", "stage_id": negotiation, "expected_close": "2027-01-31" })).await;
    let board = owner.get(&format!("/pipelines/{}/board?cards=2", sales(owner).await)).await.expect(200).body;
    let there = column(&board, "Negotiation");
    assert_eq!(there["deals"][0], owner.get(&path).await.expect(200).body);
    assert_eq!((&there["count"], there["deals"].as_array().unwrap().len()), (&json!(5), 2));
    let new = column(&board, "New");
    assert_eq!((&new["count"], &new["totals"], &new["deals"]), (&json!(0), &json!([]), &json!([])));
    let rest = owner.get(&format!("/deals?filter[stage_id]={negotiation}&sort=-stage_since&limit=2")).await.expect(200);
    assert_eq!(rest.items(), there["deals"].as_array().unwrap());
}

/// No card at all, or how many there can be, and nothing else.
#[tokio::test]
async fn cards_are_counted() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let path = format!("/pipelines/{}/board", sales(owner).await);
    deal(owner, json!({ "title": "A" })).await;
    let none = owner.get(&format!("{path}?cards=0")).await.expect(200).body;
    assert_eq!((&column(&none, "New")["count"], &column(&none, "New")["deals"]), (&json!(1), &json!([])));
    owner.get(&format!("{path}?cards=50")).await.expect(200);
    for query in ["cards=51", "cards=-1", "cards=x", "cards="] {
        let refused = owner.get(&format!("{path}?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), ["cards"]);
    }
    let refused = owner.get(&format!("{path}?closed_since=yesterday")).await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["closed_since"]);
}

/// What was closed long ago is not there, unless it is asked for; what is open always is.
#[tokio::test]
async fn closed_deals_leave_after_a_while() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let won = stage(owner, "Closed won").await;
    deal(owner, json!({ "title": "Old", "amount": "5", "currency": "EUR", "stage_id": won })).await;
    deal(owner, json!({ "title": "Open" })).await;
    let database = superuser_in(&platform, &acme).await;
    let age = "UPDATE deals SET stage_since = now() - interval '31 days', closed_at = CASE WHEN status = 'won' THEN now() - interval '31 days' END";
    database.batch_execute(age).await.unwrap();
    deal(owner, json!({ "title": "Young", "amount": "6", "currency": "EUR", "stage_id": won })).await;
    let path = format!("/pipelines/{}/board", sales(owner).await);
    let board = owner.get(&path).await.expect(200).body;
    assert_eq!(column(&board, "New")["count"], 1);
    let there = column(&board, "Closed won");
    assert_eq!((&there["count"], &there["totals"][0]["amount"]), (&json!(1), &json!("6.00")));
    assert_eq!(there["deals"].as_array().unwrap().len(), 1);
    let all = owner.get(&format!("{path}?closed_since=2020-01-01T00:00:00Z")).await.expect(200).body;
    let there = column(&all, "Closed won");
    assert_eq!((&there["count"], &there["totals"][0]["weighted"]), (&json!(2), &json!("11.00")));
}

/// Who reaches some deals sees the board of those, counts and sums too.
#[tokio::test]
async fn it_is_of_what_the_caller_reaches() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let all = ["deals.read", "deals.write", "pipelines.read"];
    let own = acme.with_scope(&all, RecordScope::Own).await;
    let team = acme.with_scope(&all, RecordScope::Team).await;
    let body =
        |title: &str| json!({ "title": title, "amount": "10", "currency": "EUR", "expected_close": "2027-03-01" });
    deal(acme.owner(), body("Theirs")).await;
    deal(&own, body("Mine")).await;
    deal(&team, body("Ours")).await;
    let path = format!("/pipelines/{}/board", sales(acme.owner()).await);
    let forecast = format!("/pipelines/{}/forecast?from=2027-03-01&until=2027-03-31", sales(acme.owner()).await);
    acme.team("Sales", &[&team, &own]).await;
    for (client, count, sum) in [(&own, 1, "10.00"), (&team, 2, "20.00"), (acme.owner(), 3, "30.00")] {
        let board = client.get(&path).await.expect(200).body;
        let new = column(&board, "New");
        assert_eq!((&new["count"], &new["totals"][0]["amount"]), (&json!(count), &json!(sum)));
        assert_eq!(new["deals"].as_array().unwrap().len(), count);
        let months = client.get(&forecast).await.expect(200).body;
        assert_eq!(months["months"][0]["expected"][0]["amount"], sum);
    }
}

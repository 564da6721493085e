//! Columns that fill own fields.

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;
use tenantry_core::testing::TestClient;

use super::{import, over, send};
use crate::custom_fields::{acme, body, field};

async fn errors(client: &TestClient, import: &Value) -> Vec<(i64, Option<String>, String)> {
    let path = format!("/imports/{}/errors", import["id"].as_str().unwrap());
    let error = |error: &Value| {
        let text = |name: &str| error[name].as_str().map(str::to_owned);
        (error["row_number"].as_i64().unwrap(), text("column_name"), text("reason").unwrap())
    };
    client.get(&path).await.expect(200).items().iter().map(error).collect()
}

async fn custom(client: &TestClient, name: &str) -> Value {
    let found = client.get(&format!("/contacts?q={name}")).await.expect(200);
    found.items()[0]["custom"].clone()
}

/// Columns are known by key or label, or named; cells are read as what their field takes.
#[tokio::test]
async fn cells_become_values_of_their_type() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let company = owner.post("/companies", json!({ "name": "Mill" })).await.expect(201);
    for kind in ["text", "number", "date", "choice", "boolean", "reference"] {
        field(owner, kind, kind).await;
    }
    let file = format!(
        "last_name,custom.text,NUMBER,The date,choice,boolean,reference\n\
         First,a,12.50,2026-11-21,RED,Yes,{0}\nSecond,,'-3,,\"Blue, dark\",0,\nThird,,,,,,\n",
        company.id()
    );
    let done = import(owner, json!({ "resource": "contacts" }), file.clone()).await;
    assert_eq!((&done["created"], &done["failed"]), (&json!(3), &json!(0)), "{done}");
    assert_eq!(done["mapping"][3], json!({ "column": "The date", "field": "custom.date" }));
    let all = json!({
        "text": "a", "number": 12.5, "date": "2026-11-21", "choice": "red", "boolean": true, "reference": company.id(),
    });
    assert_eq!(custom(owner, "First").await, all);
    assert_eq!(custom(owner, "Second").await, json!({ "number": -3, "choice": "Blue, dark", "boolean": false }));
    assert_eq!(custom(owner, "Third").await, json!({}));
    let mapping =
        json!([{ "column": "last_name", "field": "last_name" }, { "column": "NUMBER", "field": "custom.number" }]);
    let named = json!({ "resource": "contacts", "mapping": mapping, "dry_run": true });
    assert_eq!(import(owner, named, file).await["created"], 3);
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 3);
}

/// What a field does not take is an error of its row that names the column, in a dry run too; required fields are required.
#[tokio::test]
async fn wrong_cells_are_errors_of_their_rows() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for (key, kind) in [("size", "number"), ("since", "date"), ("employer", "reference"), ("vip", "boolean")] {
        field(owner, key, kind).await;
    }
    let mut required = body("contacts", "tier", "choice");
    required["required"] = json!(true);
    owner.post("/custom-fields", required).await.expect(201);
    let file = format!(
        "last_name,Size,Since,Employer,VIP,Tier\nA,x,,,,red\nB,,21.11.2026,,,red\nC,,,{},,red\nD,,,,maybe,red\nE,,,,,\nF,1,,,1,red\n",
        uuid::Uuid::new_v4()
    );
    let places = [(1, "Size"), (2, "Since"), (3, "Employer"), (4, "VIP"), (5, "Tier")];
    for dry_run in [true, false] {
        let done = import(owner, json!({ "resource": "contacts", "dry_run": dry_run }), file.clone()).await;
        assert_eq!((&done["created"], &done["failed"]), (&json!(1), &json!(5)), "{done}");
        let told: Vec<_> = errors(owner, &done).await.into_iter().map(|(row, column, _)| (row, column)).collect();
        assert_eq!(told, places.map(|(row, column)| (row, Some(column.to_owned()))));
    }
    let without = import(owner, json!({ "resource": "contacts" }), "last_name\nG\n").await;
    assert_eq!(without["failed"], 1);
    let (row, column, reason) = errors(owner, &without).await.remove(0);
    assert_eq!((row, column, reason.as_str()), (1, None, "custom.tier: this field is required"));
}

/// Rows about somebody who is known change the values that they name, and no others.
#[tokio::test]
async fn known_records_keep_what_is_not_named() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    field(owner, "size", "number").await;
    field(owner, "floor", "number").await;
    let known = json!({ "last_name": "Known", "email": "a@example.com", "custom": { "size": 1, "floor": 2 } });
    owner.post("/contacts", known).await.expect(201);
    let mut required = body("contacts", "tier", "text");
    required["required"] = json!(true);
    owner.post("/custom-fields", required).await.expect(201);
    let file = "last_name,email,size,tier\nKnown,a@example.com,5,\nFresh,b@example.com,6,x\nFresh,b@example.com,7,\nBare,c@example.com,,\n";
    let done = import(owner, json!({ "resource": "contacts", "duplicates": "update" }), file).await;
    assert_eq!(["created", "updated", "failed"].map(|name| done[name].as_i64().unwrap()), [1, 2, 1], "{done}");
    assert_eq!(custom(owner, "Known").await, json!({ "size": 5, "floor": 2 }));
    assert_eq!(custom(owner, "Fresh").await, json!({ "size": 7, "tier": "x" }));
}

/// A mapping names what is there; a field that is deleted meanwhile is an error of each row that fills it.
#[tokio::test]
async fn a_mapping_names_fields_that_are_there() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let size = field(owner, "size", "number").await;
    let mapping = |field: &str| {
        let mapping = json!([{ "column": "n", "field": "last_name" }, { "column": "s", "field": field }]);
        json!({ "resource": "contacts", "mapping": mapping })
    };
    for wrong in ["custom.zebra", "custom.", "custom.A", "zebra"] {
        let refused = owner.post("/imports", mapping(wrong)).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), ["/mapping/1/field"], "{wrong}");
    }
    let mut companies = mapping("custom.size");
    companies["resource"] = json!("companies");
    companies["mapping"][0]["field"] = json!("name");
    owner.post("/imports", companies).await.problem(422, "invalid");
    let made = owner.post("/imports", mapping("custom.size")).await.expect(201);
    owner.delete(&format!("/custom-fields/{}", size.id())).await.expect(204);
    send(owner, &made, "n,s\nA,1\nB,\n").await.expect(200);
    let done = over(owner, made.header("location")).await;
    assert_eq!((&done["created"], &done["failed"]), (&json!(1), &json!(1)), "{done}");
    assert_eq!(errors(owner, &done).await[0].1.as_deref(), Some("s"));
}

/// References reach as far as whoever imports.
#[tokio::test]
async fn references_are_in_reach() {
    let (_platform, acme) = acme().await;
    field(acme.owner(), "employer", "reference").await;
    let theirs = acme.owner().post("/companies", json!({ "name": "Mill" })).await.expect(201);
    let all = ["contacts.read", "contacts.write", "companies.read", "companies.write", "imports.read", "imports.write"];
    let anna = acme.with_scope(&all, RecordScope::Own).await;
    let hers = anna.post("/companies", json!({ "name": "Hers" })).await.expect(201);
    let file = format!("last_name,employer\nA,{}\nB,{}\n", theirs.id(), hers.id());
    let done = import(&anna, json!({ "resource": "contacts" }), file).await;
    assert_eq!((&done["created"], &done["failed"]), (&json!(1), &json!(1)), "{done}");
    assert_eq!(errors(&anna, &done).await[0], (1, Some("employer".to_owned()), "there is no such record".to_owned()));
}

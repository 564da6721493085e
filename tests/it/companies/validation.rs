//! What a company may hold.

use serde_json::{Value, json};

use crate::platform;

/// What is no company is pointed at, and nothing is stored.
#[tokio::test]
async fn what_is_no_company_is_pointed_at() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let many = |value: Value, count: usize| vec![value; count];
    let words: Vec<String> = (0..51).map(|n| format!("tag {n}")).collect();
    for (field, value, pointer) in [
        ("name", json!(null), "/name"),
        ("name", json!("x".repeat(201)), "/name"),
        ("website", json!("example.com"), "/website"),
        ("website", json!("javascript:alert(1)"), "/website"),
        ("phone", json!("01 588 58"), "/phone"),
        ("email", json!("office"), "/email"),
        ("industry", json!("x".repeat(101)), "/industry"),
        ("tax_number", json!("a\nb"), "/tax_number"),
        ("tags", json!("VIP"), "/tags"),
        ("tags", json!([" "]), "/tags/0"),
        ("tags", json!(["a", "x".repeat(51)]), "/tags/1"),
        ("tags", json!(words), "/tags"),
        ("addresses", json!(many(json!({}), 21)), "/addresses"),
        ("addresses", json!([{ "country": "Austria" }]), "/addresses/0/country"),
        ("addresses", json!([{}, { "town": "Wien" }]), "/addresses/1/town"),
        ("addresses", json!([{ "label": "x".repeat(51) }]), "/addresses/0/label"),
        ("addresses", json!(["Wien"]), "/addresses/0"),
        ("owner_id", json!("x"), "/owner_id"),
        ("custom", json!({ "zebra": 1 }), "/custom/zebra"),
    ] {
        let mut body = json!({ "name": "Mill" });
        body[field] = value;
        let refused = acme.owner().post("/companies", body.clone()).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{body}: {}", refused.text);
    }
    assert!(acme.owner().get("/companies").await.expect(200).items().is_empty());
    let most = json!({
        "name": "ä".repeat(200), "addresses": many(json!({ "city": "Wien" }), 20), "tags": words[..50],
    });
    acme.owner().post("/companies", most).await.expect(201);
}

/// The table refuses what the API does.
#[tokio::test]
async fn the_table_has_the_rules_too() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = crate::support::superuser_in(&platform, &acme).await;
    for set in [
        "tags = '{\"\"}'",
        "tags = '{NULL}'",
        "tags = array[repeat('x', 51)]",
        "tags = array_fill('x'::text, array[51])",
        "addresses = '{}'",
        "addresses = '[1]'",
        "phone = '015885801'",
    ] {
        let sql = format!(
            "WITH new AS (SELECT gen_random_uuid() AS id) INSERT INTO companies (id, name, {}) SELECT id, 'X', {} FROM new",
            set.split(" = ").next().unwrap(),
            set.split(" = ").nth(1).unwrap()
        );
        let refused = database.batch_execute(&sql).await.expect_err(set);
        assert_eq!(refused.code().map(|code| code.code()), Some("23514"), "{set}: {refused:?}");
    }
    for set in ["emails = '[{\"email\": 1}]'", "emails = '[{}]'", "phones = '[{\"phone\": \"01588\"}]'", "phones = '7'"]
    {
        let (column, value) = set.split_once(" = ").unwrap();
        let sql = format!("INSERT INTO contacts (id, last_name, {column}) VALUES (gen_random_uuid(), 'X', {value})");
        let refused = database.batch_execute(&sql).await.expect_err(set);
        assert_eq!(refused.code().map(|code| code.code()), Some("23514"), "{set}: {refused:?}");
    }
    // Nobody names a company first who does not work there.
    let stray = "WITH c AS (INSERT INTO companies (id, name) VALUES (gen_random_uuid(), 'X') RETURNING id)
        INSERT INTO contacts (id, last_name, primary_company_id) SELECT gen_random_uuid(), 'X', id FROM c";
    let refused = database.batch_execute(stray).await.expect_err("a stray company");
    assert_eq!(refused.code().map(|code| code.code()), Some("23503"), "{refused:?}");
}

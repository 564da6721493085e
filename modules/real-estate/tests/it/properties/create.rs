//! `POST /api/v1/real-estate/properties`

use serde_json::json;

use super::{house, property};
use crate::agency;

/// A member lists a property; it starts as a draft, and what was left out is null.
#[tokio::test]
async fn a_member_creates_a_property() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let made = member.post("/real-estate/properties", house()).await.expect(201);
    for (field, value) in house().as_object().unwrap() {
        assert_eq!(made.body[field], *value, "{field}");
    }
    assert_eq!(made.body["status"], "incomplete");
    assert_eq!((&made.body["postcode"], &made.body["description"]), (&json!(null), &json!(null)));
    assert_eq!(made.header("etag"), "\"1\"");
    assert_eq!(made.header("location"), format!("/api/v1/real-estate/properties/{}", made.id()));
    assert_eq!(member.get(made.header("location")).await.expect(200).body, made.body);

    agency.viewer().await.post("/real-estate/properties", house()).await.problem(403, "forbidden");
}

/// Money is exact: it goes in as text and comes out as the same amount with two decimals.
#[tokio::test]
async fn amounts_are_exact() {
    let (_platform, agency) = agency().await;
    for (sent, kept) in [
        ("0", "0.00"),
        ("0.1", "0.10"),
        ("0.30", "0.30"),
        ("16777217.01", "16777217.01"),
        ("9007199254.99", "9007199254.99"),
        ("9999999999.99", "9999999999.99"),
        ("0000000001", "1.00"),
    ] {
        let made = agency.owner().post("/real-estate/properties", property(json!({ "price": sent }))).await.expect(201);
        assert_eq!(made.body["price"], kept);
        assert_eq!(agency.owner().get(made.header("location")).await.expect(200).body["price"], kept);
    }
}

/// What is no property is 422 with a pointer to the place.
#[tokio::test]
async fn what_is_no_property_is_pointed_at() {
    let (_platform, agency) = agency().await;
    for (field, value, words) in [
        ("price", json!("-1"), "249000.00"),
        ("price", json!("1.234"), "two decimals"),
        ("price", json!("10000000000"), "ten digits"),
        ("price", json!("1e3"), "249000.00"),
        ("price", json!(" 1"), "249000.00"),
        ("price", json!("1,5"), "249000.00"),
        ("price", json!("١٢٣"), "249000.00"),
        ("price", json!(249000.5), "expected a string"),
        ("price", json!(1), "expected a string"),
        ("currency", json!("eur"), "EUR"),
        ("currency", json!("EURO"), "EUR"),
        ("country", json!("Germany"), "GB"),
        ("country", json!("de"), "GB"),
        ("type", json!("castle"), "`house`, `apartment`, `land`, `commercial`"),
        ("type", json!(null), "expected"),
        ("status", json!("sold"), "`coming_soon`"),
        ("street", json!("a".repeat(201)), "at most 200 characters"),
        ("city", json!(""), "at least 1 character"),
        ("postcode", json!("a".repeat(21)), "at most 20 characters"),
        ("description", json!("a\u{0}"), "U+0000"),
        ("owner_id", json!("x"), "does not exist"),
        ("rooms", json!(1001), "1 to 1000"),
        ("rooms", json!(2.5), "expected"),
        ("living_area", json!(0), "1 to 1000000"),
    ] {
        let body = property(json!({ field: value }));
        let refused = agency.owner().post("/real-estate/properties", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")], "{}", refused.text);
        assert!(refused.reason(&format!("/{field}")).contains(words), "{field}: {}", refused.text);
        assert!(!refused.text.contains("castle") && !refused.text.contains("sold"), "{}", refused.text);
    }
    for field in ["type", "price", "currency", "street", "city", "country"] {
        let mut body = house();
        body.as_object_mut().unwrap().remove(field);
        let refused = agency.owner().post("/real-estate/properties", body).await.problem(422, "invalid");
        assert_eq!(refused.reason(&format!("/{field}")), "this field is required");
    }
    assert!(agency.owner().get("/real-estate/properties").await.expect(200).items().is_empty());
}

//! `GET /api/v1/real-estate/properties`

use serde_json::{Value, json};

use super::{agency, property};

async fn add(agency: &tenantry_core::testing::TestOrganization, changes: Value) {
    agency.owner().post("/real-estate/properties", property(changes)).await.expect(201);
}

/// Type, status and price narrow the list, each and together.
#[tokio::test]
async fn filters_narrow_the_list() {
    let (_platform, agency) = agency().await;
    for (city, kind, status, price) in [
        ("A", "house", "active", "100000.00"),
        ("B", "house", "closed", "200000.00"),
        ("C", "apartment", "active", "200000.01"),
        ("D", "land", "active_under_contract", "300000.00"),
    ] {
        add(&agency, json!({ "city": city, "type": kind, "status": status, "price": price })).await;
    }
    for (query, cities) in [
        ("", vec!["A", "B", "C", "D"]),
        ("&type=house", vec!["A", "B"]),
        ("&type=commercial", vec![]),
        ("&status=active", vec!["A", "C"]),
        ("&status=active_under_contract", vec!["D"]),
        ("&price_min=200000", vec!["B", "C", "D"]),
        ("&price_max=200000", vec!["A", "B"]),
        ("&price_min=200000.01&price_max=200000.01", vec!["C"]),
        ("&price_min=300000.01", vec![]),
        ("&price_min=2&price_max=1", vec![]),
        ("&type=house&status=active&price_max=150000.5", vec!["A"]),
    ] {
        let list = agency.owner().get(&format!("/real-estate/properties?sort=created_at{query}")).await.expect(200);
        assert_eq!(list.column("city"), cities, "{query}");
    }
}

/// The list goes by age or price, either way; equal prices page on without a gap.
#[tokio::test]
async fn the_list_is_sorted_as_asked() {
    let (_platform, agency) = agency().await;
    for (city, price) in [("A", "20.00"), ("B", "3.00"), ("C", "100.00"), ("D", "100.00")] {
        add(&agency, json!({ "city": city, "price": price })).await;
    }
    let owner = agency.owner();
    for (sort, cities) in [
        ("", ["D", "C", "B", "A"]),
        ("sort=-created_at&", ["D", "C", "B", "A"]),
        ("sort=created_at&", ["A", "B", "C", "D"]),
        ("sort=price&", ["B", "A", "C", "D"]),
        ("sort=-price&", ["D", "C", "A", "B"]),
    ] {
        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = owner.get(&format!("/real-estate/properties?{sort}limit=1{cursor}")).await.expect(200);
            walked.extend(page.column("city").into_iter().map(str::to_owned));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(walked, cities, "{sort}");
    }
}

/// A value that cannot be looked for is pointed at, an unknown parameter refused.
#[tokio::test]
async fn parameters_are_checked() {
    let (_platform, agency) = agency().await;
    for (query, pointer) in [
        ("type=castle", "type"),
        ("status=sold", "status"),
        ("price_min=abc", "price_min"),
        ("price_min=-1", "price_min"),
        ("price_max=1.234", "price_max"),
        ("sort=city", "sort"),
        ("limit=0", "limit"),
    ] {
        let refused = agency.owner().get(&format!("/real-estate/properties?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer]);
        assert!(!refused.text.contains("castle") && !refused.text.contains("abc"), "{}", refused.text);
    }
    for query in ["kind=house", "type=house&type=land", "city=K"] {
        agency.owner().get(&format!("/real-estate/properties?{query}")).await.problem(400, "malformed_request");
    }
}

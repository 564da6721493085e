//! `GET /api/v1/real-estate/properties`

use serde_json::{Value, json};

use super::property;
use crate::agency;

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
        ("&filter[type]=house", vec!["A", "B"]),
        ("&filter[type]=commercial", vec![]),
        ("&filter[status]=active", vec!["A", "C"]),
        ("&filter[status][eq]=active_under_contract", vec!["D"]),
        ("&filter[price][gte]=200000", vec!["B", "C", "D"]),
        ("&filter[price][lte]=200000", vec!["A", "B"]),
        ("&filter[price][gte]=200000.01&filter[price][lte]=200000.01", vec!["C"]),
        ("&filter[price][gt]=300000", vec![]),
        ("&filter[price][gt]=2&filter[price][lt]=1", vec![]),
        ("&filter[type]=house&filter[status]=active&filter[price][lte]=150000.5", vec!["A"]),
        ("&filter[price]=200000.01", vec!["C"]),
        ("&filter[type][in]=land,house", vec!["A", "B", "D"]),
        ("&filter[status][ne]=active", vec!["B", "D"]),
        ("&filter[city]=a", vec!["A"]),
        ("&filter[city][in]=A,d,x", vec!["A", "D"]),
        ("&filter[street][contains]=HAUPTSTRA%C3%9FE", vec!["A", "B", "C", "D"]),
        ("&filter[street][contains]=%25", vec![]),
        ("&filter[created_at][gt]=2200-01-01T00:00:00Z", vec![]),
        ("&filter[created_at][gte]=1970-01-01T00:00:00Z", vec!["A", "B", "C", "D"]),
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
        ("filter[type]=castle", "filter[type]"),
        ("filter[status]=sold", "filter[status]"),
        ("filter[price][gte]=abc", "filter[price][gte]"),
        ("filter[price]=-1", "filter[price]"),
        ("filter[price][lte]=1.234", "filter[price][lte]"),
        ("sort=city", "sort"),
        ("limit=0", "limit"),
    ] {
        let refused = agency.owner().get(&format!("/real-estate/properties?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer]);
        assert!(!refused.text.contains("castle") && !refused.text.contains("abc"), "{}", refused.text);
    }
    for query in ["kind=house", "type=house", "filter[type]=house&filter[type]=land", "city=K"] {
        agency.owner().get(&format!("/real-estate/properties?{query}")).await.problem(400, "malformed_request");
    }
}

//! `GET /api/v1/companies`: what the list can be asked for, its order, its pages.

use serde_json::json;

use crate::platform;

/// `q` looks in words without case and accents; the other filters find whole values, and narrow each other.
#[tokio::test]
async fn filters_find_companies() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    for company in [
        json!({ "name": "Müller & Söhne", "website": "https://mueller.example", "industry": "Joinery", "tags": ["VIP", "Wien"] }),
        json!({ "name": "Mill 100%", "email": "office@mill.example", "phone": "+43 1 5885801", "tags": ["Wien"] }),
        json!({ "name": "Żabka", "tax_number": "PL5223071241", "industry": "joinery" }),
    ] {
        owner.post("/companies", company).await.expect(201);
    }
    for (query, names) in [
        ("q=muller", vec!["Müller & Söhne"]),
        ("q=M%C3%9CLLER%20%26", vec!["Müller & Söhne"]),
        ("q=sohne", vec!["Müller & Söhne"]),
        ("q=zabka", vec!["Żabka"]),
        ("q=%C5%BBABKA", vec!["Żabka"]),
        ("q=5223071", vec!["Żabka"]),
        ("q=mueller.ex", vec!["Müller & Söhne"]),
        ("q=%2B4315885801", vec!["Mill 100%"]),
        ("q=%25", vec!["Mill 100%"]),
        ("q=_", vec![]),
        ("filter[email]=Office@MILL.example", vec!["Mill 100%"]),
        ("filter[industry]=JOINERY", vec!["Müller & Söhne", "Żabka"]),
        ("filter[tags][has]=Wien", vec!["Mill 100%", "Müller & Söhne"]),
        ("filter[tags][has]=%20VIP", vec!["Müller & Söhne"]),
        ("filter[tags][has]=VIP&filter[industry]=joinery&q=soh", vec!["Müller & Söhne"]),
        ("filter[tags][has]=none", vec![]),
    ] {
        let found = owner.get(&format!("/companies?sort=name&{query}")).await.expect(200);
        assert_eq!(found.column("name"), names, "{query}");
    }
    for (query, pointer) in [
        ("filter[tags][has]=", "filter[tags][has]"),
        ("q=", "q"),
        ("filter[industry]=", "filter[industry]"),
        ("sort=industry", "sort"),
    ] {
        let refused = owner.get(&format!("/companies?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{query}");
    }
}

/// Sorted as asked, page after page.
#[tokio::test]
async fn pages_are_in_order() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for name in ["b", "c", "a"] {
        acme.owner().post("/companies", json!({ "name": name })).await.expect(201);
    }
    for (sort, names) in [("", ["a", "c", "b"]), ("&sort=name", ["a", "b", "c"]), ("&sort=-name", ["c", "b", "a"])] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = acme.owner().get(&format!("/companies?limit=1{sort}{cursor}")).await.expect(200);
            seen.extend(page.column("name").into_iter().map(str::to_owned));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, names, "{sort}");
    }
}

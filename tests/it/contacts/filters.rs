//! `GET /api/v1/contacts`: what the list can be asked for.

use serde_json::json;
use tenantry_core::testing::TestClient;

use crate::platform;

async fn add(client: &TestClient, first: &str, last: &str, email: &str, phone: &str, company: &str) {
    let body = json!({ "first_name": first, "last_name": last, "email": email, "phone": phone, "company": company });
    client.post("/contacts", body).await.expect(201);
}

async fn found(client: &TestClient, query: &str) -> Vec<String> {
    let reply = client.get(&format!("/contacts?sort=display_name&{query}")).await.expect(200);
    reply.column("first_name").into_iter().map(str::to_owned).collect()
}

/// `q` looks in names, e-mail, company and phone, in any case; what the database's patterns mean is taken literally.
#[tokio::test]
async fn q_looks_everywhere() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    add(owner, "Ada", "Byron", "ada@example.com", "+44 20 7946 0000", "Engines Ltd").await;
    add(owner, "Grace", "Hopper", "grace@navy.example", "+1 202 555 0100", "100% Navy_Yard").await;
    add(owner, "Jürgen", "Äpfel", "juergen@example.com", "+49 30 901820", "Söhne \\ Töchter").await;

    for (query, names) in [
        ("q=ada", vec!["Ada"]),
        ("q=BYRON", vec!["Ada"]),
        ("q=da%20byr", vec!["Ada"]),
        ("q=navy.ex", vec!["Grace"]),
        ("q=%2B44", vec!["Ada"]),
        ("q=engines", vec!["Ada"]),
        ("q=%C3%A4pfel", vec!["Jürgen"]),
        ("q=%C3%84PFEL", vec!["Jürgen"]),
        ("q=J%C3%9CRGEN", vec!["Jürgen"]),
        ("q=jurgen%20apfel", vec!["Jürgen"]),
        ("q=example", vec!["Ada", "Grace", "Jürgen"]),
        ("q=%25", vec!["Grace"]),
        ("q=0%25%20n", vec!["Grace"]),
        ("q=_", vec!["Grace"]),
        ("q=a_a", vec![]),
        ("q=%5C", vec!["Jürgen"]),
        ("q=nobody", vec![]),
        ("q=%27%20OR%201%3D1%20--", vec![]),
    ] {
        assert_eq!(found(owner, query).await, names, "{query}");
    }
}

/// `email` and `company` find the whole value, in any case, and filters narrow each other.
#[tokio::test]
async fn email_and_company_find_the_whole_value() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    add(owner, "Ada", "Byron", "Ada@Example.com", "+4315885801", "ÄPFEL & Söhne").await;
    add(owner, "Bea", "Byron", "bea@example.com", "+4315885802", "äpfel & söhne").await;
    add(owner, "Odysseus", "King", "ΟΔΟΣ@example.com", "+4315885803", "ΟΔΥΣΣΕΥΣ").await;

    for (query, names) in [
        ("filter[email]=ada@example.com", vec!["Ada"]),
        ("filter[email]=ADA@EXAMPLE.COM", vec!["Ada"]),
        ("filter[email]=da@example.com", vec![]),
        ("filter[email]=%CE%9F%CE%94%CE%9F%CE%A3@example.com", vec!["Odysseus"]),
        ("filter[company]=%C3%84pfel%20%26%20S%C3%B6hne", vec!["Ada", "Bea"]),
        ("filter[company]=%CE%9F%CE%94%CE%A5%CE%A3%CE%A3%CE%95%CE%A5%CE%A3", vec!["Odysseus"]),
        ("filter[company]=%C3%84pfel", vec![]),
        ("q=%CE%9F%CE%94%CE%A5%CE%A3%CE%A3%CE%95%CE%A5%CE%A3", vec!["Odysseus"]),
        ("filter[company]=%C3%A4pfel%20%26%20s%C3%B6hne&filter[email]=bea@example.com", vec!["Bea"]),
        ("filter[company]=%C3%A4pfel%20%26%20s%C3%B6hne&q=byron", vec!["Ada", "Bea"]),
        ("filter[email]=bea@example.com&q=ada", vec![]),
        ("filter[email][in]=BEA@example.com,x@y.z", vec!["Bea"]),
        ("filter[email][in]=BEA@example.com,%CE%9F%CE%94%CE%9F%CE%A3@example.com", vec!["Bea", "Odysseus"]),
        ("filter[email][null]=true", vec![]),
        ("filter[email][null]=false", vec!["Ada", "Bea", "Odysseus"]),
        ("filter[owner_id]=01890000-0000-7000-8000-000000000000", vec![]),
        ("filter[owner_id][null]=false&q=bea", vec!["Bea"]),
        ("filter[updated_at][gte]=2200-01-01T00:00:00Z", vec![]),
        ("filter[created_at][lt]=2200-01-01T00:00:00%2B01:00&q=bea", vec!["Bea"]),
    ] {
        assert_eq!(found(owner, query).await, names, "{query}");
    }
}

/// A value that cannot be looked for is pointed at by the parameter's name.
#[tokio::test]
async fn values_are_checked() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (query, pointer) in [
        ("q=", "q"),
        (&format!("q={}", "a".repeat(201)), "q"),
        ("filter[email]=ada", "filter[email]"),
        ("filter[email]=", "filter[email]"),
        ("filter[company]=", "filter[company]"),
        ("sort=zebra", "sort"),
        ("sort=", "sort"),
        ("sort=last_name", "sort"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=201", "limit"),
        ("limit=1000000000", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=abc", "limit"),
        ("limit=1.5", "limit"),
        ("limit=", "limit"),
    ] {
        let refused = acme.owner().get(&format!("/contacts?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{query}");
        assert!(!refused.text.contains("zebra") && !refused.text.contains("abc"), "{}", refused.text);
    }
    let reason = acme.owner().get("/contacts?limit=0").await;
    assert_eq!(reason.reason("limit"), "expected a number from 1 to 200");
    acme.owner().get(&format!("/contacts?q={}", "a".repeat(200))).await.expect(200);
    acme.owner().get("/contacts?limit=200").await.expect(200);
}

/// A parameter that nobody declared, or that is given twice, is 400: it would be ignored, and the caller misled.
#[tokio::test]
async fn parameters_are_known_and_given_once() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for query in
        ["zebra=1", "Limit=1", "tenant_id=1", "limit=1&limit=1", "limit=1&limit=2", "q=a&q=b", "limit=1&%6Cimit=2"]
    {
        let refused = acme.owner().get(&format!("/contacts?{query}")).await.problem(400, "malformed_request");
        assert!(!refused.text.contains("zebra"), "{}", refused.text);
    }
    let unknown = acme.owner().get("/contacts?zebra=1").await;
    let detail = unknown.body["detail"].as_str().unwrap();
    assert!(
        detail.contains("q, filter[email], filter[email][in], ") && detail.contains(", sort, limit, cursor."),
        "{detail}"
    );
    for query in ["q=%00", "q=%ff", "q=%zz"] {
        acme.owner().get(&format!("/contacts?{query}")).await.problem(400, "malformed_request");
    }
    let made = acme.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    acme.owner().get(&format!("{}?zebra=1", made.header("location"))).await.problem(400, "malformed_request");
    acme.owner().delete(&format!("{}?force=1", made.header("location"))).await.problem(400, "malformed_request");
    acme.owner().get(made.header("location")).await.expect(200);
}

//! The language of filters: what is refused, and with which words.

use serde_json::json;
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};

use crate::platform;

async fn agency() -> (TestPlatform, TestOrganization) {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.enable("real-estate").await;
    acme.enable("clinic").await;
    (platform, acme)
}

/// The whole of each of the parameters is in both documents, with its schema.
#[tokio::test]
async fn each_filter_is_documented() {
    let (platform, _acme) = agency().await;
    for path in ["/openapi.json", "/openapi-3.0.json"] {
        let document = platform.anonymous().get(path).await.expect(200).body;
        let parameters = document["paths"]["/api/v1/real-estate/properties"]["get"]["parameters"].as_array().unwrap();
        let named = |name: &str| parameters.iter().find(|parameter| parameter["name"] == name);
        let least = named("filter[price][gte]").unwrap_or_else(|| panic!("{path}: {parameters:#?}"));
        assert_eq!(least["in"], "query");
        assert_eq!(least["required"], false);
        assert_eq!(least["schema"]["format"], "decimal");
        assert_eq!(least["description"], "The price asked. This or more, or later.");
        assert!(named("filter[status]").unwrap()["schema"]["$ref"].is_string());
        assert_eq!(named("filter[status][in]").unwrap()["schema"]["type"], "string");
        assert_eq!(named("sort").unwrap()["schema"]["default"], "-created_at");
        assert!(named("limit").is_some() && named("cursor").is_some() && named("criteria").is_none());
    }
}

/// A parameter that there is none of is refused, with the names of those that there are.
#[tokio::test]
async fn what_is_unknown_is_answered_with_what_there_is() {
    let (_platform, acme) = agency().await;
    let list = async |query: &str| acme.owner().get(&format!("/real-estate/properties?{query}")).await;
    for query in ["filter[zebra]=1", "filter[zebra][in]=1", "filter=1", "filter[]=1", "filter[price=1", "status=active"]
    {
        let refused = list(query).await.problem(400, "malformed_request");
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("filter[type], filter[type][in], filter[status],"), "{query}: {detail}");
        assert!(!refused.text.contains("zebra"), "{}", refused.text);
    }
    for (query, field, takes) in [
        (
            "filter[created_at]=2026-01-01T00:00:00Z",
            "filter[created_at]",
            "takes filter[created_at][gt], filter[created",
        ),
        ("filter[created_at][eq]=1", "filter[created_at]", "takes filter[created_at][gt], filter[created"),
        ("filter[status][zebra]=1", "filter[status]", "takes filter[status], filter[status][in], filter[status][ne]"),
        ("filter[status][gt]=1", "filter[status]", "takes filter[status], filter[status][in], filter[status][ne]"),
        ("filter[price][gte][lte]=1", "filter[price]", "takes filter[price], filter[price][gt],"),
    ] {
        let refused = list(query).await.problem(400, "malformed_request");
        assert_eq!(refused.pointers(), [field], "{query}");
        assert!(refused.reason(field).starts_with(takes), "{query}: {}", refused.text);
        assert!(!refused.text.contains("zebra"), "{}", refused.text);
    }
    for query in ["filter[price]=1&filter[price][eq]=1", "filter[price][gte]=1&filter%5Bprice%5D%5Bgte%5D=2"] {
        let refused = list(query).await.problem(400, "malformed_request");
        assert_eq!(refused.pointers().len(), 1, "{}", refused.text);
    }
}

/// A value that its field cannot have is pointed at by the parameter's name.
#[tokio::test]
async fn values_are_of_their_fields_types() {
    let (_platform, acme) = agency().await;
    let many = format!("filter[type][in]={}", vec!["house"; 51].join(","));
    for (query, pointer) in [
        ("filter[status]=sold", "filter[status]"),
        ("filter[status][eq]=sold", "filter[status]"),
        ("filter[status][in]=active,sold", "filter[status][in]"),
        ("filter[status][in]=", "filter[status][in]"),
        ("filter[status][in]=active,", "filter[status][in]"),
        ("filter[price][gte]=-1", "filter[price][gte]"),
        ("filter[price][gte]=", "filter[price][gte]"),
        ("filter[price][lte]=1.234", "filter[price][lte]"),
        ("filter[created_at][gt]=2026-01-01", "filter[created_at][gt]"),
        ("filter[street][contains]=", "filter[street][contains]"),
        (&many, "filter[type][in]"),
        ("sort=status", "sort"),
    ] {
        let refused = acme.owner().get(&format!("/real-estate/properties?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{query}");
        assert!(!refused.text.contains("sold"), "{}", refused.text);
    }
    let refused = acme.owner().get("/real-estate/properties?sort=status").await;
    assert_eq!(refused.reason("sort"), "expected one of price, -price, created_at, -created_at");
    for query in ["filter[owner_id]=1", "filter[email][null]=maybe", "filter[email][null]="] {
        acme.owner().get(&format!("/contacts?{query}")).await.problem(422, "invalid");
    }
}

/// More than ten filters are too many for one request.
#[tokio::test]
async fn filters_are_bounded() {
    let (_platform, acme) = agency().await;
    let mut filters: Vec<String> =
        ["gt", "gte", "lt", "lte"].map(|word| format!("filter[created_at][{word}]=2026-01-01T00:00:00Z")).into();
    filters.extend(["gt", "gte", "lt", "lte", "eq"].map(|word| format!("filter[price][{word}]=1")));
    filters.push("filter[type]=house".to_owned());
    acme.owner().get(&format!("/real-estate/properties?{}", filters.join("&"))).await.expect(200);
    filters.push("filter[status]=active".to_owned());
    let many = acme.owner().get(&format!("/real-estate/properties?{}", filters.join("&"))).await;
    many.problem(400, "malformed_request");
}

async fn numbers(client: &TestClient, query: &str) -> Vec<String> {
    let list = client.get(&format!("/clinic/patients?sort=created_at&{query}")).await.expect(200);
    list.column("number").into_iter().map(str::to_owned).collect()
}

/// A comma in a value is told from one between values.
#[tokio::test]
async fn values_may_have_commas() {
    let (_platform, acme) = agency().await;
    let owner = acme.owner();
    for number in ["1", "1,2", "2", "a\\b"] {
        let contact = owner.post("/contacts", json!({ "last_name": "Byron" })).await.expect(201);
        let body =
            json!({ "contact_id": contact.id(), "number": number, "date_of_birth": "1985-12-10", "gender": "female" });
        owner.post("/clinic/patients", body).await.expect(201);
    }
    assert_eq!(numbers(owner, "filter[number][in]=1,2").await, ["1", "2"]);
    assert_eq!(numbers(owner, "filter[number][in]=1%5C,2").await, ["1,2"]);
    assert_eq!(numbers(owner, "filter[number]=1,2").await, ["1,2"]);
    assert_eq!(numbers(owner, "filter[number][in]=a%5Cb,2").await, ["2", "a\\b"]);
    assert_eq!(numbers(owner, "filter[number][in]=3").await, [""; 0]);
}

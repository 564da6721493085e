//! Lists filtered and sorted by own fields.

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;
use tenantry_core::testing::TestClient;

use super::{acme, contact, field, of};

async fn names(client: &TestClient, query: &str) -> Vec<String> {
    let list = client.get(&format!("/contacts?sort=display_name&{query}")).await.expect(200);
    list.column("last_name").into_iter().map(str::to_owned).collect()
}

/// Each type is compared as what it is.
#[tokio::test]
async fn filters_are_typed() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for kind in ["text", "number", "date", "choice", "boolean"] {
        field(owner, kind, kind).await;
    }
    let a = json!({ "text": "a,b", "number": 9, "date": "2026-01-31", "choice": "red", "boolean": true });
    let b = json!({ "text": "a", "number": 10.5, "date": "2026-02-01", "choice": "Blue, dark", "boolean": false });
    contact(owner, "A", a).await;
    contact(owner, "B", b).await;
    contact(owner, "C", json!({})).await;
    for (query, expected) in [
        ("filter[custom.text]=a", "B"),
        ("filter[custom.text][eq]=a", "B"),
        ("filter[custom.text][ne]=a", "AC"),
        ("filter[custom.text][in]=a,a%5C,b", "AB"),
        ("filter[custom.text][null]=true", "C"),
        ("filter[custom.number]=9.0", "A"),
        ("filter[custom.number][gt]=9", "B"),
        ("filter[custom.number][gte]=9", "AB"),
        ("filter[custom.number][lt]=10.5", "A"),
        ("filter[custom.number][in]=9,10.5", "AB"),
        ("filter[custom.number][null]=false", "AB"),
        ("filter[custom.date][lte]=2026-01-31", "A"),
        ("filter[custom.date][gt]=2026-01-31", "B"),
        ("filter[custom.choice]=Blue, dark", "B"),
        ("filter[custom.choice][in]=red,Blue%5C, dark", "AB"),
        ("filter[custom.boolean]=true", "A"),
        ("filter[custom.boolean][ne]=true", "BC"),
        ("filter[custom.number][gte]=9&filter[custom.boolean]=false&filter[created_at][gt]=2020-01-01T00:00:00Z", "B"),
    ] {
        assert_eq!(names(owner, query).await.concat(), expected, "{query}");
    }
}

/// What a field does not take is refused, by its parameter.
#[tokio::test]
async fn wrong_questions_are_pointed_at() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for kind in ["text", "number", "date", "choice", "boolean"] {
        field(owner, kind, kind).await;
    }
    for (query, pointer) in [
        ("filter[custom.number]=x", "filter[custom.number]"),
        ("filter[custom.number][in]=1,x", "filter[custom.number][in]"),
        ("filter[custom.date][gt]=x", "filter[custom.date][gt]"),
        ("filter[custom.choice]=none", "filter[custom.choice]"),
        ("filter[custom.boolean]=1", "filter[custom.boolean]"),
        ("filter[custom.text][null]=1", "filter[custom.text][null]"),
        ("filter[custom.other]=1", "filter[custom]"),
        ("filter[custom.text'--]=1", "filter[custom]"),
        ("sort=custom.other", "sort"),
        ("sort=custom.boolean", "sort"),
        ("sort=custom.a'b", "sort"),
    ] {
        let refused = owner.get(&format!("/contacts?{query}")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer], "{query}");
    }
    let refused = owner.get("/contacts?filter[custom.text][gt]=1").await.problem(400, "malformed_request");
    assert_eq!(refused.reason("filter[custom.text]").split(", ").count(), 4, "{}", refused.text);
    // Fields are those of one resource.
    owner.get("/companies?filter[custom.text]=a").await.problem(422, "invalid");
}

/// Pages go on across records without a value, both ways, and a cursor is of use in its order alone.
#[tokio::test]
async fn pages_are_in_order() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for resource in ["contacts", "companies", "deals", "projects"] {
        of(owner, resource, "size", "number").await;
        of(owner, resource, "word", "text").await;
    }
    let seed = rand::random::<u32>();
    println!("seed {seed}");
    for (path, name) in [("/contacts", "last_name"), ("/companies", "name"), ("/deals", "title"), ("/projects", "name")]
    {
        let mut made: Vec<(Option<i64>, String)> = Vec::new();
        for n in 0..14_u32 {
            let size = Some(i64::from((n * 7 + seed % 5) % 11) - 5).filter(|_| n % 3 > 0);
            let custom = size.map_or(json!({}), |size| json!({ "size": size, "word": format!("w{size}") }));
            let reply = owner.post(path, json!({ name: "x", "custom": custom })).await.expect(201);
            made.push((size, reply.id().to_owned()));
        }
        for (sort, backwards) in [("custom.size", false), ("-custom.size", true)] {
            let mut expected = made.clone();
            expected.sort();
            if backwards {
                expected.reverse();
            }
            let (with, without): (Vec<_>, Vec<_>) = expected.into_iter().partition(|(size, _)| size.is_some());
            let expected: Vec<String> = with.into_iter().chain(without).map(|(_, id)| id).collect();
            for limit in [1, 4, 14] {
                assert_eq!(
                    walk(owner, path, &format!("sort={sort}&limit={limit}")).await,
                    expected,
                    "{path} {sort} {limit}"
                );
            }
        }
        let words = walk(owner, path, "sort=custom.word&limit=3&filter[custom.size][gte]=0").await;
        assert_eq!(words.len(), made.iter().filter(|(size, _)| size.is_some_and(|size| size >= 0)).count(), "{path}");
        let page = owner.get(&format!("{path}?sort=custom.size&limit=2")).await.expect(200);
        let cursor = page.body["next_cursor"].as_str().unwrap();
        for other in
            ["sort=-custom.size", "sort=custom.word", "sort=created_at", "sort=custom.size&filter[custom.word]=w1"]
        {
            owner.get(&format!("{path}?{other}&cursor={cursor}")).await.problem(400, "malformed_request");
        }
    }
}

async fn walk(client: &TestClient, path: &str, query: &str) -> Vec<String> {
    let (mut walked, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}?{query}{cursor}")).await.expect(200);
        walked.extend(page.column("id").into_iter().map(str::to_owned));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return walked,
        }
    }
}

/// Who reaches only their own records finds only those by own fields.
#[tokio::test]
async fn filters_stay_in_reach() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    field(owner, "size", "number").await;
    contact(owner, "A", json!({ "size": 1 })).await;
    let narrow = acme.with_scope(&["contacts.read", "contacts.write"], RecordScope::Own).await;
    contact(&narrow, "B", json!({ "size": 1 })).await;
    assert_eq!(names(&narrow, "filter[custom.size]=1").await, ["B"]);
    let sorted = narrow.get("/contacts?sort=custom.size").await.expect(200);
    assert_eq!(sorted.items().iter().map(|item| &item["last_name"]).collect::<Vec<&Value>>(), ["B"]);
}

//! `GET /api/v1/contacts`: one page after the other.

use std::collections::BTreeSet;

use serde_json::json;
use tenantry_core::testing::{TestClient, TestOrganization};

use crate::platform;
use crate::support::superuser_in;

/// Adds contacts that are there before the test begins.
async fn fill(platform: &tenantry_core::testing::TestPlatform, organization: &TestOrganization, count: i32) {
    let database = superuser_in(platform, organization).await;
    let sql = "INSERT INTO contacts (id, last_name, created_at, updated_at)
        SELECT gen_random_uuid(), 'Number ' || n % 20, now() - n / 3 * interval '1 s', now() - n / 5 * interval '1 s'
        FROM generate_series(1, $1::integer) n";
    database.execute(sql, &[&count]).await.unwrap();
}

/// The ids of all pages in their order, and how many pages there were.
async fn walk(client: &TestClient, query: &str) -> (Vec<String>, usize) {
    let (mut ids, mut pages, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let page = client.get(&format!("/contacts?{query}{cursor}")).await.expect(200);
        ids.extend(page.column("id").into_iter().map(str::to_owned));
        pages += 1;
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (ids, pages),
        }
    }
}

/// A walk over a hundred pages while others add contacts shows each that was there once, and none twice.
#[tokio::test]
async fn a_walk_loses_and_repeats_nothing() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, 300).await;
    let mut there: BTreeSet<String> = walk(acme.owner(), "limit=200").await.0.into_iter().collect();
    assert_eq!(there.len(), 300);

    for sort in ["created_at", "-created_at", "-updated_at", "display_name"] {
        let query = format!("limit=3&sort={sort}");
        let inserting = async {
            let mut added = Vec::new();
            for n in 0..40 {
                let made = acme.owner().post("/contacts", json!({ "last_name": format!("Number {n}") })).await;
                added.push(made.expect(201).id().to_owned());
            }
            added
        };
        let ((walked, pages), added) = futures_util::future::join(walk(acme.owner(), &query), inserting).await;
        assert!(pages >= 100, "{pages}");
        let distinct: BTreeSet<String> = walked.iter().cloned().collect();
        assert_eq!(distinct.len(), walked.len(), "{sort} repeats");
        assert_eq!(there.difference(&distinct).count(), 0, "{sort} loses");
        there.extend(added);
    }
}

/// The page is as long as asked for; the last one has no cursor, also where it is full.
#[tokio::test]
async fn pages_are_as_long_as_asked() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    fill(&platform, &acme, 60).await;
    let owner = acme.owner();
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 50);
    assert_eq!(walk(owner, "limit=20").await.1, 3);
    assert_eq!(walk(owner, "limit=60").await.1, 1);
    assert_eq!(walk(owner, "limit=59").await.1, 2);
    assert_eq!(walk(owner, "limit=7&q=number%201").await.0.len(), 33);
}

/// A cursor works in the list, order and organization that it came from, and with the same filters; elsewhere, or touched, it is 400.
#[tokio::test]
async fn a_cursor_is_of_use_in_its_list_only() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    fill(&platform, &acme, 5).await;
    acme.enable("real-estate").await;
    let owner = acme.owner();
    let page = owner.get("/contacts?limit=2&sort=created_at").await.expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap();

    owner.get(&format!("/contacts?limit=200&sort=created_at&cursor={cursor}")).await.expect(200);
    let mut tampered = cursor.to_owned().into_bytes();
    tampered[10] = if tampered[10] == b'A' { b'B' } else { b'A' };
    let tampered = String::from_utf8(tampered).unwrap();
    let shorter = &cursor[..cursor.len() - 4];
    for path in [
        format!("/contacts?sort=-created_at&cursor={cursor}"),
        format!("/contacts?cursor={cursor}"),
        format!("/contacts?q=number&sort=created_at&cursor={cursor}"),
        format!("/contacts?filter[company]=x&sort=created_at&cursor={cursor}"),
        format!("/contacts?sort=updated_at&cursor={cursor}"),
        format!("/real-estate/properties?sort=created_at&cursor={cursor}"),
        format!("/contacts?sort=created_at&cursor={tampered}"),
        format!("/contacts?sort=created_at&cursor={shorter}"),
        "/contacts?sort=created_at&cursor=".to_owned(),
        "/contacts?sort=created_at&cursor=AAAA".to_owned(),
        "/contacts?sort=created_at&cursor=%22%3E".to_owned(),
    ] {
        owner.get(&path).await.problem(400, "malformed_request");
    }
    let foreign = other.owner().get(&format!("/contacts?sort=created_at&cursor={cursor}")).await;
    foreign.problem(400, "malformed_request");
    let long = owner.get(&format!("/contacts?cursor={}", "A".repeat(2001))).await;
    assert_eq!(long.problem(422, "invalid").pointers(), ["cursor"]);
}

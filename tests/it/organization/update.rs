//! `PATCH /api/v1/organization`

use serde_json::json;

use crate::platform;

/// A new name and short name hold at once; the former short name still leads here, and to nobody else.
#[tokio::test]
async fn a_rename_holds_at_once_and_the_former_name_still_leads_here() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let seen = acme.owner().get("/organization").await.expect(200);
    let patch = json!({ "name": "Zebra", "slug": "zebra" });
    let renamed = acme.owner().patch("/organization", seen.header("etag"), patch).await.expect(200);
    assert_eq!((&renamed.body["name"], &renamed.body["slug"]), (&json!("Zebra"), &json!("zebra")));
    assert_eq!(acme.owner().get("/organization").await.expect(200).body, renamed.body);
    for slug in ["acme", "zebra"] {
        acme.sign_in(Some(slug)).await.get("/contacts").await.expect(200);
    }

    let other = platform.organization("Other").await;
    let etag = other.owner().get("/organization").await.expect(200).header("etag").to_owned();
    for taken in ["acme", "zebra"] {
        let refused = other.owner().patch("/organization", &etag, json!({ "slug": taken })).await;
        assert_eq!(refused.problem(409, "slug_taken").pointers(), ["/slug"]);
        let refused = other.owner().post("/organizations", json!({ "name": "X", "slug": taken })).await;
        refused.problem(409, "slug_taken");
    }
    // Its own former name is its own.
    let back = json!({ "slug": "acme" });
    acme.owner().patch("/organization", renamed.header("etag"), back).await.expect(200);
}

/// After 90 days a former short name is anybody's, and leads to the new one.
#[tokio::test]
async fn a_former_name_is_free_after_its_time() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let etag = acme.owner().get("/organization").await.expect(200).header("etag").to_owned();
    acme.owner().patch("/organization", &etag, json!({ "slug": "zebra" })).await.expect(200);
    let database = platform.database().superuser().await;
    let left = "SELECT extract(day FROM until - now())::bigint FROM platform.slugs WHERE slug = 'acme'";
    assert_eq!(crate::support::count(&database, left).await, 89);
    let later = "UPDATE platform.slugs SET until = now() - interval '1 second' WHERE slug = 'acme'";
    assert_eq!(database.execute(later, &[]).await.unwrap(), 1);
    acme.try_sign_in(Some("acme")).await.problem(409, "no_organization");
    let other = platform.organization("Other").await;
    let etag = other.owner().get("/organization").await.expect(200).header("etag").to_owned();
    other.owner().patch("/organization", &etag, json!({ "slug": "acme" })).await.expect(200);
    other.sign_in(Some("acme")).await.get("/contacts").await.expect(200);
}

/// A stale version, no version, a bad name and a member are refused, and nothing changes.
#[tokio::test]
async fn what_is_wrong_changes_nothing() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let seen = acme.owner().get("/organization").await.expect(200);
    let etag = seen.header("etag");
    acme.owner().patch("/organization", "\"7\"", json!({ "name": "X" })).await.problem(412, "stale_version");
    let without = acme.owner().request(reqwest::Method::PATCH, "/organization").json(&json!({ "name": "X" }));
    acme.owner().send(without).await.problem(428, "version_required");
    for (body, pointer) in [
        (json!({ "slug": "admin" }), "/slug"),
        (json!({ "slug": null }), "/slug"),
        (json!({ "name": "" }), "/name"),
        (json!({ "owner_id": "x" }), "/owner_id"),
    ] {
        let refused = acme.owner().patch("/organization", etag, body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [pointer]);
    }
    acme.member().await.patch("/organization", etag, json!({ "name": "X" })).await.problem(403, "forbidden");
    assert_eq!(acme.owner().get("/organization").await.expect(200).body, seen.body);
}

/// Of many renames to one short name one wins, and of many on one version too.
#[tokio::test]
async fn of_many_at_once_one_wins() {
    let platform = platform().await;
    let mut organizations = Vec::new();
    for n in 0..8 {
        organizations.push(platform.organization(&format!("Organization {n}")).await);
    }
    let rename = |n: usize| {
        let owner = organizations[n].owner().clone();
        async move { owner.patch("/organization", "\"1\"", json!({ "slug": "wanted" })).await.status.as_u16() }
    };
    let mut statuses = futures_util::future::join_all((0..8).map(rename)).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[200].as_slice(), &[409; 7]].concat());
}

//! `POST /api/v1/organizations`

use serde_json::json;

use crate::platform;

/// Who is signed in founds another organization, owns it and signs in to it; the first one is as it was.
#[tokio::test]
async fn a_person_founds_a_further_organization() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    let made = viewer.post("/organizations", json!({ "name": "Bakery & Sons" })).await.expect(201);
    assert_eq!((&made.body["slug"], &made.body["role"]), (&json!("bakery-sons"), &json!("owner")));

    let second = acme.owner().post("/organizations", json!({ "name": "Second", "slug": "second" })).await.expect(201);
    let owner = acme.sign_in(Some("second")).await;
    let here = owner.get("/organization").await.expect(200);
    assert_eq!(here.body["id"], second.body["id"]);
    owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    assert_eq!(acme.owner().get("/contacts").await.expect(200).items().len(), 0);
}

/// A short name that is taken is pointed at, and nothing is made.
#[tokio::test]
async fn a_taken_short_name_is_pointed_at() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let refused = acme.owner().post("/organizations", json!({ "name": "X", "slug": acme.slug() })).await;
    assert_eq!(refused.problem(409, "slug_taken").pointers(), ["/slug"]);
    let refused = acme.owner().post("/organizations", json!({ "name": "株式会社" })).await;
    assert_eq!(refused.problem(422, "invalid").pointers(), ["/slug"]);
    let database = platform.database().superuser().await;
    assert_eq!(crate::support::count(&database, "SELECT count(*) FROM platform.tenants").await, 1);
}

/// One person cannot fill the platform with organizations.
#[tokio::test]
async fn one_person_owns_so_many_and_no_more() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = platform.database().superuser().await;
    let fill = "WITH made AS (
            INSERT INTO platform.tenants (id, slug, name, status, shard)
            SELECT gen_random_uuid(), 'filler-' || n, 'x', 'active', 0 FROM generate_series(1, 99) n RETURNING id
        ) INSERT INTO platform.memberships (user_id, tenant_id, role)
        SELECT (SELECT user_id FROM platform.memberships), id, 'owner' FROM made";
    database.batch_execute(fill).await.unwrap();
    let refused = acme.owner().post("/organizations", json!({ "name": "One too many" })).await;
    refused.problem(409, "too_many_organizations");
}

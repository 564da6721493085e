//! Deals under a role that is for some records only.

use serde_json::json;
use tenantry_core::permission::RecordScope;
use uuid::Uuid;

use super::move_deal;
use crate::members::user;
use crate::pipelines::{deal, stage};
use crate::platform;

const ALL: [&str; 4] = ["deals.read", "deals.write", "deals.assign", "pipelines.read"];

/// Who reaches their own deals lists, shows, changes, moves and deletes those, and others' are not there.
#[tokio::test]
async fn own_is_ones_own() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let own = acme.with_scope(&ALL, RecordScope::Own).await;
    let (hers, _) = deal(&own, json!({ "title": "Hers" })).await;
    let (theirs, _) = deal(acme.owner(), json!({ "title": "Theirs" })).await;
    assert_eq!(own.get("/deals").await.expect(200).column("title"), ["Hers"]);
    let to = json!({ "stage_id": stage(&own, "Negotiation").await });
    let nowhere = format!("/deals/{}", Uuid::new_v4());
    for (path, status) in [(&theirs, 404), (&nowhere, 404)] {
        own.get(path).await.expect(status);
        own.get(&format!("{path}/moves")).await.expect(status);
        own.patch(path, "\"1\"", json!({ "notes": "x" })).await.expect(status);
        move_deal(&own, path, "\"1\"", to.clone()).await.expect(status);
        own.delete(path).await.expect(status);
    }
    move_deal(&own, &hers, "\"1\"", to).await.expect(200);
    assert_eq!(own.get(&format!("{hers}/moves")).await.expect(200).items().len(), 2);
    own.patch(&hers, "\"2\"", json!({ "notes": "x" })).await.expect(200);
    let given = json!({ "user_id": user(acme.owner()).await });
    let request = own.request(reqwest::Method::PUT, &format!("{hers}/owner")).header("if-match", "\"3\"").json(&given);
    own.send(request).await.expect(200);
    own.get(&hers).await.problem(404, "not_found");
    assert_eq!(acme.owner().get("/deals").await.expect(200).items().len(), 2);
}

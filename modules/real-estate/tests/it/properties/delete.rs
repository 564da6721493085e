//! `DELETE /api/v1/real-estate/properties/{id}`

use super::house;
use crate::agency;

/// A property that was deleted is gone, and a viewer deletes none.
#[tokio::test]
async fn what_was_deleted_is_gone() {
    let (_platform, agency) = agency().await;
    let member = agency.member().await;
    let made = member.post("/real-estate/properties", house()).await.expect(201);
    let path = made.header("location");
    agency.viewer().await.delete(path).await.problem(403, "forbidden");
    member.get(path).await.expect(200);

    member.delete(path).await.expect(204);
    member.get(path).await.problem(404, "not_found");
    member.delete(path).await.problem(404, "not_found");
    assert!(member.get("/real-estate/properties").await.expect(200).items().is_empty());
}

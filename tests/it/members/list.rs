//! `GET /api/v1/members`

use super::path;
use crate::platform;

/// Everybody sees who belongs to the organization, page by page, and nobody of another one.
#[tokio::test]
async fn members_are_listed_page_by_page() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let viewer = acme.viewer().await;
    acme.admin().await;
    other.member().await;
    let all = viewer.get("/members").await.expect(200);
    assert_eq!(all.column("role"), ["owner", "viewer", "admin"]);
    assert_eq!(
        all.items()[0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["user_id", "name", "email", "role", "joined_at"]
    );

    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = viewer.get(&format!("/members?limit=1&sort=name{cursor}")).await.expect(200);
        seen.extend(page.column("user_id").into_iter().map(str::to_owned));
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut ids = all.column("user_id").into_iter().map(str::to_owned).collect::<Vec<_>>();
    seen.sort();
    ids.sort();
    assert_eq!(seen, ids);

    let one = viewer.get(&path(&viewer).await).await.expect(200);
    assert_eq!((one.body["role"].as_str(), one.header("etag")), (Some("viewer"), "\"1\""));
    other.owner().get(&path(&viewer).await).await.expect(404);
}

//! `GET /api/v1/organization`

use crate::platform;

/// Members see the organization that their token is for.
#[tokio::test]
async fn a_viewer_sees_the_organization() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    for (organization, name) in [(&acme, "Acme"), (&other, "Other")] {
        let seen = organization.viewer().await.get("/organization").await.expect(200);
        assert_eq!((seen.body["name"].as_str(), seen.body["slug"].as_str()), (Some(name), Some(organization.slug())));
        assert_eq!(seen.id(), organization.tenant().to_string());
        assert_eq!(
            seen.body.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["id", "slug", "name", "require_second_factor", "created_at"]
        );
    }
    platform.anonymous().get("/organization").await.problem(401, "unauthenticated");
}

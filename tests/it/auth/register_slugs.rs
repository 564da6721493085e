//! `POST /api/v1/auth/register`: the short name of the organization.

use super::registration;
use crate::platform;

/// A short name is folded to lower case and plain letters, and then it is unique.
#[tokio::test]
async fn a_short_name_is_folded_and_unique() {
    let platform = platform().await;
    let anonymous = platform.anonymous();
    let longest = "a1-".repeat(15) + "xyz";
    for (n, (sent, kept)) in
        [("ACME-1", "acme-1"), ("ｗｉｄｅ", "wide"), ("abc", "abc"), (&longest, &longest)].into_iter().enumerate()
    {
        let body = registration(&format!("{n}@example.com"), "Acme", Some(sent));
        let made = anonymous.post("/auth/register", body).await.expect(201);
        assert_eq!(made.body["organization"]["slug"], kept);
    }
    for taken in ["acme-1", "Acme-1", "WIDE"] {
        let refused = anonymous.post("/auth/register", registration("z@example.com", "Acme", Some(taken))).await;
        assert_eq!(refused.problem(409, "slug_taken").pointers(), ["/organization/slug"]);
    }
}

/// Two organizations of one name need two short names, and the problem says which field to fill.
#[tokio::test]
async fn a_name_that_is_taken_needs_a_short_name() {
    let platform = platform().await;
    let anonymous = platform.anonymous();
    anonymous.post("/auth/register", registration("a@example.com", "Acme", None)).await.expect(201);
    let refused = anonymous.post("/auth/register", registration("b@example.com", "Acme", None)).await;
    assert_eq!(refused.problem(409, "slug_taken").pointers(), ["/organization/slug"]);
    anonymous.post("/auth/register", registration("b@example.com", "Acme", Some("acme-two"))).await.expect(201);
}

/// What is no short name, or would be mistaken for a part of the platform, is refused.
#[tokio::test]
async fn bad_and_reserved_short_names_are_refused() {
    let platform = platform().await;
    let too_long = "a".repeat(49);
    for (slug, reason) in [
        ("ab", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        (&too_long, "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("-abc", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("abc-", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("a--b", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("a_b", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("a b", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("münchen", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("аcme", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("", "expected 3 to 48 of a-z, 0-9 and single hyphens between them"),
        ("admin", "this name is reserved"),
        ("API", "this name is reserved"),
        ("www", "this name is reserved"),
    ] {
        let body = registration("a@example.com", "Acme", Some(slug));
        let refused = platform.anonymous().post("/auth/register", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), ["/organization/slug"], "{slug}");
        assert_eq!(refused.reason("/organization/slug"), reason, "{slug}");
    }
}

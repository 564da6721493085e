//! `PUT` and `GET /api/v1/real-estate/documents/{id}/content`

use serde_json::json;

use super::{document, send};
use crate::agency;

/// What is sent comes back as it was, to be saved and not shown.
#[tokio::test]
async fn a_content_comes_back_as_it_was() {
    let (platform, agency) = agency().await;
    let member = agency.member().await;
    let made = document(&member).await;
    let path = made.header("location");
    // More than is held at once, so that it goes to the store in parts.
    let content: Vec<u8> = (0..12_000_000_u32).map(|n| b'a' + u8::try_from(n % 23).unwrap()).collect();
    let kept = send(&member, path, "application/pdf", content.clone()).await.expect(200);
    assert_eq!((&kept.body["media_type"], &kept.body["size"]), (&json!("application/pdf"), &json!(12_000_000)));
    assert_eq!(kept.header("etag"), "\"2\"");
    assert_eq!(platform.files().names(agency.tenant()).len(), 1);

    let read = agency.viewer().await.get(&format!("{path}/content")).await.expect(200);
    assert!(read.text.as_bytes() == content);
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-length", "12000000"),
        ("content-disposition", "attachment; filename*=UTF-8''Grundriss%20%E2%80%9EEG%E2%80%9C.pdf"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(read.header(name), value, "{name}");
    }
    send(&agency.viewer().await, path, "application/pdf", "x").await.problem(403, "forbidden");
}

/// The hash is that of the content: SHA-256 of "abc" is known to everybody.
#[tokio::test]
async fn the_hash_is_that_of_the_content() {
    let (_platform, agency) = agency().await;
    let made = document(agency.owner()).await;
    let kept = send(agency.owner(), made.header("location"), "text/plain; charset=utf-8", "abc").await.expect(200);
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(kept.body["sha256"], known);
}

/// Another content takes the place of the first, whose file is gone.
#[tokio::test]
async fn another_content_takes_its_place() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let made = document(owner).await;
    let path = made.header("location");
    send(owner, path, "image/png", "first").await.expect(200);
    let before = platform.files().names(agency.tenant());
    send(owner, path, "image/jpeg", "second").await.expect(200);
    let after = platform.files().names(agency.tenant());
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_ne!(before, after, "a file never changes");
    let read = owner.get(&format!("{path}/content")).await.expect(200);
    assert_eq!((read.text.as_str(), read.header("content-type")), ("second", "image/jpeg"));
}

/// What is no file of a kind that is taken, or too large, or nothing, is refused and changes nothing.
#[tokio::test]
async fn what_is_not_taken_changes_nothing() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let made = document(owner).await;
    let path = made.header("location");
    send(owner, path, "application/pdf", "kept").await.expect(200);
    for kind in ["text/html", "image/svg+xml", "application/octet-stream", "application/json"] {
        send(owner, path, kind, "<script>").await.problem(415, "unsupported_media_type");
    }
    send(owner, path, "application/pdf", "").await.problem(400, "malformed_request");
    send(owner, path, "application/pdf", vec![b'x'; 25 * 1024 * 1024 + 1]).await.problem(413, "payload_too_large");
    let read = owner.get(&format!("{path}/content")).await.expect(200);
    assert_eq!(read.text, "kept");
    assert_eq!(platform.files().names(agency.tenant()).len(), 1, "nothing is left of what was refused");

    let nowhere = format!("/real-estate/documents/{}", uuid::Uuid::new_v4());
    send(owner, &nowhere, "application/pdf", "x").await.problem(404, "not_found");
    send(owner, path, "application/pdf", vec![b'x'; 25 * 1024 * 1024]).await.expect(200);
}

/// A body without a length is counted as it arrives.
#[tokio::test]
async fn a_body_without_a_length_is_bounded_too() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let made = document(owner).await;
    let pieces = (0..26).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1024 * 1024]));
    let endless = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    let refused = send(owner, made.header("location"), "application/pdf", endless).await;
    refused.problem(413, "payload_too_large");
    assert!(platform.files().names(agency.tenant()).is_empty());
}

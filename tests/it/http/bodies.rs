//! Bodies: how large, how encoded.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::Method;
use serde_json::json;

use crate::platform;
use crate::support::raw;

const MAX: usize = 1024 * 1024;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A body may be compressed.
#[tokio::test]
async fn a_compressed_body_is_read() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let send = |body: Vec<u8>| {
        let request = owner.request(Method::POST, "/contacts").header("content-type", "application/json");
        owner.send(request.header("content-encoding", "gzip").body(body))
    };
    let made = send(gzip(json!({ "last_name": "Lovelace" }).to_string().as_bytes())).await.expect(201);
    assert_eq!(made.body["last_name"], "Lovelace");

    send(b"{\"last_name\":\"X\"}".to_vec()).await.problem(400, "malformed_request");
    let whole = gzip(b"{\"last_name\":\"X\"}");
    send(whole[..whole.len() - 4].to_vec()).await.problem(400, "malformed_request");
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 1);
}

/// A small body that inflates to gigabytes is left where it stands.
#[tokio::test]
async fn a_bomb_is_413() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    // Members that follow each other are one stream.
    let bomb = gzip(&vec![b' '; 2 * MAX]).repeat(100);
    assert!(bomb.len() < MAX, "{}", bomb.len());
    let request = owner.request(Method::POST, "/contacts").header("content-type", "application/json");
    let began = std::time::Instant::now();
    let reply = owner.send(request.header("content-encoding", "gzip").body(bomb)).await;
    reply.problem(413, "payload_too_large");
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

/// A body of a mebibyte is read, whatever it says; a byte more is 413, whether or not its length was told.
#[tokio::test]
async fn a_body_has_a_limit() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let body = |length: usize| {
        let mut body = br#"{"last_name":"X"}"#.to_vec();
        body.resize(length, b' ');
        body
    };
    let request = || owner.request(Method::POST, "/contacts").header("content-type", "application/json");
    owner.send(request().body(body(MAX))).await.expect(201);
    owner.send(request().body(body(MAX + 1))).await.problem(413, "payload_too_large");

    let head = |rest: &str| {
        let token = owner.token();
        format!(
            "POST /api/v1/contacts HTTP/1.1\r\nhost: t\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\nconnection: close\r\n{rest}\r\n\r\n"
        )
    };
    let chunked = |length: usize| {
        let mut message = head("transfer-encoding: chunked").into_bytes();
        for chunk in body(length).chunks(64 * 1024) {
            message.extend(format!("{:x}\r\n", chunk.len()).bytes());
            message.extend(chunk);
            message.extend(b"\r\n");
        }
        message.extend(b"0\r\n\r\n");
        message
    };
    assert_eq!(raw(platform.address(), chunked(MAX)).await.status, 201);
    raw(platform.address(), chunked(MAX + 1)).await.problem(413, "payload_too_large");
    // Refused by what it announces: nothing of it needs to arrive.
    let announced = head("content-length: 99999999999");
    raw(platform.address(), announced).await.problem(413, "payload_too_large");
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 2);
}

/// A body without a length is read all the same, and one where none belongs is ignored.
#[tokio::test]
async fn a_body_needs_no_length() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let token = acme.owner().token();
    let chunked = format!(
        "POST /api/v1/contacts HTTP/1.1\r\nhost: t\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\nconnection: close\r\n\r\n11\r\n{{\"last_name\":\"X\"}}\r\n0\r\n\r\n"
    );
    assert_eq!(raw(platform.address(), chunked).await.status, 201);
    let nothing = acme.owner().request(Method::POST, "/contacts").header("content-type", "application/json");
    acme.owner().send(nothing).await.problem(400, "malformed_request");
    let with_body = acme.owner().request(Method::GET, "/contacts").body("ignored");
    acme.owner().send(with_body).await.expect(200);
}

//! `PUT /api/v1/imports/{id}/file`

use reqwest::Method;
use serde_json::json;

use super::{over, send};
use crate::platform;
use crate::support::{count, superuser_in};

/// What is no such file is refused with words that say why, and the right one may be sent then.
#[tokio::test]
async fn what_is_no_csv_is_refused() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/imports", json!({ "resource": "contacts" })).await.expect(201);
    let unclosed = format!("last_name\n\"{}", "x\n".repeat(70_000));
    let latin = b"last_name\nM\xfcller\n".to_vec();
    let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("last_name\n".bytes().flat_map(|byte| [byte, 0])).collect();
    for (file, words) in [
        (Vec::new(), "line of names"),
        (b"last_name\n".to_vec(), "no rows"),
        (b"zebra,lion\n1,2\n".to_vec(), "mapping"),
        (latin, "UTF-8"),
        (utf_16, "UTF-16"),
        (unclosed.into_bytes(), "64 KiB"),
        (b"last_name,notes\nA,\"open\nB,x\n".to_vec(), "row 1"),
        (format!("last_name\n{}", ",".repeat(1500)).into_bytes(), "1,000 cells"),
    ] {
        let refused = send(owner, &made, file).await.problem(422, "invalid");
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
        // It keeps nobody else from sending one.
        assert_eq!(owner.get(made.header("location")).await.expect(200).body["state"], "waiting");
    }
    let path = format!("{}/file", made.header("location"));
    let json = owner.request(Method::PUT, &path).json(&json!([]));
    owner.send(json).await.problem(415, "unsupported_media_type");
    let charset =
        owner.request(Method::PUT, &path).header("content-type", "text/csv; charset=latin1").body("last_name\nX\n");
    owner.send(charset).await.problem(415, "unsupported_media_type");
    let keyed =
        owner.request(Method::POST, "/contacts").header("content-type", "text/csv").header("idempotency-key", "k");
    owner.send(keyed.body("last_name\nX\n")).await.problem(415, "unsupported_media_type");
    send(owner, &made, "last_name\nX\n").await.expect(200);
    assert_eq!(over(owner, made.header("location")).await["created"], 1);
    let wanted = json!({ "resource": "contacts", "mapping": [{ "column": "Name", "field": "last_name" }] });
    let made = owner.post("/imports", wanted).await.expect(201);
    assert!(send(owner, &made, "last_name\nX\n").await.problem(422, "invalid").text.contains("last_name"));
    let odd = json!({ "resource": "contacts", "mapping": [{ "column": "Name", "field": "website" }] });
    assert_eq!(owner.post("/imports", odd).await.problem(422, "invalid").pointers(), ["/mapping/0/field"]);
}

/// A file far larger than any other body is taken, and nothing else that large is.
#[tokio::test]
async fn a_file_may_be_larger_than_a_body() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/imports", json!({ "resource": "contacts", "dry_run": true })).await.expect(201);
    let row = format!("X,{}\n", "note ".repeat(1500));
    let file = format!("last_name,notes\n{}", row.repeat(400));
    assert!(file.len() > 2 * 1024 * 1024);
    let other = owner.request(Method::POST, "/contacts").header("content-type", "text/csv").body(file.clone());
    owner.send(other).await.problem(415, "unsupported_media_type");
    send(owner, &made, file).await.expect(200);
    let done = over(owner, made.header("location")).await;
    assert_eq!((done["rows_total"].as_i64(), done["created"].as_i64()), (Some(400), Some(400)));
    let database = superuser_in(&platform, &acme).await;
    assert_eq!(count(&database, "SELECT count(*) FROM contacts").await, 0);
}

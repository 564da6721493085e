//! What a contact may hold, when it is created and when it is changed.

use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::TestClient;

use crate::platform;

/// Each text is kept up to its maximum; one character more is refused, and the problem points at it.
#[tokio::test]
async fn texts_have_a_maximum() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (field, most) in [("first_name", 100), ("last_name", 100), ("company", 200), ("notes", 10_000)] {
        // Not one byte each: it is characters that count.
        let longest = "ä".repeat(most);
        let mut body = json!({ "last_name": "X" });
        body[field] = json!(longest);
        let made = acme.owner().post("/contacts", body.clone()).await.expect(201);
        assert_eq!(made.body[field], longest);

        body[field] = json!(format!("{longest}ä"));
        let refused = acme.owner().post("/contacts", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")]);
        assert_eq!(refused.reason(&format!("/{field}")), format!("at most {most} characters"));
    }
    // 64 and 189 characters: the most that SMTP takes of a person, and of a domain beside that.
    let (person, label) = ("a".repeat(64), "b".repeat(62));
    let domain = format!("{label}.{label}.{label}");
    let longest = format!("{person}@{domain}");
    acme.owner().post("/contacts", json!({ "last_name": "X", "email": longest })).await.expect(201);
    for longer in [format!("a{longest}"), format!("{person}@{domain}.cd")] {
        let longer = acme.owner().post("/contacts", json!({ "last_name": "X", "email": longer })).await;
        assert_eq!(longer.problem(422, "invalid").pointers(), ["/email"]);
    }
}

/// Whatever people are called comes back, in Unicode's normal form C.
#[tokio::test]
async fn texts_come_back_in_normal_form_c() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (sent, kept) in [
        ("Zoe\u{308}", "Zoë"),
        ("👩🏽‍🔬 Ada", "👩🏽‍🔬 Ada"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("عَبْدُ اللّٰه", "عَبْدُ اللّٰه"),
        ("\u{212B}ngström", "Ångström"),
        ("  O'Brien; DROP TABLE contacts --", "  O'Brien; DROP TABLE contacts --"),
    ] {
        let made = acme.owner().post("/contacts", json!({ "last_name": sent })).await.expect(201);
        let read = acme.owner().get(made.header("location")).await.expect(200);
        assert_eq!(made.body, read.body);
        let stored = read.body["last_name"].as_str().unwrap();
        // The database holds whatever normal form C is, which for Hebrew points is another order.
        let again = acme.owner().post("/contacts", json!({ "last_name": stored })).await.expect(201);
        assert_eq!(again.body["last_name"], stored);
        if !sent.contains('\u{5e9}') && !sent.contains('\u{639}') {
            assert_eq!(stored, kept);
        }
    }
}

/// A name is one line; notes have lines and tabs, which come back as they were sent, and no other controls.
#[tokio::test]
async fn names_are_lines_and_notes_have_lines() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (field, text) in [
        ("first_name", "Ada\r\n\r\nPay here: https://evil.example"),
        ("last_name", "Ada\nByron"),
        ("company", "Acme\u{202e}emcA"),
    ] {
        let mut body = json!({ "last_name": "X" });
        body[field] = json!(text);
        let refused = acme.owner().post("/contacts", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")]);
        assert!(refused.reason(&format!("/{field}")).starts_with("one line"), "{}", refused.text);
    }
    let refused = acme.owner().post("/contacts", json!({ "last_name": "X", "notes": "a\u{1b}[2Jb" })).await;
    assert_eq!(refused.problem(422, "invalid").pointers(), ["/notes"]);
    assert!(acme.owner().get("/contacts").await.expect(200).items().is_empty());

    let notes = "Called on Monday:\n\n\t- likes tea\n\t- \u{2067}שלום\u{2069}\n";
    let made = acme.owner().post("/contacts", json!({ "last_name": "X", "notes": notes })).await.expect(201);
    let read = acme.owner().get(made.header("location")).await.expect(200);
    assert_eq!((&made.body["notes"], &read.body["notes"]), (&json!(notes), &json!(notes)));
    let crlf = json!({ "notes": notes.replace('\n', "\r\n") });
    let same = acme.owner().patch(made.header("location"), made.header("etag"), crlf).await.expect(200);
    assert_eq!(same.body, made.body);
}

/// JSON that is no contact is 422 with a pointer to the place and words that say what is expected there.
#[tokio::test]
async fn what_is_no_contact_is_pointed_at() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for (body, pointer, reason) in [
        (json!({}), "/last_name", "a contact needs a first or a last name"),
        (json!({ "email": "ada@example.com" }), "/last_name", "a contact needs a first or a last name"),
        (json!({ "last_name": null }), "/last_name", "a contact needs a first or a last name"),
        (json!({ "last_name": "" }), "/last_name", "at least 1 character"),
        (json!({ "last_name": " \t\u{a0}" }), "/last_name", "at least 1 character that is not blank"),
        (json!({ "last_name": "a\u{0}b" }), "/last_name", "U+0000 is not allowed"),
        (json!({ "last_name": 1 }), "/last_name", "expected a string"),
        (json!({ "last_name": ["X"] }), "/last_name", "expected a string"),
        (json!({ "last_name": { "is": "X" } }), "/last_name", "expected a string"),
        (json!({ "last_name": "X", "notes": true }), "/notes", "expected a string"),
        (json!({ "last_name": "X", "email": "ada" }), "/email", "expected an e-mail address such as ada@example.com"),
        (
            json!({ "last_name": "X", "email": "a,b@c.d" }),
            "/email",
            "expected an e-mail address such as ada@example.com",
        ),
        (json!({ "last_name": "X", "email": "a b@c" }), "/email", "expected an e-mail address such as ada@example.com"),
    ] {
        let refused = acme.owner().post("/contacts", body.clone()).await.problem(422, "invalid");
        assert_eq!((refused.pointers(), refused.reason(pointer)), (vec![pointer], reason), "{body}");
    }
    for body in [json!([]), json!("X"), json!(1), json!(null)] {
        acme.owner().post("/contacts", body).await.problem(422, "invalid");
    }
    assert!(acme.owner().get("/contacts").await.expect(200).items().is_empty());
}

/// What the platform decides, or does not know, cannot be sent: 422, and the record stays as it was.
#[tokio::test]
async fn fields_of_the_platform_cannot_be_sent() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/contacts", json!({ "last_name": "X" })).await.expect(201);
    let path = made.header("location");
    for field in ["role", "tenant_id", "id", "owner_id", "created_at", "updated_at", "version", "display_name", "zebra"]
    {
        let mut body = json!({ "last_name": "Y" });
        body[field] = made.body.get(field).cloned().unwrap_or(json!("owner"));
        let refused = acme.owner().post("/contacts", body.clone()).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")]);
        assert!(refused.reason(&format!("/{field}")).contains("`company`"), "{}", refused.text);
        let refused = acme.owner().patch(path, "\"1\"", body).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), [format!("/{field}")]);
    }
    assert_eq!(acme.owner().get(path).await.expect(200).body, made.body);
    assert_eq!(acme.owner().get("/contacts").await.expect(200).items().len(), 1);
}

/// What is no JSON, or means two things at once, is 400.
#[tokio::test]
async fn what_is_no_json_is_400() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let deep = |levels: usize| format!(r#"{{"last_name":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    for text in [
        r#"{"last_name":"X","last_name":"Y"}"#,
        r#"{"last_name":"X""#,
        r#"{"last_name":"X"} {"#,
        r#"{'last_name':'X'}"#,
        r#"{"last_name":"X",}"#,
        r#"{"last_name":NaN}"#,
        r#"{"last_name":"\ud800"}"#,
        "\u{feff}{\"last_name\":\"X\"}",
        "",
        &deep(128),
        &deep(100_000),
    ] {
        let start: String = text.chars().take(40).collect();
        assert_eq!(send(acme.owner(), text.as_bytes().to_vec()).await, 400, "{start}");
    }
    assert_eq!(send(acme.owner(), b"{\"last_name\":\"\xff\"}".to_vec()).await, 400);
    assert_eq!(send(acme.owner(), deep(100).into_bytes()).await, 422);
    assert!(acme.owner().get("/contacts").await.expect(200).items().is_empty());
}

async fn send(client: &TestClient, body: Vec<u8>) -> u16 {
    let request = client.request(Method::POST, "/contacts").header("content-type", "application/json").body(body);
    let reply = client.send(request).await;
    let status = reply.status.as_u16();
    assert_eq!(reply.body["status"], Value::from(status), "{}", reply.text);
    status
}

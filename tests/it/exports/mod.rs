//! `GET /api/v1/contacts/export`

mod custom;

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;

use crate::platform;
use crate::support::superuser_in;

/// All that the list shows is in the file, in its order, over many batches; each record as the operation on it has it.
#[tokio::test]
async fn the_whole_list_is_in_the_file() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    let fill = "INSERT INTO contacts (id, last_name, email, created_at)
        SELECT gen_random_uuid(), 'Name ' || n, 'n' || n || '@example.com', now() - n * interval '1 second'
        FROM generate_series(1, 1234) n";
    database.batch_execute(fill).await.unwrap();
    let csv = acme.owner().get("/contacts/export").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"contacts.csv\"");
    let lines: Vec<&str> = csv.text.split("\r\n").collect();
    assert_eq!(lines.len(), 1236, "a head, the records, the end");
    assert!(lines[0].starts_with("id,first_name,last_name,email,phone,"), "{}", lines[0]);
    assert!(lines[1].contains("Name 1,n1@example.com") && lines[1234].contains("Name 1234,"), "{}", lines[1]);

    let lines = acme.owner().get("/contacts/export?format=ndjson&sort=created_at&filter[email]=N7@example.com").await;
    let lines = lines.expect(200);
    assert_eq!(lines.header("content-type"), "application/x-ndjson");
    let record: Value = serde_json::from_str(lines.text.trim_end()).unwrap();
    let same = acme.owner().get(&format!("/contacts/{}", record["id"].as_str().unwrap())).await.expect(200);
    assert_eq!(record, same.body);
    let none = acme.owner().get("/contacts/export?q=nobody").await.expect(200);
    assert_eq!(none.text.matches("\r\n").count(), 1);
    acme.owner().get("/contacts/export?limit=5").await.problem(400, "malformed_request");
    acme.owner().get("/contacts/export?format=xml").await.problem(422, "invalid");
}

/// No cell is a formula to a spreadsheet.
#[tokio::test]
async fn no_cell_is_a_formula() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let new = json!({ "last_name": "=HYPERLINK(\"http://x\")", "company": "@x, \"y\"", "phone": "+431588580", "tags": ["-1", "b"] });
    acme.owner().post("/contacts", new).await.expect(201);
    let text = acme.owner().get("/contacts/export").await.expect(200).text;
    for cell in ["\"'=HYPERLINK(\"\"http://x\"\")\"", "\"'@x, \"\"y\"\"\"", ",'+431588580,", ",'-1;b,"] {
        assert!(text.contains(cell), "{cell}: {text}");
    }
}

/// An export shows what its caller may see, and nothing more.
#[tokio::test]
async fn it_reaches_as_far_as_its_caller() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let anna = acme.with_scope(&["contacts.read", "contacts.write"], RecordScope::Own).await;
    acme.owner().post("/contacts", json!({ "last_name": "Theirs" })).await.expect(201);
    anna.post("/contacts", json!({ "last_name": "Hers" })).await.expect(201);
    let text = anna.get("/contacts/export").await.expect(200).text;
    assert!(text.contains("Hers") && !text.contains("Theirs"), "{text}");
    acme.with_scope(&["tasks.read"], RecordScope::All).await.get("/contacts/export").await.problem(403, "forbidden");
}

/// Two exports at once are enough for an organization; one that nobody reads to its end gives its place back.
#[tokio::test]
async fn an_organization_has_two_exports_at_once() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let database = superuser_in(&platform, &acme).await;
    // More than what fits into the buffers of a connection.
    let fill = "INSERT INTO contacts (id, last_name, notes)
        SELECT gen_random_uuid(), 'Name ' || n, repeat('long ', 1900) FROM generate_series(1, 3000) n";
    database.batch_execute(fill).await.unwrap();
    let begin = async || acme.owner().request(reqwest::Method::GET, "/contacts/export").send().await.unwrap();
    let (first, second) = (begin().await, begin().await);
    let third = acme.owner().get("/contacts/export").await.problem(429, "too_many_exports");
    assert!(!third.header("retry-after").is_empty());
    other.owner().get("/contacts/export").await.expect(200);
    drop((first, second));
    let began = std::time::Instant::now();
    loop {
        let again = acme.owner().request(reqwest::Method::GET, "/contacts/export").send().await.unwrap();
        if again.status() == 200 {
            break;
        }
        assert!(began.elapsed().as_secs() < 20, "the place was not given back");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

//! What becomes of the rows of a file.

use serde_json::{Value, json};
use tenantry_core::permission::RecordScope;

use super::{import, over, send};
use crate::platform;
use crate::support::{count, superuser_in};

fn counts(import: &Value) -> [i64; 5] {
    ["rows_total", "created", "updated", "skipped", "failed"].map(|name| import[name].as_i64().unwrap())
}

/// Rows become contacts of whoever imports, over several transactions; the audit has them under the request that sent the file.
#[tokio::test]
async fn rows_become_records() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let rows: String =
        (0..2500).map(|n| format!("Given {n},\"Family, {n}\",p{n}@example.com,+43 1 58{n:05},a;b\r\n")).collect();
    let file = format!("\u{feff}First Name,Surname,E-Mail,Phone,Tags\r\n{rows}");
    let done = import(&member, json!({ "resource": "contacts" }), file).await;
    assert_eq!((counts(&done), &done["state"]), ([2500, 2500, 0, 0, 0], &json!("done")), "{done}");
    assert_eq!(done["mapping"][1], json!({ "column": "Surname", "field": "last_name" }));
    let found = member.get("/contacts?filter[email]=P77@example.com").await.expect(200);
    let found = &found.items()[0];
    assert_eq!((&found["last_name"], &found["first_name"]), (&json!("Family, 77"), &json!("Given 77")));
    assert_eq!((&found["phone"], &found["tags"]), (&json!("+4315800077"), &json!(["a", "b"])));
    assert_eq!(found["owner_id"], done["owner_id"]);
    let database = superuser_in(&platform, &acme).await;
    let audited =
        "SELECT count(*) FROM journal WHERE resource = 'contacts' AND operation = 'imports_upload' AND kind = 'person'
        AND user_id IS NOT NULL AND request_id IS NOT NULL";
    assert_eq!(count(&database, audited).await, 2500);
    assert_eq!(count(&database, "SELECT count(*) FROM import_pieces").await, 0);
}

/// A wrong row says where and why, and keeps no other from its place.
#[tokio::test]
async fn wrong_rows_say_why() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let file = "Nachname;Mail;Telefon\nGood;good@example.com;\nBad;no;\n;a@example.com;\nShort;x@example.com\nNumber;;0158858\n";
    let owner = acme.owner();
    let mapping = json!([
        { "column": "Nachname", "field": "last_name" },
        { "column": "Mail", "field": "email" },
        { "column": "Telefon", "field": "phone" },
    ]);
    let done = import(owner, json!({ "resource": "contacts", "mapping": mapping }), file).await;
    assert_eq!(counts(&done), [5, 1, 0, 0, 4]);
    assert_eq!(done["delimiter"], ";");
    let path = format!("/imports/{}/errors", done["id"].as_str().unwrap());
    let first = owner.get(&format!("{path}?limit=3")).await.expect(200);
    let next = first.body["next_cursor"].as_str().unwrap();
    let rest = owner.get(&format!("{path}?limit=3&cursor={next}")).await.expect(200);
    let errors: Vec<_> = first.items().iter().chain(rest.items()).collect();
    let place =
        |error: &&Value| (error["row_number"].as_i64().unwrap(), error["column_name"].as_str().map(str::to_owned));
    let places: Vec<_> = errors.iter().map(place).collect();
    let column = |name: &str| Some(name.to_owned());
    assert_eq!(places, [(2, column("Mail")), (3, column("Nachname")), (4, None), (5, column("Telefon"))]);
    assert!(errors[0]["reason"].as_str().unwrap().contains("e-mail"), "{}", errors[0]);
}

/// A row that is about somebody who is known is left out, changes them, or makes another one.
#[tokio::test]
async fn duplicates_go_as_they_are_told() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let known =
        json!({ "last_name": "Known", "first_name": "Ada", "email": "Ada@example.com", "phone": "+4315885801" });
    owner.post("/contacts", known).await.expect(201);
    let file = "last_name,email,company\nNew,ada@example.com,Acme\nTwin,b@example.com,\nTwin 2,B@example.com,B Ltd\n";
    let run = async |duplicates: &str, dry: bool| {
        let new = json!({ "resource": "contacts", "duplicates": duplicates, "dry_run": dry });
        counts(&import(owner, new, file).await)
    };
    assert_eq!(run("update", true).await, [3, 1, 2, 0, 0]);
    assert_eq!(owner.get("/contacts").await.expect(200).items().len(), 1);
    assert_eq!(run("skip", false).await, [3, 1, 0, 2, 0]);
    assert_eq!(run("update", false).await, [3, 0, 3, 0, 0]);
    let ada = owner.get("/contacts?filter[email]=ada@example.com").await.expect(200);
    let ada = &ada.items()[0];
    assert_eq!(
        (&ada["last_name"], &ada["first_name"], &ada["company"]),
        (&json!("New"), &json!("Ada"), &json!("Acme"))
    );
    assert_eq!(run("create", false).await, [3, 3, 0, 0, 0]);
    // Somebody is known by further addresses too, such as those of whoever was merged into them.
    let further = json!({ "last_name": "Merged", "emails": [{ "email": "Old@example.com" }], "phones": [{ "phone": "+4315885802" }] });
    owner.post("/contacts", further).await.expect(201);
    let old = "last_name,email\nMerged,old@example.com\n";
    let done = import(owner, json!({ "resource": "contacts" }), old).await;
    assert_eq!(counts(&done), [1, 0, 0, 1, 0]);
    let old = json!({ "resource": "contacts", "match_by": "phone" });
    let done = import(owner, old, "last_name,phone\nMerged,+43 1 588 5802\n").await;
    assert_eq!(counts(&done), [1, 0, 0, 1, 0]);
    let by_phone = json!({ "resource": "contacts", "match_by": "phone", "duplicates": "update" });
    let done = import(owner, by_phone, "phone,last_name\n+43 1 588 58 01,Phoned\n,Nobody\n").await;
    assert_eq!(counts(&done), [2, 1, 1, 0, 0]);
    let companies = import(owner, json!({ "resource": "companies" }), "Company\tVAT\nAcme\tU1\nBeta\tU2\n").await;
    assert_eq!((counts(&companies), &companies["delimiter"]), ([2, 2, 0, 0, 0], &json!("\t")));
}

/// Imports of one organization take turns, so the same file sent twice at once is imported once.
#[tokio::test]
async fn a_file_that_is_sent_twice_makes_no_doubles() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let rows: String = (0..3000).map(|n| format!("Family {n},p{n}@example.com\n")).collect();
    let file = format!("last_name,email\n{rows}");
    let new = json!({ "resource": "contacts", "duplicates": "skip" });
    let one = async || counts(&import(owner, new.clone(), file.clone()).await);
    let (first, second) = tokio::join!(one(), one());
    assert_eq!([first[1] + second[1], first[3] + second[3]], [3000, 3000], "{first:?} {second:?}");
}

/// Whoever reaches their own records changes no others by a file; and what was theirs to do is asked again when it is done.
#[tokio::test]
async fn an_import_may_what_its_author_may() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let all = ["contacts.read", "contacts.write", "imports.read", "imports.write"];
    let anna = acme.with_scope(&all, RecordScope::Own).await;
    acme.owner().post("/contacts", json!({ "last_name": "Theirs", "email": "a@example.com" })).await.expect(201);
    let new = json!({ "resource": "contacts", "duplicates": "update" });
    let done = import(&anna, new.clone(), "last_name,email\nHers,a@example.com\n").await;
    assert_eq!(counts(&done), [1, 1, 0, 0, 0]);
    assert_eq!(anna.get("/contacts").await.expect(200).items().len(), 1);
    let ben = acme.with_scope(&["imports.read", "imports.write", "contacts.read"], RecordScope::All).await;
    ben.post("/imports", new.clone()).await.problem(403, "forbidden");
    anna.post("/imports", json!({ "resource": "companies" })).await.problem(403, "forbidden");
    acme.viewer().await.post("/imports", new).await.problem(403, "forbidden");
    ben.get(&format!("/imports/{}", done["id"].as_str().unwrap())).await.expect(200);
}

/// One that is stopped goes no further; what is over cannot be stopped, and has its file.
#[tokio::test]
async fn an_import_can_be_stopped() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let made = owner.post("/imports", json!({ "resource": "contacts" })).await.expect(201);
    let path = made.header("location").to_owned();
    owner.post(&format!("{path}/cancel"), json!({})).await.expect(200);
    owner.post(&format!("{path}/cancel"), json!({})).await.problem(409, "import_over");
    send(owner, &made, "last_name\nX\n").await.problem(409, "import_has_file");
    assert_eq!(over(owner, &path).await["state"], "cancelled");
    assert!(owner.get("/contacts").await.expect(200).items().is_empty());
}

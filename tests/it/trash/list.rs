//! `GET /trash`.

use serde_json::json;

use super::{deleted_contact, of, patient, restore, titles, trash};
use crate::audit::{acme, me};
use crate::support::superuser_in;

/// What was deleted last stands first, with what it was, who did it, and until when it can be restored.
#[tokio::test]
async fn what_was_deleted_is_listed() {
    let (_platform, acme) = acme().await;
    let (owner, member) = (acme.owner(), acme.member().await);
    assert!(trash(owner).await.is_empty());
    let made = owner.post("/contacts", json!({ "first_name": "Ada", "last_name": "Lovelace" })).await.expect(201);
    let patient = owner.post("/clinic/patients", patient(made.id(), "P-1")).await.expect(201);
    owner.delete(&format!("/clinic/patients/{}", patient.id())).await.expect(204);
    let gone = member.delete(&format!("/contacts/{}", made.id())).await.expect(204);

    assert_eq!(titles(owner).await, ["Ada Lovelace", "P-1"]);
    let item = of(owner, made.id()).await;
    assert_eq!(item["resource"], "contacts");
    assert_eq!(item["deleted_by"], json!(me(&member).await));
    assert_eq!(item["request_id"], gone.header("x-request-id"));
    assert_eq!(item["went_with_it"], 0);
    let entry = owner.get(&format!("/audit/{}", item["id"].as_str().unwrap())).await.expect(200).body;
    assert_eq!((&entry["change"], &entry["at"]), (&json!("deleted"), &item["deleted_at"]));
    let at = |field: &str| {
        time::OffsetDateTime::parse(item[field].as_str().unwrap(), &time::format_description::well_known::Rfc3339)
            .unwrap()
    };
    assert_eq!(at("restorable_until") - at("deleted_at"), time::Duration::days(30));

    let only = owner.get("/trash?resource=patients").await.expect(200);
    assert_eq!(only.column("title"), ["P-1"]);
    assert!(owner.get("/trash?resource=unicorns").await.expect(200).items().is_empty());
}

/// A page after the other, each once, in both orders.
#[tokio::test]
async fn it_comes_in_pages() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    for n in 0..5 {
        deleted_contact(owner, &format!("Number {n}")).await;
    }
    for (sort, expected) in [("-deleted_at", [4, 3, 2, 1, 0]), ("deleted_at", [0, 1, 2, 3, 4])] {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = owner.get(&format!("/trash?limit=2&sort={sort}{cursor}")).await.expect(200);
            seen.extend(page.column("title").into_iter().map(str::to_owned));
            let Some(next) = page.body["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, expected.map(|n| format!("Number {n}")), "{sort}");
    }
}

/// What is back is not in the trash, and what was deleted twice is in it once.
#[tokio::test]
async fn a_record_is_in_it_once() {
    let (_platform, acme) = acme().await;
    let owner = acme.owner();
    let id = deleted_contact(owner, "Babbage").await;
    let first = of(owner, &id).await;
    restore(owner, &first["id"]).await.expect(200);
    assert!(trash(owner).await.is_empty());
    owner.delete(&format!("/contacts/{id}")).await.expect(204);
    assert_eq!(titles(owner).await, ["Babbage"]);
    assert_ne!(of(owner, &id).await["id"], first["id"]);
    restore(owner, &first["id"]).await.problem(409, "restored_already");
}

/// After 30 days it has emptied itself; the audit keeps what it has.
#[tokio::test]
async fn it_empties_itself() {
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    let (old, late) = (deleted_contact(owner, "Old").await, deleted_contact(owner, "Late").await);
    let item = of(owner, &old).await;
    let database = superuser_in(&platform, &acme).await;
    for (record, age) in [(&old, "30 days 1 second"), (&late, "29 days 23 hours")] {
        let sql = format!("UPDATE journal SET at = at - interval '{age}' WHERE record = $1");
        database.execute(&sql, &[record]).await.unwrap();
    }
    assert_eq!(titles(owner).await, ["Late"]);
    restore(owner, &item["id"]).await.problem(404, "not_found");
    owner.get(&format!("/audit/{}", item["id"].as_str().unwrap())).await.expect(200);
    restore(owner, &of(owner, &late).await["id"]).await.expect(200);
}

/// What nobody has deleted, as what a job clears away, is in no trash.
#[tokio::test]
async fn what_the_platform_clears_away_is_not_in_it() {
    let (platform, acme) = acme().await;
    let owner = acme.owner();
    let made = owner.post("/contacts", json!({ "last_name": "Babbage" })).await.expect(201);
    let database = superuser_in(&platform, &acme).await;
    database.batch_execute("DELETE FROM contacts").await.unwrap();
    owner.get(&format!("/contacts/{}", made.id())).await.problem(404, "not_found");
    assert!(trash(owner).await.is_empty());
}

/// However long the journal is, a page is read by the index on deletions.
#[tokio::test]
async fn a_page_is_read_by_an_index() {
    let (platform, acme) = acme().await;
    let database = superuser_in(&platform, &acme).await;
    let fill = "INSERT INTO journal (at, kind, user_id, resource, record, change, before, after)
            SELECT now() - n * interval '10 seconds', 'person', gen_random_uuid(), 'contacts', gen_random_uuid()::text,
                CASE WHEN n % 50 = 0 THEN 'deleted' ELSE 'updated' END,
                jsonb_build_object('id', gen_random_uuid(), 'last_name', 'Name ' || n, 'owner_id', gen_random_uuid()), '{}'
            FROM generate_series(1, 100000) n;
        ANALYZE journal";
    database.batch_execute(fill).await.unwrap();
    let sql = "EXPLAIN SELECT id FROM journal WHERE change = 'deleted' AND user_id IS NOT NULL AND before IS NOT NULL
            AND at > now() - make_interval(days => 30) AND resource = ANY ('{contacts}')
            AND NOT EXISTS (SELECT 1 FROM journal AS c WHERE c.record = journal.record AND c.resource = journal.resource
                AND c.number > journal.number AND c.change = 'created' OFFSET 0)
            ORDER BY at DESC, id DESC LIMIT 51";
    let rows = database.query(sql, &[]).await.unwrap();
    let plan = rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>().join("\n");
    assert!(plan.contains("journal_trash_idx") && !plan.contains("Seq Scan") && !plan.contains("Sort"), "{plan}");
    let began = std::time::Instant::now();
    assert_eq!(acme.owner().get("/trash?limit=200").await.expect(200).items().len(), 200);
    let took = began.elapsed();
    println!("200 of 2,000 in 100,000 entries: {took:?}");
    assert!(took < std::time::Duration::from_secs(2), "{took:?}");
}

//! The chain of hashes.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::config::Secret;

use crate::operations::program::{command_on, finish};
use crate::platform;
use crate::support::count;

/// A row that is changed, taken out or cut off is found; a whole chain is said to be whole.
#[tokio::test]
async fn tampering_is_found() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let make = |n: i32| acme.owner().post("/contacts", json!({ "last_name": format!("Number {n}") }));
    for made in join_all((0..10).map(make)).await {
        made.expect(201);
    }
    platform.seal().await;
    // It may be another one than the server's: it sets the logins' passwords anew.
    let secret = Secret::generate();
    let verify = || async { finish(command_on(platform.database(), &secret, &["audit", "verify", acme.slug()])).await };
    let (code, said, _) = verify().await;
    assert!(code == 0 && said.contains("whole"), "{said}");

    let superuser = platform.database().superuser().await;
    let journal = format!("{}.journal", acme.tenant().schema());
    let entries = count(&superuser, &format!("SELECT count(*) FROM {journal}")).await;
    let fifth = format!("number = (SELECT number FROM {journal}_seals WHERE position = 5)");
    for (tamper, position) in [
        (format!("UPDATE {journal} SET after = '{{}}' WHERE {fifth}"), 5),
        (format!("UPDATE {journal} SET user_id = gen_random_uuid() WHERE {fifth}"), 5),
        (format!("DELETE FROM {journal} WHERE {fifth}"), 5),
        (format!("DELETE FROM {journal}_seals WHERE position = 5"), 5),
        (format!("DELETE FROM {journal}_seals WHERE position > 5"), 6),
        (format!("UPDATE {journal}_seals SET contents = hash WHERE position = 5"), 5),
        (
            format!("INSERT INTO {journal} (kind, resource, change) VALUES ('system', 'contacts', 'created')"),
            entries + 1,
        ),
    ] {
        let keep = format!(
            "BEGIN; CREATE TABLE kept AS SELECT * FROM {journal}; CREATE TABLE kept_seals AS SELECT * FROM {journal}_seals;
             {tamper}; COMMIT"
        );
        superuser.batch_execute(&keep).await.unwrap();
        let (code, said, _) = verify().await;
        assert!(code == 1 && said.contains(&format!("position {position}\n")), "{tamper}: {code} {said}");
        let put_back = format!(
            "BEGIN; DELETE FROM {journal}; INSERT INTO {journal} OVERRIDING SYSTEM VALUE SELECT * FROM kept;
             DELETE FROM {journal}_seals; INSERT INTO {journal}_seals SELECT * FROM kept_seals;
             DROP TABLE kept, kept_seals; COMMIT"
        );
        superuser.batch_execute(&put_back).await.unwrap();
    }
    assert_eq!(verify().await.0, 0);
}

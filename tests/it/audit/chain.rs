//! The chain of hashes.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::config::Secret;

use crate::operations::program::{command_on, finish};
use crate::platform;

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
    for tamper in [
        format!("UPDATE {journal} SET after = '{{}}' WHERE position = 5"),
        format!("DELETE FROM {journal} WHERE position = 5"),
        format!("DELETE FROM {journal} WHERE position > 5"),
        format!("UPDATE {journal} SET user_id = NULL WHERE position = 5"),
    ] {
        superuser
            .batch_execute(&format!("BEGIN; CREATE TABLE kept AS SELECT * FROM {journal}; {tamper}; COMMIT"))
            .await
            .unwrap();
        let (code, said, _) = verify().await;
        let position = if tamper.contains("> 5") { 6 } else { 5 };
        assert!(code == 1 && said.contains(&format!("position {position}")), "{tamper}: {code} {said}");
        superuser
            .batch_execute(&format!(
                "BEGIN; DELETE FROM {journal}; INSERT INTO {journal} OVERRIDING SYSTEM VALUE SELECT * FROM kept;
                 DROP TABLE kept; COMMIT"
            ))
            .await
            .unwrap();
    }
    assert_eq!(verify().await.0, 0);
}

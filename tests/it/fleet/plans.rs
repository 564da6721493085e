//! Prepared statements outlive a migration that changes what they give.

use serde_json::json;

use crate::platform;

/// A read notices and prepares anew; a transaction says that it may be sent again, and then it is done.
#[tokio::test]
async fn a_changed_table_is_learnt() {
    let platform = platform().await;
    let (acme, globex) = (platform.organization("Acme").await, platform.organization("Globex").await);
    let mut paths = Vec::new();
    for organization in [&acme, &globex] {
        let owner = organization.owner();
        let make = async || owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
        let (gone, stays) = (make().await, make().await);
        owner.delete(gone.header("location")).await.expect(204);
        owner.get(stays.header("location")).await.expect(200);
        paths.push(stays.header("location").to_owned());
        let schema = organization.tenant().schema();
        let change = format!("ALTER TABLE {schema}.contacts ALTER COLUMN notes TYPE varchar(10000)");
        platform.database().superuser().await.batch_execute(&change).await.unwrap();
    }
    acme.owner().get(&paths[0]).await.expect(200);

    let first = globex.owner().delete(&paths[1]).await;
    first.problem(503, "unavailable");
    globex.owner().delete(&paths[1]).await.expect(204);
}

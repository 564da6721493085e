//! What operators do is written down, and what is written down stays.

use serde_json::{Value, json};
use tenantry_core::testing::TestDatabase;

use crate::platform;

/// Each change leaves one line, in its transaction: who, from where, to what, why. A refusal leaves none.
#[tokio::test]
async fn each_change_leaves_one_line() {
    let platform = platform().await;
    let operator = platform.operator().await;
    let client = operator.client();
    let tenant = client.post("/operator/tenants", json!({ "name": "Acme" })).await.expect(201);
    client.post("/operator/tenants", json!({ "name": "Acme" })).await.problem(409, "slug_taken");
    let suspension = format!("/operator/tenants/{}/suspension", tenant.id());
    client.put_json(&suspension, json!({ "reason": "unpaid" })).await.expect(200);
    client.delete(&suspension).await.expect(200);
    client.delete(&suspension).await.expect(200);

    let database = platform.database().superuser().await;
    let lines = database
        .query(
            "SELECT a.action, a.reason, o.email, host(a.address), a.tenant::text FROM platform.audit_entries a
             JOIN platform.operators o ON o.id = a.operator_id ORDER BY a.at, a.id",
            &[],
        )
        .await
        .unwrap();
    let lines: Vec<Value> =
        lines.iter().map(|line| json!([line.get::<_, String>(0), line.get::<_, Option<String>>(1)])).collect();
    let expected = json!([["tenant.created", null], ["tenant.suspended", "unpaid"], ["tenant.resumed", null]]);
    assert_eq!(Value::from(lines), expected);
    let whose = "SELECT count(*) FROM platform.audit_entries a JOIN platform.operators o ON o.id = a.operator_id
         WHERE o.email = $1 AND host(a.address) = '127.0.0.1' AND a.tenant::text = $2";
    let count = database.query_one(whose, &[&operator.email(), &tenant.id()]).await.unwrap();
    assert_eq!(count.get::<_, i64>(0), 3);
}

/// Neither the platform's login nor the owner of the table can change or remove a line.
#[tokio::test]
async fn a_line_is_never_changed() {
    let platform = platform().await;
    platform.operator().await.client().post("/operator/tenants", json!({ "name": "Acme" })).await.expect(201);
    let logins = platform.database().logins();
    let login = TestDatabase::connect(&logins.platform(std::time::Duration::from_secs(5))).await;
    let admin = TestDatabase::connect(&logins.admin()).await;
    for client in [&login, &admin] {
        for sql in [
            "UPDATE platform.audit_entries SET reason = 'x'",
            "DELETE FROM platform.audit_entries",
            "TRUNCATE platform.audit_entries",
        ] {
            let refused = client.batch_execute(sql).await.expect_err(sql);
            assert_eq!(refused.code().map(|code| code.code()), Some("42501"), "{sql}");
        }
    }
    login.batch_execute("SELECT reason FROM platform.audit_entries").await.unwrap();
}

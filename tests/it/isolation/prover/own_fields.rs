//! Fields of an organization's own: what a valid one is, and room for many.

use serde_json::{Value, json};
use tokio_postgres::Client;

use super::call::Call;
use super::world::Tenant;

/// A field that other records can do without.
pub fn mend(call: &mut Call) {
    let Some(body) = call.body.as_mut() else { return };
    if call.operation == "custom_fields_create" {
        body["type"] = json!("choice");
        body["refers_to"] = Value::Null;
    }
    if ["custom_fields_create", "custom_fields_update"].contains(&call.operation.as_str()) {
        body["required"] = json!(false);
    }
}

/// A resource has fifty at most.
pub async fn make_room(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "ALTER TABLE {schema}.custom_fields DROP CONSTRAINT IF EXISTS custom_fields_place_check,
            DROP CONSTRAINT IF EXISTS custom_fields_place_key"
    );
    superuser.batch_execute(&sql).await.expect("room for fields");
}

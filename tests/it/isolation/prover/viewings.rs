//! What schemas do not tell of viewings and open houses: what is on the market, which times there are, and what has happened before.

use serde_json::{Value, json};
use tokio_postgres::Client;

use super::call::Call;
use super::document::{Operation, Place};
use super::world::{Tenant, World};

/// Further viewings of each property and visitors of each open house: the lists of them have a second page.
pub async fn second_pages(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "INSERT INTO {schema}.viewings (id, listing_id, property_id, applicant_id, agent_id, status, starts_at, ends_at,
             accompanied, travel_minutes, capacity, booking_id, cancel_reason)
         SELECT gen_random_uuid(), v.listing_id, p.id, v.applicant_id, v.agent_id, 'cancelled', v.starts_at, v.ends_at,
             true, 0, 1, v.booking_id, 'rain'
         FROM {schema}.properties p, (SELECT * FROM {schema}.viewings LIMIT 1) v, generate_series(1, 2);
         INSERT INTO {schema}.open_house_visitors (id, open_house_id, contact_id, place)
         SELECT gen_random_uuid(), h.id, c.id, 100 + c.place FROM {schema}.open_houses h,
         (SELECT id, row_number() OVER (ORDER BY id) AS place FROM {schema}.contacts ORDER BY id LIMIT 2) c
         ON CONFLICT DO NOTHING"
    );
    superuser.batch_execute(&sql).await.expect("rows");
}

/// Makes a request about viewings or open houses one that its tenant's owner may make.
pub async fn fit(world: &World, tenant: &Tenant, operation: &Operation, call: &mut Call) {
    if !["/viewings", "/open-houses"].iter().any(|part| operation.path.contains(part)) {
        return;
    }
    let schema = tenant.organization.tenant().schema();
    let day = if operation.path.ends_with("/move") { "2030-05-18" } else { "2030-05-17" };
    put(call, "starts_at", json!(format!("{day}T10:00:00Z")));
    put(call, "ends_at", json!(format!("{day}T11:00:00Z")));
    put(call, "occupier_told_at", json!("2026-01-05T10:00:00Z"));
    if let Some(listing) = call.body.as_ref().and_then(|body| body["listing_id"].as_str()).map(str::to_owned) {
        let on = format!(
            "UPDATE {schema}.listings SET status = 'active', mandate_from = '2020-01-01', mandate_until = NULL
             WHERE id = '{listing}'"
        );
        world.superuser.batch_execute(&on).await.expect("a listing on the market");
        if operation.id == "properties_viewings_create" {
            let sql = format!("SELECT property_id::text FROM {schema}.listings WHERE id = '{listing}'");
            of(world, operation, call, &sql).await;
        }
    }
    if operation.path.contains("{visitor_id}") {
        let visitor = path(call, "visitor_id");
        let sql = format!("SELECT open_house_id::text FROM {schema}.open_house_visitors WHERE id = '{visitor}'");
        of(world, operation, call, &sql).await;
    }
    let changes = match operation.id.as_str() {
        "viewings_delete" => "viewings SET status = 'cancelled', cancel_reason = 'rain'",
        "viewings_join" => "viewings SET capacity = 100",
        "viewings_complete" | "viewings_no_show" => {
            "viewings SET status = 'confirmed', starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'"
        }
        "viewings_feedback" => "viewings SET status = 'done'",
        "open_house_visitors_come" => "open_houses SET starts_at = now(), ends_at = now() + interval '1 hour'",
        "open_houses_delete" => "open_houses SET status = 'cancelled', cancel_reason = 'rain'",
        _ => return,
    };
    let (table, id) = (changes.split(' ').next().unwrap_or_default(), path(call, "id"));
    let mut before = format!("UPDATE {schema}.{changes} WHERE id = '{id}';");
    if changes.contains("'cancelled'") {
        // Its time is nobody's then.
        let booking = format!("(SELECT booking_id FROM {schema}.{table} WHERE id = '{id}')");
        before += &format!(
            "UPDATE {schema}.booking_parts SET blocking = false WHERE booking_id = {booking};
             UPDATE {schema}.bookings SET status = 'cancelled' WHERE id = {booking}"
        );
    }
    world.superuser.batch_execute(&before).await.expect("a state");
}

/// How many rows more than its status says an operation makes: what it notes beside its record.
pub fn beside(operation: &Operation) -> i64 {
    match operation.id.as_str() {
        // Its booking, and for property and agent a resource and what names it.
        "viewings_create" | "properties_viewings_create" | "open_houses_create" => 5,
        // Another agent.
        "viewings_move" | "open_houses_move" => 2,
        _ => 0,
    }
}

/// Has the path name what a record is a part of.
async fn of(world: &World, operation: &Operation, call: &mut Call, sql: &str) {
    let whole: String = world.superuser.query_one(sql, &[]).await.expect("the whole").get(0);
    let spot = operation.parameters.iter().find(|spot| spot.name == "id").expect("the place of the whole");
    call.set(spot, &whole);
}

fn put(call: &mut Call, field: &str, value: Value) {
    if let Some(own) = call.body.as_mut().and_then(|body| body.get_mut(field)) {
        *own = value;
    }
}

fn path(call: &Call, name: &str) -> String {
    let known = call.parameters.iter().find(|(place, own, _)| *place == Place::Path && own == name);
    known.expect("a parameter").2.clone()
}

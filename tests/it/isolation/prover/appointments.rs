//! What schemas do not tell of appointments: who offers what, whose room it is, and what has become of one before.

use reqwest::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::document::{Operation, Place};
use super::world::{Tenant, World};

const APPOINTMENTS: &str = "/api/v1/clinic/appointments";
/// Where appointments are moved to in the requests here.
const LATER: &str = "2030-05-18T10:00:00Z";

/// Makes a request about appointments one that its tenant's owner may make.
pub async fn fit(world: &World, tenant: &Tenant, operation: &Operation, call: &mut Call) {
    let schema = tenant.organization.tenant().schema();
    let run = async |sql: String| world.superuser.batch_execute(&sql).await.expect("a state");
    let offers = |service: String, practitioner: &str| {
        format!(
            "INSERT INTO {schema}.service_practitioners (id, service_id, practitioner_id)
             SELECT gen_random_uuid(), {service}, '{practitioner}' ON CONFLICT DO NOTHING"
        )
    };
    match operation.id.as_str() {
        "appointments_create" | "appointments_create_series" => {
            for (field, value) in [
                ("online", json!(false)),
                ("proposed", json!(false)),
                ("hold_minutes", Value::Null),
                ("overbook_reason", Value::Null),
                ("rule", json!("FREQ=WEEKLY;COUNT=2")),
            ] {
                put(call, field, value);
            }
            let (service, practitioner) = (field(call, "service_id"), field(call, "practitioner_id"));
            run(offers(format!("'{service}'"), &practitioner)).await;
            run(format!("UPDATE {schema}.rooms SET kind = 'device' WHERE id = '{}'", field(call, "device_id"))).await;
            let sql = format!("SELECT location_id::text FROM {schema}.rooms WHERE id::text = $1");
            let room = field(call, "room_id");
            let location: String = world.superuser.query_one(&sql, &[&room]).await.expect("the room").get(0);
            put(call, "location_id", json!(location));
        }
        "appointments_move" => {
            put(call, "overbook_reason", Value::Null);
            put(call, "starts_at", json!(LATER));
            let service = format!("(SELECT service_id FROM {schema}.appointments WHERE id = '{}')", path(call));
            run(offers(service, &field(call, "practitioner_id"))).await;
        }
        "appointments_move_series" | "appointments_cancel_series" => {
            put(call, "starts_at", json!(LATER));
            let (series, id) = (uuid::Uuid::new_v4(), path(call));
            run(format!(
                "INSERT INTO {schema}.booking_series (id, rule, time_zone, module)
                 VALUES ('{series}', 'FREQ=DAILY;COUNT=1', 'UTC', 'clinic');
                 UPDATE {schema}.bookings SET series_id = '{series}'
                 WHERE id = (SELECT booking_id FROM {schema}.appointments WHERE id = '{id}');
                 UPDATE {schema}.appointments SET series_id = '{series}' WHERE id = '{id}'"
            ))
            .await;
        }
        "appointments_confirm" => {
            let held = "status = 'pending', held_until = now() + interval '1 hour'";
            run(format!("UPDATE {schema}.appointments SET {held} WHERE id = '{}'", path(call))).await;
        }
        "appointments_arrive" | "appointments_check_in" | "appointments_fulfil" | "appointments_no_show" => {
            let begun = "starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour'";
            run(format!("UPDATE {schema}.appointments SET {begun} WHERE id = '{}'", path(call))).await;
        }
        "appointments_reset" => {
            run(format!("UPDATE {schema}.appointments SET status = 'arrived' WHERE id = '{}'", path(call))).await;
        }
        "waitlist_create" => put(call, "latest_at", json!("2030-05-19T10:00:00Z")),
        "waitlist_accept" | "waitlist_decline" => offered(world, tenant, &path(call)).await,
        "encounters_create" | "encounters_update" => {
            let (patient, appointment) = (path(call), field(call, "appointment_id"));
            run(format!("UPDATE {schema}.appointments SET patient_id = '{patient}' WHERE id = '{appointment}'")).await;
        }
        _ => {}
    }
}

/// Has something be offered to who waits.
async fn offered(world: &World, tenant: &Tenant, entry: &str) {
    let schema = tenant.organization.tenant().schema();
    let post = world.document.find(&Method::POST, APPOINTMENTS).expect("appointments");
    let appointment = Box::pin(world.make(tenant, post)).await.id;
    let sql = format!(
        "UPDATE {schema}.appointments SET status = 'waitlist', held_until = now() + interval '1 hour', waitlist_id = '{entry}',
         patient_id = (SELECT patient_id FROM {schema}.waitlist WHERE id = '{entry}') WHERE id = '{appointment}';
         UPDATE {schema}.waitlist SET status = 'offered', appointment_id = '{appointment}',
         offered_until = now() + interval '1 hour' WHERE id = '{entry}'"
    );
    world.superuser.batch_execute(&sql).await.expect("an offer");
}

/// How many rows more than its status says an operation makes: what it notes beside its record.
pub fn beside(operation: &Operation) -> i64 {
    match operation.id.as_str() {
        // Its booking, and the patient's resource in the calendar.
        "appointments_create" => 3,
        // Two of each, and the series.
        "appointments_create_series" => 6,
        // The first number of the practitioner's day.
        "appointments_check_in" => 1,
        // Each is a resource of the calendar, too.
        "practitioners_create" | "rooms_create" => 1,
        "practitioners_delete" | "rooms_delete" => -1,
        _ => 0,
    }
}

fn put(call: &mut Call, field: &str, value: Value) {
    if let Some(own) = call.body.as_mut().and_then(|body| body.get_mut(field)) {
        *own = value;
    }
}

fn field(call: &Call, name: &str) -> String {
    let value = call.body.as_ref().and_then(|body| body[name].as_str());
    value.unwrap_or_else(|| panic!("{}: no {name}", call.operation)).to_owned()
}

fn path(call: &Call) -> String {
    let known = call.parameters.iter().find(|(place, name, _)| *place == Place::Path && name == "id");
    known.expect("a parameter").2.clone()
}

//! What schemas do not tell of estate agencies: which listing a party is of, and what stands before an offer.

use serde_json::json;
use tokio_postgres::Client;

use super::call::Call;
use super::document::{Operation, Place};
use super::world::{Tenant, World};

/// A day on which offers are still valid.
const VALID_UNTIL: &str = "2199-01-01";

/// A further step, price and party of each listing: the lists of them have a second page.
pub async fn second_pages(superuser: &Client, tenant: &Tenant) {
    let schema = tenant.organization.tenant().schema();
    let sql = format!(
        "INSERT INTO {schema}.listing_status_changes (id, listing_id, to_status)
         SELECT gen_random_uuid(), id, status FROM {schema}.listings;
         INSERT INTO {schema}.listing_price_changes (id, listing_id, to_price, currency)
         SELECT gen_random_uuid(), id, price, currency FROM {schema}.listings;
         INSERT INTO {schema}.listing_parties (id, listing_id, contact_id, role)
         SELECT gen_random_uuid(), l.id, c.id, r FROM {schema}.listings l, (SELECT id FROM {schema}.contacts LIMIT 1) c,
         unnest(ARRAY['caretaker', 'solicitor']) r ON CONFLICT DO NOTHING"
    );
    superuser.batch_execute(&sql).await.expect("rows");
}

/// Makes a request about listings or offers one that its tenant's owner may make.
pub async fn fit(world: &World, tenant: &Tenant, operation: &Operation, call: &mut Call) {
    let schema = tenant.organization.tenant().schema();
    let run = async |sql: String| world.superuser.batch_execute(&sql).await.expect("a state");
    match operation.id.as_str() {
        // It is the first of the words already.
        "listings_move" => set(call, "/status", "canceled"),
        "listing_parties_delete" => {
            let party = path(call, "party_id");
            let sql = format!("SELECT listing_id::text FROM {schema}.listing_parties WHERE id::text = $1");
            let listing: String = world.superuser.query_one(&sql, &[&party]).await.expect("the party").get(0);
            let spot = operation.parameters.iter().find(|spot| spot.name == "id").expect("the listing's place");
            call.set(spot, &listing);
        }
        "offers_create" => {
            set(call, "/valid_until", VALID_UNTIL);
            let body = call.body.as_ref().expect("a body");
            let listing = body["listing_id"].as_str().expect("a listing");
            run(format!(
                "UPDATE {schema}.listings SET status = 'active', mandate_from = '2020-01-01', mandate_until = NULL
                 WHERE id = '{listing}'"
            ))
            .await;
        }
        "offers_update" => set(call, "/valid_until", VALID_UNTIL),
        "offers_accept" => {
            let of_offer = format!("FROM {schema}.offers WHERE id = '{}'", path(call, "id"));
            run(format!(
                "INSERT INTO {schema}.listing_parties (id, listing_id, contact_id, role)
                 SELECT gen_random_uuid(), listing_id, applicant_id, 'vendor' {of_offer};
                 INSERT INTO {schema}.identity_checks (id, contact_id, status, method, checked_at)
                 SELECT gen_random_uuid(), applicant_id, 'passed', 'video', now() {of_offer}"
            ))
            .await;
        }
        "offers_fall_through" => {
            let offer = path(call, "id");
            run(format!(
                "UPDATE {schema}.offers SET status = 'accepted' WHERE id = '{offer}';
                 UPDATE {schema}.listings SET status = 'active_under_contract'
                 WHERE id = (SELECT listing_id FROM {schema}.offers WHERE id = '{offer}')"
            ))
            .await;
        }
        _ => {}
    }
}

/// How many rows more than its status says an operation makes: what it notes beside its record.
pub fn beside(operation: &Operation) -> i64 {
    match operation.id.as_str() {
        // Its first status and its first price.
        "listings_create" => 2,
        "listings_delete" => -2,
        "listings_move" | "offers_accept" | "offers_fall_through" => 1,
        "listing_interests_put" => 1,
        _ => 0,
    }
}

fn set(call: &mut Call, pointer: &str, value: &str) {
    let place = call.body.as_mut().and_then(|body| body.pointer_mut(pointer));
    *place.unwrap_or_else(|| panic!("{}: no {pointer}", call.operation)) = json!(value);
}

fn path(call: &Call, name: &str) -> String {
    let known = call.parameters.iter().find(|(place, own, _)| *place == Place::Path && own == name);
    known.expect("a parameter").2.clone()
}

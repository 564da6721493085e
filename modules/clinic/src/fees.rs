//! Fees: each time that a service is charged. One that was paid for covers further visits of the patient, where the service says so.

use serde::Serialize;
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::tenancy::{Statement, TenantTx, statement};
use tenantry_core::value::Moment;
use tenantry_core::{record_id, sql};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::patients::{Patient, PatientId};
use crate::services::ServiceId;

record_id! {
    /// The id of a charge.
    ChargeId
}

/// A service that was charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charge {
    /// Its id, by which it is reversed.
    pub(crate) id: ChargeId,
    /// The charge that covers this one, which is free.
    pub(crate) covered_by: Option<ChargeId>,
}

/// A charge as the table has it.
#[derive(Debug, Serialize)]
struct Row {
    id: Uuid,
    service_id: Uuid,
    covered_by: Option<Uuid>,
    #[serde(with = "time::serde::rfc3339::option")]
    valid_until: Option<OffsetDateTime>,
    visits_left: Option<i32>,
}

/// Charges a patient for services, one visit each, in this order. What an earlier charge covers is free and takes one of its visits.
///
/// Whoever calls holds the patient's row, so that no two take the last visit.
///
/// # Errors
/// 404 where there is no such service.
pub(crate) async fn charge(
    tx: &mut TenantTx,
    patient: &Patient,
    services: &[ServiceId],
    at: Moment,
) -> ApiResult<Vec<Charge>> {
    let ids: Vec<Uuid> = services.iter().map(|id| id.as_uuid()).collect();
    let terms = tx.run(terms(ids.clone())).await?;
    let mut covers = tx.run(covers(patient.id, ids.clone(), at)).await?;
    let before = covers.clone();
    let mut rows = Vec::with_capacity(ids.len());
    for service in ids {
        let (_, days, visits) = terms.iter().find(|(id, _, _)| *id == service).ok_or_else(ApiError::not_found)?;
        let id = ChargeId::new().as_uuid();
        let cover = covers.iter_mut().find(|(_, of, left)| *of == service && *left > 0);
        if let Some((by, _, left)) = cover {
            *left -= 1;
            let covered_by = Some(*by);
            rows.push(Row { id, service_id: service, covered_by, valid_until: None, visits_left: None });
            continue;
        }
        let valid_until = days.map(|days| OffsetDateTime::from(at) + Duration::days(days.into()));
        if let Some(visits) = visits {
            covers.push((id, service, *visits));
        }
        rows.push(Row { id, service_id: service, covered_by: None, valid_until, visits_left: *visits });
    }
    // What was made here and has covered already is stored as it is left.
    for row in &mut rows {
        if let Some((_, _, left)) = covers.iter().find(|(id, _, _)| *id == row.id) {
            row.visits_left = Some(*left);
        }
    }
    let taken: Vec<_> = before.iter().zip(&covers).filter(|(was, is)| was.2 != is.2).map(|(_, is)| *is).collect();
    tx.run(leave(&taken)).await?;
    let charges = rows.iter().map(|row| Charge { id: row.id.into(), covered_by: row.covered_by.map(Into::into) });
    let charges = charges.collect();
    tx.run(insert(patient.id, at, rows)).await?;
    Ok(charges)
}

/// Takes charges back, and gives the visits back that they took. Whoever calls holds the patient's row.
///
/// # Errors
/// 409 where a further visit was free because of one of them.
pub(crate) async fn reverse(tx: &mut TenantTx, charges: Vec<ChargeId>) -> ApiResult<()> {
    let ids: Vec<Uuid> = charges.into_iter().map(ChargeId::as_uuid).collect();
    if tx.run(in_use(ids.clone())).await? {
        let detail = "A later visit was free because of this charge. Cancel the invoice of that visit first.";
        return Err(ApiError::conflict("fee_used", detail));
    }
    let covered: Vec<Uuid> = tx.run(cancel(ids)).await?.into_iter().filter_map(|(by,)| by).collect();
    Ok(tx.run(give_back(covered)).await?)
}

/// A service, and for how many days and visits it is covered once it was paid for.
type Terms = (Uuid, Option<i32>, Option<i32>);

/// The terms of each of these services.
fn terms(services: Vec<Uuid>) -> Statement<Vec<Terms>> {
    let terms = sql!(
        "SELECT id, fee_validity_days, fee_validity_visits FROM services WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE"
    );
    statement(terms).bind(services).many()
}

/// Charges that cover a visit at that time: their ids, their services, the visits that are left. Those that end first come first.
fn covers(patient: PatientId, services: Vec<Uuid>, at: Moment) -> Statement<Vec<(Uuid, Uuid, i32)>> {
    let covers = sql!(
        "SELECT id, service_id, visits_left FROM fee_charges WHERE patient_id = $1 AND service_id = ANY ($2) ",
        "AND cancelled_at IS NULL AND visits_left > 0 AND charged_at <= $3 AND valid_until > $3 ORDER BY valid_until, id"
    );
    statement(covers).bind(patient).bind(services).bind(at).many()
}

fn leave(taken: &[(Uuid, Uuid, i32)]) -> Statement<()> {
    let leave = sql!(
        "UPDATE fee_charges AS f SET visits_left = n.visits, version = f.version + 1, updated_at = now() ",
        "FROM unnest($1::uuid[], $2::int[]) AS n (id, visits) WHERE f.id = n.id"
    );
    let ids: Vec<Uuid> = taken.iter().map(|(id, _, _)| *id).collect();
    let left: Vec<i32> = taken.iter().map(|(_, _, left)| *left).collect();
    statement(leave).bind(ids).bind(left).done()
}

fn insert(patient: PatientId, at: Moment, rows: Vec<Row>) -> Statement<()> {
    let insert = sql!(
        "INSERT INTO fee_charges (id, patient_id, service_id, charged_at, covered_by, valid_until, visits_left) ",
        "SELECT r.id, $1, r.service_id, $2, r.covered_by, r.valid_until, r.visits_left ",
        "FROM jsonb_populate_recordset(NULL::fee_charges, $3) AS r"
    );
    statement(insert).bind(patient).bind(at).bind(serde_json::json!(rows)).done()
}

fn in_use(charges: Vec<Uuid>) -> Statement<bool> {
    let used =
        sql!("SELECT 1 FROM fee_charges WHERE covered_by = ANY ($1) AND id <> ALL ($1) AND cancelled_at IS NULL");
    statement(used).bind(charges).any()
}

/// Takes charges back, and gives which charges covered them.
fn cancel(charges: Vec<Uuid>) -> Statement<Vec<(Option<Uuid>,)>> {
    let cancel = sql!(
        "UPDATE fee_charges SET cancelled_at = now(), version = version + 1, updated_at = now() ",
        "WHERE id = ANY ($1) AND cancelled_at IS NULL RETURNING covered_by"
    );
    statement(cancel).bind(charges).many()
}

/// Each charge gets as many visits back as it is named.
fn give_back(charges: Vec<Uuid>) -> Statement<()> {
    let give_back = sql!(
        "UPDATE fee_charges AS f SET visits_left = f.visits_left + n.visits, version = f.version + 1, updated_at = now() ",
        "FROM (SELECT u.id, count(u.id)::int AS visits FROM unnest($1::uuid[]) AS u (id) GROUP BY u.id) AS n ",
        "WHERE f.id = n.id"
    );
    statement(give_back).bind(charges).done()
}

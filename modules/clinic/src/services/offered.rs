//! Who offers a service.

use std::collections::HashSet;

use poem_openapi::Object;
use serde::Deserialize;
use tenantry_core::http::{ApiError, ApiResult};
use tenantry_core::sql;
use tenantry_core::tenancy::{Refusal, Statement, TenantTx, statement};
use uuid::Uuid;

use super::{Service, ServiceId, store};
use crate::practitioners::PractitionerId;

/// How many practitioners offer a service at most.
const MOST: usize = 200;

/// Who offers a service from now on.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Offering {
    /// All practitioners who do, each once; at most 200.
    #[oai(validator(max_items = 200))]
    practitioner_ids: Vec<PractitionerId>,
}

impl Offering {
    fn checked(self) -> ApiResult<Vec<Uuid>> {
        if self.practitioner_ids.len() > MOST {
            return Err(ApiError::invalid().at("/practitioner_ids", format!("at most {MOST}")));
        }
        let mut seen = HashSet::new();
        match self.practitioner_ids.iter().position(|id| !seen.insert(*id)) {
            Some(n) => Err(ApiError::invalid().at(format!("/practitioner_ids/{n}"), "each practitioner once")),
            None => Ok(self.practitioner_ids.into_iter().map(PractitionerId::as_uuid).collect()),
        }
    }
}

/// Replaces who offers a service that is locked.
pub(super) async fn replace(tx: &mut TenantTx, service: Service, offering: Offering) -> ApiResult<Service> {
    let ids = offering.checked()?;
    let known = tx.run(known(ids.clone())).await?;
    if let Some(n) = ids.iter().position(|id| !known.contains(&(*id,))) {
        return Err(ApiError::not_found().at(format!("/practitioner_ids/{n}"), "there is no such practitioner"));
    }
    let fewer = tx.run(remove(service.id, ids.clone())).await?;
    let more = tx.run(add(service.id, ids)).await?;
    if fewer || more {
        tx.run(touch(service.id)).await?;
    }
    tx.run(store::find(service.id)).await?.ok_or_else(ApiError::not_found)
}

/// Those of these practitioners who are there; they stay until the transaction ends.
fn known(ids: Vec<Uuid>) -> Statement<Vec<(Uuid,)>> {
    statement(sql!("SELECT id FROM practitioners WHERE id = ANY ($1) ORDER BY id FOR KEY SHARE")).bind(ids).many()
}

fn remove(service: ServiceId, keep: Vec<Uuid>) -> Statement<bool> {
    let remove =
        sql!("DELETE FROM service_practitioners WHERE service_id = $1 AND practitioner_id <> ALL ($2) RETURNING id");
    statement(remove).bind(service).bind(keep).any()
}

fn add(service: ServiceId, ids: Vec<Uuid>) -> Statement<bool> {
    let add = sql!(
        "INSERT INTO service_practitioners (id, service_id, practitioner_id) ",
        "SELECT gen_random_uuid(), $1, n.id FROM unnest($2::uuid[]) AS n (id) ",
        "ON CONFLICT (service_id, practitioner_id) DO NOTHING RETURNING id"
    );
    let missing = Refusal::Missing { pointer: "/practitioner_ids" };
    statement(add).bind(service).bind(ids).any().refused_by("service_practitioners_practitioner_id_fkey", missing)
}

fn touch(service: ServiceId) -> Statement<()> {
    statement(sql!("UPDATE services SET version = version + 1, updated_at = now() WHERE id = $1")).bind(service).done()
}

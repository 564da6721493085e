//! The SQL of identifiers.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Reach, Refusal, Statement, owned};

use super::{NewPatientIdentifier, PatientIdentifier, PatientIdentifierId};

const TAKEN: Refusal = Refusal::Taken {
    pointer: "/value",
    code: "identifier_taken",
    detail: "A patient has this number in this system already. Look whether it is the same person.",
};

pub(super) fn list(reach: Reach) -> List<PatientIdentifier> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: PatientIdentifierId) -> Statement<Option<PatientIdentifier>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: PatientIdentifierId) -> Statement<Option<PatientIdentifier>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, new: NewPatientIdentifier) -> Statement<PatientIdentifier> {
    let NewPatientIdentifier { patient_id, system, value } = new;
    owned(reach)
        .change()
        .set(sql!("id"), PatientIdentifierId::new())
        .set(sql!("patient_id"), patient_id)
        .set(sql!("system"), system)
        .set(sql!("value"), value)
        .insert()
        .refused_by("patient_identifiers_value_key", TAKEN)
}

pub(super) fn delete(reach: Reach, id: PatientIdentifierId) -> Statement<()> {
    owned::<PatientIdentifier>(reach).delete(id)
}

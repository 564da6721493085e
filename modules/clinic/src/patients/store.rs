//! The SQL of patients.

use tenantry_core::sql;
use tenantry_core::tenancy::{List, Reach, Refusal, Statement, owned};

use super::{NewPatient, Patient, PatientId};

const NUMBER_TAKEN: Refusal = Refusal::Taken {
    pointer: "/number",
    code: "number_taken",
    detail: "Another patient has this number. Choose another one.",
};
const ALREADY_PATIENT: Refusal = Refusal::Taken {
    pointer: "/contact_id",
    code: "already_patient",
    detail: "This contact is a patient already. Change that patient instead.",
};

pub(super) fn list(reach: Reach) -> List<Patient> {
    owned(reach).list()
}

pub(super) fn find(reach: Reach, id: PatientId) -> Statement<Option<Patient>> {
    owned(reach).find(id)
}

pub(super) fn lock(reach: Reach, id: PatientId) -> Statement<Option<Patient>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: PatientId, new: NewPatient) -> Statement<Patient> {
    let NewPatient { contact_id, number, date_of_birth, gender, insurer } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("contact_id"), contact_id)
        .set(sql!("number"), number)
        .set(sql!("date_of_birth"), date_of_birth)
        .set(sql!("gender"), gender)
        .set(sql!("insurer"), insurer)
        .insert()
        .refused_by("patients_contact_id_fkey", Refusal::Missing { pointer: "/contact_id" })
        .refused_by("patients_contact_id_key", ALREADY_PATIENT)
        .refused_by("patients_number_key", NUMBER_TAKEN)
}

pub(super) fn update(reach: Reach, patient: Patient) -> Statement<Patient> {
    owned(reach)
        .change()
        .set(sql!("number"), patient.number)
        .set(sql!("date_of_birth"), patient.date_of_birth)
        .set(sql!("gender"), patient.gender)
        .set(sql!("insurer"), patient.insurer)
        .update(patient.id)
        .refused_by("patients_number_key", NUMBER_TAKEN)
}

pub(super) fn delete(reach: Reach, id: PatientId) -> Statement<()> {
    owned::<Patient>(reach).delete(id)
}

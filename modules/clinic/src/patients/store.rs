//! The SQL of patients.

use tenantry_core::crm::contacts::Contact;
use tenantry_core::tenancy::{Link, List, Reach, Refusal, Statement, owned};
use tenantry_core::{link, sql};

use super::{NewPatient, Patient, PatientId, PatientStatus};

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

const OWN_GUARDIAN: Refusal =
    Refusal::Lacking { pointer: "/guardian_contact_id", detail: "expected another contact than the patient's own" };
const GUARDIAN: Link = link!("patients", "guardian_contact_id");

pub(super) fn list(reach: Reach) -> List<Patient> {
    owned(reach).list()
}

pub(crate) fn find(reach: Reach, id: PatientId) -> Statement<Option<Patient>> {
    owned(reach).find(id)
}

pub(crate) fn lock(reach: Reach, id: PatientId) -> Statement<Option<Patient>> {
    owned(reach).lock(id)
}

pub(super) fn insert(reach: Reach, id: PatientId, new: NewPatient) -> Statement<Patient> {
    let NewPatient { contact_id, number, date_of_birth, gender, insurer, guardian_contact_id } = new;
    owned(reach)
        .change()
        .set(sql!("id"), id)
        .set(sql!("contact_id"), contact_id)
        .set(sql!("number"), number)
        .set(sql!("date_of_birth"), date_of_birth)
        .set(sql!("gender"), gender)
        .set(sql!("insurer"), insurer)
        .link::<Contact>(reach, GUARDIAN, guardian_contact_id)
        .insert()
        .refused_by("patients_guardian_check", OWN_GUARDIAN)
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
        .link::<Contact>(reach, GUARDIAN, patient.guardian_contact_id)
        .update(patient.id)
        .refused_by("patients_guardian_check", OWN_GUARDIAN)
        .refused_by("patients_number_key", NUMBER_TAKEN)
}

/// Says what became of the record of a patient, and which one it was merged into.
pub(crate) fn set_status(
    reach: Reach,
    id: PatientId,
    status: PatientStatus,
    merged_into: Option<PatientId>,
) -> Statement<Patient> {
    owned(reach).change().set(sql!("status"), status).set(sql!("merged_into"), merged_into).update(id)
}

pub(super) fn delete(reach: Reach, id: PatientId) -> Statement<()> {
    owned::<Patient>(reach).delete(id)
}

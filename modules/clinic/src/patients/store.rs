//! The SQL of patients.

use tenantry_core::crm::contacts::ContactId;
use tenantry_core::http::{Page, Paging};
use tenantry_core::sql;
use tenantry_core::tenancy::{Refusal, Statement, returning, select, statement};
use tenantry_core::value::{Date, Text};

use super::{NewPatient, Patient, PatientId, PatientSort};

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

/// Which patients to list.
pub(super) struct Filter {
    pub(super) contact_id: Option<ContactId>,
    pub(super) number: Option<Text<40>>,
    pub(super) date_of_birth: Option<Date>,
}

pub(super) fn list(filter: Filter, paging: Paging<PatientSort>) -> Statement<Page<Patient>> {
    let mut query = select::<Patient>(sql!("FROM patients WHERE true"));
    if let Some(contact) = filter.contact_id {
        query = query.push_bind(sql!("AND contact_id ="), contact);
    }
    if let Some(number) = filter.number {
        query = query.push_bind(sql!("AND number ="), number);
    }
    if let Some(date) = filter.date_of_birth {
        query = query.push_bind(sql!("AND date_of_birth ="), date);
    }
    paging.page(query)
}

pub(super) fn find(id: PatientId) -> Statement<Option<Patient>> {
    select::<Patient>(sql!("FROM patients WHERE id = $1")).bind(id).optional()
}

pub(super) fn lock(id: PatientId) -> Statement<Option<Patient>> {
    select::<Patient>(sql!("FROM patients WHERE id = $1 FOR UPDATE")).bind(id).optional()
}

pub(super) fn insert(id: PatientId, new: NewPatient) -> Statement<Patient> {
    returning::<Patient>(sql!(
        "INSERT INTO patients (id, contact_id, number, date_of_birth, gender, insurer) VALUES ($1, $2, $3, $4, $5, $6)"
    ))
    .bind(id)
    .bind(new.contact_id)
    .bind(new.number)
    .bind(new.date_of_birth)
    .bind(new.gender)
    .bind(new.insurer)
    .one()
    .refused_by("patients_contact_id_fkey", Refusal::Missing { pointer: "/contact_id" })
    .refused_by("patients_contact_id_key", ALREADY_PATIENT)
    .refused_by("patients_number_key", NUMBER_TAKEN)
}

pub(super) fn update(patient: Patient) -> Statement<Patient> {
    returning::<Patient>(sql!(
        "UPDATE patients SET number = $2, date_of_birth = $3, gender = $4, insurer = $5, ",
        "version = version + 1, updated_at = now() WHERE id = $1"
    ))
    .bind(patient.id)
    .bind(patient.number)
    .bind(patient.date_of_birth)
    .bind(patient.gender)
    .bind(patient.insurer)
    .one()
    .refused_by("patients_number_key", NUMBER_TAKEN)
}

pub(super) fn delete(id: PatientId) -> Statement<bool> {
    statement(sql!("DELETE FROM patients WHERE id = $1 RETURNING 1")).bind(id).any()
}

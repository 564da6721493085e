//! What refers to patients: every table with a column `patient_id` is named here, and a test compares that with the database. Only logs
//! stay as they are: they are evidence of what was done with the record that they name, and nobody can change them.

use tenantry_core::sql;
use tenantry_core::tenancy::Fragment;

/// A table whose rows a merge moves.
pub(super) struct Moving {
    /// The table, which is what events call its records.
    pub(super) table: &'static str,
    /// Counts what would be moved from `$1` to `$2`.
    pub(super) count: Fragment,
    /// Moves from `$1` to `$2`.
    pub(super) there: Fragment,
    /// Moves those of the ids `$3` that are still with `$2` back to `$1`.
    pub(super) back: Fragment,
}

macro_rules! moving {
    ($($table:literal $(but $but:literal)?),+ $(,)?) => {
        /// The tables whose rows a merge moves.
        pub(super) static TABLES: &[Moving] = &[$(Moving {
            table: $table,
            count: sql!("SELECT count(t.id) FROM ", $table, " AS t WHERE t.patient_id = $1 AND t.patient_id <> $2 ", $($but)?),
            there: sql!(
                "UPDATE ", $table, " AS t SET patient_id = $2, version = t.version + 1, updated_at = now() ",
                "WHERE t.patient_id = $1 ", $($but,)? " RETURNING t.id"
            ),
            back: sql!(
                "UPDATE ", $table, " AS t SET patient_id = $1, version = t.version + 1, updated_at = now() ",
                "WHERE t.patient_id = $2 AND t.id = ANY ($3)"
            ),
        }),+];
    };
}

moving! {
    "patient_identifiers",
    "treatment_consents",
    "invoices",
    "fee_charges",
    // Whom the kept patient has already in the care team stays where it is, and so does an allergy that is known already.
    "care_relations" but "AND NOT EXISTS (SELECT 1 FROM care_relations AS o WHERE o.patient_id = $2 AND o.practitioner_id = t.practitioner_id)",
    "allergies" but "AND NOT EXISTS (SELECT 1 FROM allergies AS o WHERE o.patient_id = $2 AND o.substance_key = t.substance_key AND o.status = 'active' AND t.status = 'active')",
    "encounters",
    "vitals",
    "problems",
    "prescriptions",
    // Behind encounters: whoever signs one holds it, and then the appointment that it came of.
    "appointments",
    "waitlist",
    // Whoever books for the kept patient takes the time of both, so what was booked of either stays in the way.
    "patient_resources",
}

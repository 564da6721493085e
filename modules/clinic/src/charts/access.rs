//! Who reaches a chart, asked in the statement that reads it. There is no other way to a chart than through here, and each way
//! writes down that somebody went it.

use tenantry_core::http::{ApiError, ApiResult, Caller, Can};
use tenantry_core::permission::{Logs, Writes};
use tenantry_core::tenancy::{
    Fragment, Guard, Guarded, GuardedRecords, Refusal, Statement, TenantTx, guarded, reached, statement,
};
use tenantry_core::{record_id, sql};
use uuid::Uuid;

use super::ChartPart;
use crate::patients::{Patient, PatientId};
use crate::practitioners::{PractitionerId, Profession};

record_id! {
    /// The id of an entry in the log of who has read charts.
    ChartReadId
}

/// The ways to the chart of the patient `$1` that are open to the person `$2`: care relations, and emergency accesses.
macro_rules! ways {
    () => {
        "SELECT r.id, true AS by_relation FROM care_relations r JOIN practitioners p ON p.id = r.practitioner_id \
         WHERE r.patient_id = $1 AND p.user_id = $2 AND p.active AND r.starts_on <= current_date \
         AND (r.ends_on IS NULL OR r.ends_on >= current_date) \
         UNION ALL SELECT e.id, false FROM emergency_accesses e JOIN practitioners p ON p.id = e.practitioner_id \
         WHERE e.patient_id = $1 AND p.user_id = $2 AND p.active AND e.ends_at > now()"
    };
}

/// Whether a chart is open to a person.
pub(crate) fn is_open(patient: PatientId, person: Uuid) -> Statement<bool> {
    statement(sql!(ways!())).bind(patient).bind(person).any()
}

const OPEN: Fragment = sql!("EXISTS (", ways!(), ")");

const CLOSED: Refusal = Refusal::InTheWay {
    code: "chart_changed",
    detail: "The record was changed at the same time, or your access to the chart has just ended. Read it again.",
};

/// The chart of one patient, for one person. Only [`read`] and [`write`] make one.
#[derive(Clone, Copy)]
pub(crate) struct Chart {
    guard: Guard,
}

/// Somebody to whom a chart is open.
#[derive(Clone, Copy)]
pub(crate) struct Entered {
    /// The chart.
    pub(crate) chart: Chart,
    /// Who it is open to.
    pub(crate) practitioner: PractitionerId,
    /// What that is by profession.
    pub(crate) profession: Profession,
}

/// What the database says of who asks for a chart: whether there is such a patient, who asks, and whether it is open.
type Asked = (bool, Option<PractitionerId>, Option<Profession>, bool);

impl Chart {
    fn of(caller: &Caller, patient: PatientId) -> Self {
        let guard = Guard {
            column: sql!("patient_id"),
            of: patient.as_uuid(),
            open: OPEN,
            person: caller.user(),
            closed: CLOSED,
        };
        Self { guard }
    }

    /// Starts a statement on what stands in the chart.
    pub(crate) fn records<T: Guarded>(self) -> GuardedRecords<T> {
        guarded(self.guard)
    }

    /// Asks whether the chart is open, and writes down that a part of it is read if it is.
    fn ask(self, caller: &Caller, part: ChartPart) -> Statement<Asked> {
        let ask = reached(caller.reach()).with::<Patient>().statement(sql!(
            ", me AS (SELECT p.id, p.profession FROM practitioners p WHERE p.user_id = $2 AND p.active), ",
            "way AS (",
            ways!(),
            " ORDER BY by_relation DESC LIMIT 1), ",
            "logged AS (INSERT INTO chart_reads ",
            "(id, patient_id, user_id, practitioner_id, part, operation, care_relation_id, emergency_access_id) ",
            "SELECT $3, t.id, $2, me.id, $4, $5, CASE WHEN way.by_relation THEN way.id END, ",
            "CASE WHEN NOT way.by_relation THEN way.id END FROM patients_in_reach t, me, way WHERE t.id = $1) ",
            "SELECT EXISTS (SELECT 1 FROM patients_in_reach t WHERE t.id = $1), (SELECT me.id FROM me), ",
            "(SELECT me.profession FROM me), EXISTS (SELECT 1 FROM way)"
        ));
        let guard = self.guard;
        ask.bind(guard.of).bind(guard.person).bind(ChartReadId::new()).bind(part).bind(caller.operation()).one()
    }

    /// What the answer of the database means.
    fn entered(self, asked: Asked) -> ApiResult<Entered> {
        match asked {
            (false, ..) => Err(ApiError::not_found()),
            (true, Some(practitioner), Some(profession), true) => Ok(Entered { chart: self, practitioner, profession }),
            (true, None, ..) => Err(not_a_practitioner()),
            _ => Err(ApiError::refused(
                "no_care_relation",
                "You have no care relation with this patient. Ask for a place in the care team, or begin an emergency access \
                 with POST /clinic/emergency-accesses, which is reviewed.",
            )),
        }
    }
}

/// 403: who asks is nobody who treats patients.
pub(crate) fn not_a_practitioner() -> ApiError {
    ApiError::refused(
        "not_a_practitioner",
        "Charts are for practitioners, whatever their role. Have an admin name you as an active practitioner, with your `user_id`.",
    )
}

/// Reads a part of a chart, in one round trip with the entry that says so.
///
/// # Errors
/// 404 where there is no such patient, 403 where the chart is closed; what `statement` refuses.
pub(crate) async fn read<P: Logs, T>(
    caller: &Can<P>,
    patient: PatientId,
    part: ChartPart,
    statement: impl FnOnce(Chart) -> ApiResult<Statement<T>>,
) -> ApiResult<T> {
    let chart = Chart::of(caller, patient);
    let (asked, found) = caller.read_logged(chart.ask(caller, part), statement(chart)?).await?;
    chart.entered(asked)?;
    Ok(found)
}

/// Changes a part of a chart, in one transaction with the entry that it was read: who changes a record sees it.
///
/// # Errors
/// As [`read`], and those of `work`.
pub(crate) async fn write<P, T, F>(caller: &Can<P>, patient: PatientId, part: ChartPart, work: F) -> ApiResult<T>
where
    P: Writes,
    F: AsyncFnOnce(&mut TenantTx, Entered) -> ApiResult<T>,
{
    let chart = Chart::of(caller, patient);
    caller
        .transaction(async |tx| {
            let asked = tx.run(chart.ask(caller, part)).await?;
            work(tx, chart.entered(asked)?).await
        })
        .await
}

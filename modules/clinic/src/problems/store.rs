//! The SQL of problems.

use tenantry_core::sql;
use tenantry_core::tenancy::Statement;

use super::{NewProblem, Problem, ProblemId, ProblemStatus};
use crate::charts::access::Entered;

pub(super) fn insert(entered: Entered, new: NewProblem) -> Statement<Problem> {
    let NewProblem { code, text, onset } = new;
    let change = entered.chart.records::<Problem>().change();
    change
        .set(sql!("id"), ProblemId::new())
        .set(sql!("practitioner_id"), entered.practitioner)
        .set(sql!("code"), code)
        .set(sql!("text"), text)
        .set(sql!("onset"), onset)
        .insert()
}

pub(super) fn update(entered: Entered, problem: Problem) -> Statement<Problem> {
    let change = entered.chart.records::<Problem>().change();
    change
        .set(sql!("code"), problem.code)
        .set(sql!("text"), problem.text)
        .set(sql!("onset"), problem.onset)
        .set(sql!("status"), problem.status)
        .update(problem.id)
}

/// Marks a problem as written down by mistake.
pub(super) fn retract(entered: Entered, id: ProblemId) -> Statement<Problem> {
    entered.chart.records::<Problem>().change().set(sql!("status"), ProblemStatus::EnteredInError).update(id)
}

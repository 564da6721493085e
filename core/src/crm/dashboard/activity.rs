//! What happened, by kind and by day or week.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use super::period::Period;
use crate::crm::activities::ActivityKind;
use crate::tenancy::Fragment;
use crate::value::Date;
use crate::{choice, sql};

choice! {
    /// In which steps something is told.
    pub enum StepLength {
        /// Day by day.
        Day = "day",
        /// Week by week.
        Week = "week",
    }
}

/// What happened.
#[derive(Debug, Serialize, Object)]
pub struct ActivityReport {
    /// How many activities of each kind; a kind without any is left out.
    pub kinds: Vec<ActivityCount>,
    /// By day where the period has up to 31 of them, else by week.
    pub step: StepLength,
    /// Each day, or each week: the first begins with the period, the others on Mondays.
    pub steps: Vec<ActivityStep>,
}

/// How many activities of a kind there were.
#[derive(Debug, Serialize, Object)]
pub struct ActivityCount {
    /// The kind.
    pub kind: ActivityKind,
    /// In the period.
    pub count: i64,
    /// In the period before.
    pub before: i64,
}

/// How many activities there were in a day or a week.
#[derive(Debug, Serialize, Object)]
pub struct ActivityStep {
    /// Its first day.
    pub from: Date,
    /// How many activities.
    pub count: i64,
    /// How many of them were notes.
    pub note: i64,
    /// How many of them were calls.
    pub call: i64,
    /// How many of them were meetings.
    pub meeting: i64,
    /// How many of them were e-mails.
    pub email: i64,
}

/// Activities of a kind and a step, as the statement gives them; the step before the first one is the period before.
#[derive(Deserialize)]
pub(super) struct Line {
    step: usize,
    kind: ActivityKind,
    count: i64,
}

pub(super) const SQL: Fragment = sql!(
    "(SELECT jsonb_agg(jsonb_build_object('step', g.step, 'kind', g.kind, 'count', g.count)) FROM (",
    "SELECT width_bucket(v.happened_at, a.steps) AS step, v.kind, count(*) AS count ",
    "FROM asked a JOIN activities_in_reach v ON v.happened_at >= a.before AND v.happened_at < a.until GROUP BY 1, 2) g)"
);

pub(super) fn report(lines: Vec<Line>, period: &Period) -> ActivityReport {
    let empty = |from: &Date| ActivityStep { from: *from, count: 0, note: 0, call: 0, meeting: 0, email: 0 };
    let mut steps: Vec<ActivityStep> = period.steps.iter().map(empty).collect();
    let all = [ActivityKind::Note, ActivityKind::Call, ActivityKind::Meeting, ActivityKind::Email];
    let mut kinds = all.map(|kind| ActivityCount { kind, count: 0, before: 0 });
    for Line { step, kind, count } in lines {
        let sums = kinds.iter_mut().find(|sums| sums.kind == kind);
        match step.checked_sub(1).and_then(|step| steps.get_mut(step)) {
            Some(step) => {
                step.count += count;
                *step.of(kind) += count;
                sums.into_iter().for_each(|sums| sums.count += count);
            }
            None => sums.into_iter().for_each(|sums| sums.before += count),
        }
    }
    let kinds = kinds.into_iter().filter(|sums| sums.count + sums.before > 0).collect();
    ActivityReport { kinds, step: period.step, steps }
}

impl ActivityStep {
    fn of(&mut self, kind: ActivityKind) -> &mut i64 {
        match kind {
            ActivityKind::Note => &mut self.note,
            ActivityKind::Call => &mut self.call,
            ActivityKind::Meeting => &mut self.meeting,
            ActivityKind::Email => &mut self.email,
        }
    }
}

//! What is to be done, and what was.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::sql;
use crate::tenancy::Fragment;

/// What is to be done.
#[derive(Debug, Deserialize, Serialize, Object)]
pub struct TaskReport {
    /// The caller's own tasks.
    pub mine: TaskCounts,
    /// All tasks that the caller reaches.
    pub all: TaskCounts,
}

/// How many tasks there are. One that is due is in one of the first three, as it stands now.
#[derive(Debug, Deserialize, Serialize, Object)]
pub struct TaskCounts {
    /// Their time has passed, and they are not done.
    pub overdue: i64,
    /// They are due later today.
    pub today: i64,
    /// They are due in the seven days that come after today.
    pub next_7_days: i64,
    /// They were done in the period.
    pub done: i64,
}

pub(super) const SQL: Fragment = sql!(
    "(SELECT jsonb_build_object('mine', jsonb_build_object('overdue', o.my_overdue, 'today', o.my_today, ",
    "'next_7_days', o.my_next, 'done', d.my_done), 'all', jsonb_build_object('overdue', o.overdue, 'today', o.today, ",
    "'next_7_days', o.next, 'done', d.done)) FROM asked a CROSS JOIN LATERAL (",
    "SELECT count(*) FILTER (WHERE t.due_at < a.now) AS overdue, ",
    "count(*) FILTER (WHERE t.due_at >= a.now AND t.due_at < a.tomorrow) AS today, ",
    "count(*) FILTER (WHERE t.due_at >= a.tomorrow) AS next, ",
    "count(*) FILTER (WHERE t.owner_id = a.person AND t.due_at < a.now) AS my_overdue, ",
    "count(*) FILTER (WHERE t.owner_id = a.person AND t.due_at >= a.now AND t.due_at < a.tomorrow) AS my_today, ",
    "count(*) FILTER (WHERE t.owner_id = a.person AND t.due_at >= a.tomorrow) AS my_next ",
    "FROM tasks_in_reach t WHERE t.done_at IS NULL AND t.due_at < a.in_a_week) o CROSS JOIN LATERAL (",
    "SELECT count(*) AS done, count(*) FILTER (WHERE t.owner_id = a.person) AS my_done ",
    "FROM tasks_in_reach t WHERE t.done_at >= a.since AND t.done_at < a.until) d)"
);

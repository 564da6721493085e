//! The SQL of listening.

use uuid::Uuid;

use crate::row;
use crate::sql;
use crate::tenancy::{Statement, select, statement};

/// Where a journal ends, and whether a listener can go on where it was told last.
pub(super) struct Standing {
    pub(super) head: i64,
    /// It was told of something that has not happened, or what came next lies too far back.
    pub(super) broken: bool,
}
row!(Standing { head, broken });

/// What a listener has to know of the journal who goes on after a position, and may go back for so many minutes.
pub(super) fn standing(after: Option<i64>, minutes: i32) -> Statement<Standing> {
    select::<Standing>(sql!(
        "FROM (SELECT h.head, coalesce($1 > h.head OR (SELECT n.at <= now() - make_interval(mins => $2) FROM journal_seals s ",
        "JOIN journal n USING (number) WHERE s.position > $1 ORDER BY s.position LIMIT 1), false) AS broken ",
        "FROM (SELECT coalesce(max(position), 0) AS head FROM journal_seals) h) standing"
    ))
    .bind(after)
    .bind(minutes)
    .one()
}

/// Which of these would not be let in any more with what they came with, by their number from 1 on. Each costs one look by
/// the primary key, however it is planned; the conditions are those of `admit`.
pub(super) fn lost(sessions: Vec<Uuid>, tenants: Vec<Uuid>, roles: Vec<String>) -> Statement<Vec<(i64,)>> {
    statement(sql!(
        "SELECT l.n FROM unnest($1::uuid[], $2::uuid[], $3::text[]) WITH ORDINALITY AS l (session, tenant, role, n) WHERE ",
        "(SELECT s.tenant_id = l.tenant AND s.role = l.role AND s.ended_at IS NULL AND s.expires_at > now() ",
        "AND s.tenant_status = 'active' AND NOT s.lacks_second_factor FROM sessions s WHERE s.id = l.session) IS NOT TRUE"
    ))
    .bind(sessions)
    .bind(tenants)
    .bind(roles)
    .many()
}

//! The SQL of teams, on the schema `platform`.

use uuid::Uuid;

use super::{Seat, Team, TeamId, TeamSort};
use crate::http::{Page, Paging};
use crate::sql;
use crate::tenancy::{Refusal, Statement, TenantId, change, records, select, statement};
use crate::value::Text;

const NAME_TAKEN: Refusal = Refusal::Taken {
    pointer: "/name",
    code: "name_taken",
    detail: "Another team of this organization has this name. Choose another one.",
};

pub(super) fn list(tenant: TenantId, paging: Paging<TeamSort>) -> Statement<Page<Team>> {
    paging.page(records(sql!("teams")).filter(sql!("tenant_id = $1"), Some(tenant)))
}

pub(super) fn find(tenant: TenantId, id: TeamId) -> Statement<Option<Team>> {
    select::<Team>(sql!("FROM teams WHERE tenant_id = $1 AND id = $2")).bind(tenant).bind(id).optional()
}

pub(super) fn count(tenant: TenantId) -> Statement<(i64,)> {
    statement(sql!("SELECT count(*) FROM teams WHERE tenant_id = $1")).bind(tenant).one()
}

pub(super) fn insert(tenant: TenantId, name: Text<100>) -> Statement<Team> {
    change(sql!("teams"))
        .set(sql!("id"), TeamId::new())
        .set(sql!("tenant_id"), tenant)
        .set(sql!("name"), name)
        .insert()
        .refused_by("teams_name_key", NAME_TAKEN)
}

pub(super) fn update(team: Team) -> Statement<Team> {
    change(sql!("teams")).set(sql!("name"), team.name).update(team.id).refused_by("teams_name_key", NAME_TAKEN)
}

/// The places in it go with it.
pub(super) fn delete(id: TeamId) -> Statement<()> {
    statement(sql!("DELETE FROM teams WHERE id = $1")).bind(id).done()
}

pub(super) fn count_members(team: TeamId) -> Statement<(i64,)> {
    statement(sql!("SELECT count(*) FROM team_members WHERE team_id = $1")).bind(team).one()
}

/// Puts a member into a team. Who is in it stays in it.
pub(super) fn seat(seat: Seat) -> Statement<()> {
    statement(sql!(
        "INSERT INTO team_members (tenant_id, team_id, user_id) VALUES ($1, $2, $3) ",
        "ON CONFLICT (team_id, user_id) DO NOTHING"
    ))
    .bind(seat.tenant)
    .bind(seat.team)
    .bind(seat.user)
    .done()
}

/// Takes a member out of a team. Who is not in it stays out of it.
pub(super) fn unseat(seat: Seat) -> Statement<()> {
    statement(sql!("DELETE FROM team_members WHERE tenant_id = $1 AND team_id = $2 AND user_id = $3"))
        .bind(seat.tenant)
        .bind(seat.team)
        .bind(seat.user)
        .done()
}

/// Whether two people are in a team of the organization together.
pub(in crate::identity) fn share_one(tenant: TenantId, one: Uuid, other: Uuid) -> Statement<bool> {
    statement(sql!(
        "SELECT 1 FROM team_members a JOIN team_members b ON b.team_id = a.team_id ",
        "WHERE a.tenant_id = $1 AND a.user_id = $2 AND b.user_id = $3 LIMIT 1"
    ))
    .bind(tenant)
    .bind(one)
    .bind(other)
    .any()
}

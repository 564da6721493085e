//! Records that were deleted, as the journal has them: whose they were is part of every statement on them.
//!
//! A type that is made [`Bygone`] comes out of the database only by [`bygone`], which asks for the caller's [`Reach`].

use tokio_postgres::types::ToSql;

use super::list::List;
use super::owned::{OwnedResource, Reach};
use super::sql::{Fragment, Sql};
use super::statement::{FromRow, Param};
use crate::sql;

/// A type that is read from the deletions in the journal. It is read with `row!(@read …)`, so that nothing else fits it.
pub(crate) trait Bygone: FromRow {}

/// Deletions of the last `days` by somebody, of records that the caller reached. What jobs of the platform clear away is nobody's.
///
/// `owned` are the tables of records with owners that the organization has: what is missing here is out of a narrow reach.
pub(crate) fn bygone<T: Bygone>(reach: Reach, owned: &[&'static OwnedResource], days: i32) -> List<T> {
    let list = List::new(sql!("journal")).only(
        sql!("change = 'deleted' AND user_id IS NOT NULL AND before IS NOT NULL AND at > now() - make_interval(days => $1)"),
        vec![Box::new(days)],
    );
    if reach.is_everything() {
        return list;
    }
    let all: Vec<&'static str> =
        inventory::iter::<OwnedResource>.into_iter().map(|resource| resource.table.as_str()).collect();
    list.where_pushed(|sql, params| {
        sql.push_trusted("resource <> ALL (");
        bind(all, sql, params);
        sql.push_trusted(")");
        if !owned.is_empty() {
            sql.push_trusted("OR (CASE resource");
            for resource in owned {
                sql.push_trusted("WHEN ");
                bind(resource.table.as_str(), sql, params);
                sql.push_trusted("THEN");
                push_column_of(sql!("owner_id"), &resource.owner.way(), sql, params);
            }
            sql.push_trusted("END)");
            reach.push_reached(sql, params);
        }
    })
}

fn bind(value: impl ToSql + Sync + Send + 'static, sql: &mut Sql, params: &mut Vec<Param>) {
    params.push(Box::new(value));
    sql.push_placeholder(params.len());
}

/// What a column of a record holds that a deleted one was a part of, over so many steps; or held when that was deleted in turn.
fn push_column_of(column: Fragment, way: &[(Fragment, Fragment)], sql: &mut Sql, params: &mut Vec<Param>) {
    let Some(((own, table), before)) = way.split_last() else {
        sql.push_trusted("(journal.before ->> ");
        bind(column.as_str(), sql, params);
        return sql.push_trusted("::text)::uuid");
    };
    sql.push_trusted("(SELECT w.up FROM (SELECT");
    push_column_of(*own, before, sql, params);
    sql.push_trusted("AS id) AS k, LATERAL (SELECT 0 AS turn, p.");
    sql.push_glued(column);
    sql.push_trusted("AS up FROM");
    sql.push(*table);
    sql.push_trusted("AS p WHERE p.id = k.id UNION ALL (SELECT 1, (g.before ->> ");
    bind(column.as_str(), sql, params);
    sql.push_trusted("::text)::uuid FROM journal AS g WHERE g.record = k.id::text AND g.resource = ");
    bind(table.as_str(), sql, params);
    sql.push_trusted(
        "AND g.change = 'deleted' ORDER BY g.at DESC, g.number DESC LIMIT 1)) AS w ORDER BY w.turn LIMIT 1)",
    );
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::permission::RecordScope;
    use crate::row;

    #[expect(dead_code)]
    struct Gone {
        id: Uuid,
    }
    row!(@read Gone { id });
    impl Bygone for Gone {}

    fn text(scope: RecordScope, owned: &[&'static OwnedResource]) -> String {
        let list = bygone::<Gone>(Reach::new(scope, Some(Uuid::nil())), owned, 30);
        list.first(sql!("ORDER BY id"), 1).sql.as_str().replace(' ', "")
    }

    /// A narrow reach is always a condition, also where no table is named.
    #[test]
    fn a_narrow_reach_is_a_condition() {
        let resources: Vec<_> = inventory::iter::<OwnedResource>.into_iter().collect();
        assert!(!text(RecordScope::All, &resources).contains("<>ALL"));
        assert!(text(RecordScope::Own, &[]).contains("resource<>ALL($2)"), "{}", text(RecordScope::Own, &[]));
        assert!(text(RecordScope::Own, &resources).contains("END)=$"));
        assert!(text(RecordScope::Team, &resources).contains("END)=ANY("));
    }
}

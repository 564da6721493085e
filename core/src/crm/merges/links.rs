//! References by fields of the organization's own: they too come to refer to the kept record.

use uuid::Uuid;

use super::store::Referring;
use crate::custom::Customized;
use crate::tenancy::{Clause, FieldKey, Fragment, Query, Sql, Statement, select};
use crate::{row, sql};

/// A field whose values are ids of such records as are merged.
pub(super) struct Link {
    resource: Customized,
    key: FieldKey,
}
row!(Link { resource, key });

/// The fields that refer to records of a table.
pub(super) fn to(table: Fragment) -> Statement<Vec<Link>> {
    select::<Link>(sql!("FROM custom_fields WHERE refers_to = $1 ORDER BY resource, key LIMIT 200"))
        .bind(table.as_str())
        .many()
}

impl Link {
    const fn table(&self) -> Fragment {
        match self.resource {
            Customized::Contacts => sql!("contacts"),
            Customized::Companies => sql!("companies"),
            Customized::Deals => sql!("deals"),
            Customized::Projects => sql!("projects"),
        }
    }

    /// Whose value by this field is a merged record. `$1` are those, `$2` the kept one, which no rule of this statement is about.
    fn push_where(&self, sql: &mut Sql) {
        sql.push_clause(Clause::on(sql!("WHERE c.custom ->> :key = ANY ($1)"), self.key), 0);
        sql.push(sql!("AND c.id::text <> ALL ($1) AND c.id::text <> $2"));
    }

    /// Points the records to the kept one.
    pub(super) fn point(&self, keep: Uuid, merge: &[Uuid]) -> Statement<()> {
        let mut sql = Sql::from(sql!("UPDATE"));
        sql.push(self.table());
        sql.push_trusted("AS c SET");
        let set = sql!("custom = jsonb_set(c.custom, ARRAY[:key], to_jsonb($2::text)),");
        sql.push_clause(Clause::on(set, self.key), 0);
        sql.push(sql!("version = c.version + 1, updated_at = now()"));
        self.push_where(&mut sql);
        Query::new(sql, vec![Box::new(texts(merge)), Box::new(keep.to_string())]).done()
    }
}

/// Counts the records that would be pointed to the kept one; none where there is no such field.
pub(super) fn count(links: &[Link], keep: Uuid, merge: &[Uuid]) -> Option<Statement<Vec<Referring>>> {
    let mut sql: Option<Sql> = None;
    let mut query_params: Vec<crate::tenancy::Param> = vec![Box::new(texts(merge)), Box::new(keep.to_string())];
    for link in links {
        let text = match &mut sql {
            None => sql.insert(Sql::from(sql!("SELECT"))),
            Some(text) => {
                text.push(sql!("UNION ALL SELECT"));
                text
            }
        };
        query_params.push(Box::new(link.resource));
        text.push_trusted("");
        text.push_placeholder(query_params.len());
        text.push(sql!("::text, count(c.id), 0::bigint, 0::bigint FROM"));
        text.push(link.table());
        text.push(sql!("AS c"));
        link.push_where(text);
    }
    sql.map(|sql| Query::new(sql, query_params).many())
}

fn texts(ids: &[Uuid]) -> Vec<String> {
    ids.iter().map(Uuid::to_string).collect()
}

//! Taking values of fields of an organization's own out of records with owners.

use super::field_key::FieldKey;
use super::owned::{Owned, OwnedRecords};
use super::sql::{Fragment, Sql};
use super::statement::{Param, Query, Statement};

impl<T: Owned> OwnedRecords<T> {
    /// Takes the value of a field out of the column `custom` of so many records that have it, and tells whether there were any.
    pub(crate) fn clear(self, key: FieldKey, most: i64) -> Statement<bool> {
        let table = T::RESOURCE.table;
        let mut sql = Sql::from(Fragment::new("UPDATE"));
        sql.push(table);
        sql.push_trusted("SET custom = custom - $1::text WHERE id IN (SELECT id FROM");
        sql.push(table);
        sql.push_trusted("WHERE jsonb_exists(custom, $1)");
        let mut params: Vec<Param> = vec![Box::new(key), Box::new(most)];
        self.bounds.push("AND", &mut sql, &mut params);
        sql.push_trusted("LIMIT $2) RETURNING 1");
        Query::new(sql, params).any()
    }
}

//! Which fields lists are asked by: remembered in the process, written down now and then, so that reading writes nothing. What is
//! used gets an index, and loses it where it was not used for 90 days (`platform.keep_field_index`).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::{CustomField, Customized};
use crate::platform::PlatformDb;
use crate::sql;
use crate::tenancy::{DbError, FieldKey, TenantId, statement};

/// Uses that wait to be written down. More are not noted until these are written.
const NOTED: usize = 10_000;
/// Indexes that are made or taken away at once.
const MOST: usize = 20;

/// The uses that this process knows of.
#[derive(Default)]
pub(crate) struct FieldUses {
    noted: Mutex<HashSet<(TenantId, Customized, FieldKey, bool)>>,
}

impl FieldUses {
    /// Notes that a list was asked by a field.
    pub(crate) fn note(&self, tenant: TenantId, field: &CustomField) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() < NOTED {
            noted.insert((tenant, field.resource, field.key, field.is_number()));
        }
    }

    /// Writes down what was used since this was last called, and sees to its indexes.
    pub(crate) async fn write_down(&self, db: &PlatformDb) -> Result<(), DbError> {
        let noted = std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return Ok(());
        }
        let (mut tenants, mut resources, mut keys, mut numbers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (tenant, resource, key, is_number) in noted {
            tenants.push(tenant.as_uuid());
            resources.push(resource);
            keys.push(key);
            numbers.push(is_number);
        }
        let note = statement(sql!(
            "INSERT INTO field_uses AS u (tenant_id, resource, key, is_number) ",
            "SELECT n.tenant_id, n.resource, n.key, n.is_number ",
            "FROM unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[]) AS n (tenant_id, resource, key, is_number) ",
            "JOIN tenants t ON t.id = n.tenant_id ORDER BY 1, 2, 3, 4 ",
            "ON CONFLICT (tenant_id, resource, key, is_number) DO UPDATE SET used_at = now() ",
            "WHERE u.used_at < now() - interval '1 hour'"
        ));
        db.run(note.bind(tenants).bind(resources).bind(keys).bind(numbers).done()).await?;
        Self::keep_indexes(db).await
    }

    /// Makes indexes that are wanted, and takes away those that are not any more.
    pub(crate) async fn keep_indexes(db: &PlatformDb) -> Result<(), DbError> {
        for _ in 0..MOST {
            let (more,): (bool,) = db.run(statement(sql!("SELECT keep_field_index()")).one()).await?;
            if !more {
                break;
            }
        }
        Ok(())
    }
}

//! The fields of one kind of records, which the values of any number of records are checked against.

use std::collections::HashSet;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::store::{self, fields_to_write};
use super::values::{Checked, CustomChange};
use super::{CustomField, Customized};
use crate::http::{ApiError, ApiResult};
use crate::tenancy::{DbError, FieldKey, Reach, TenantTx};

/// Records that fields refer to.
pub(crate) type Named = HashSet<(Customized, Uuid)>;

/// The fields of one kind of records.
pub(crate) struct Fields(Vec<CustomField>);

impl Fields {
    /// They stay what they are until the transaction ends.
    pub(crate) async fn lock(tx: &mut TenantTx, resource: Customized) -> Result<Self, DbError> {
        Ok(Self(tx.run(fields_to_write(resource)).await?))
    }

    /// The field of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&CustomField> {
        self.0.iter().find(|field| field.key.as_str() == key)
    }

    /// The values of a new record, which has all that are required.
    ///
    /// # Errors
    /// 422 that points at each value that its field does not take, and at each field that needs one, below `/custom`.
    pub(crate) fn of_new(&self, given: CustomChange) -> ApiResult<Checked> {
        let (mut checked, mut faults) = self.read(given);
        checked.retain(|_, value| !value.is_null());
        for field in self.0.iter().filter(|field| field.required && !checked.contains_key(field.key.as_str())) {
            if !faults.iter().any(|(key, _)| key == field.key.as_str()) {
                faults.push((field.key.to_string(), REQUIRED.to_owned()));
            }
        }
        concluded(checked, faults)
    }

    /// The changes of a record.
    ///
    /// # Errors
    /// As for a new one.
    pub(crate) fn of_old(&self, given: CustomChange) -> ApiResult<Checked> {
        let (checked, faults) = self.read(given);
        concluded(checked, faults)
    }

    fn read(&self, given: CustomChange) -> (Map<String, Value>, Vec<(String, String)>) {
        let (mut checked, mut faults) = (Map::new(), Vec::new());
        for (key, value) in given.0 {
            let Some(field) = self.get(&key) else {
                // What is no key is not shown.
                let shown = if FieldKey::parse(&key).is_ok() { key.as_str() } else { "?" };
                faults.push((shown.to_owned(), "this organization has not defined such a field".to_owned()));
                continue;
            };
            match field.read(value) {
                Ok(Value::Null) if field.required => faults.push((key, REQUIRED.to_owned())),
                Ok(value) => {
                    checked.insert(key, value);
                }
                Err(expected) => faults.push((key, expected)),
            }
        }
        (checked, faults)
    }

    /// The records that values name.
    pub(crate) fn named(&self, checked: &Checked) -> impl Iterator<Item = (Customized, Uuid)> {
        self.references(checked).map(|(_, named)| named)
    }

    fn references(&self, checked: &Checked) -> impl Iterator<Item = (FieldKey, (Customized, Uuid))> {
        self.0.iter().filter_map(|field| {
            let id = checked.0.get(field.key.as_str())?.as_str()?;
            Some((field.key, (field.refers_to?, Uuid::try_parse(id).ok()?)))
        })
    }

    /// Those of some records that the caller does not reach, by one statement for all of them.
    pub(crate) async fn missing(&self, tx: &mut TenantTx, reach: Reach, named: Named) -> Result<Named, DbError> {
        if named.is_empty() {
            return Ok(named);
        }
        Ok(tx.run(store::missing(reach, named)).await?.into_iter().collect())
    }

    /// Refuses references to records that the caller does not reach, as to those that do not exist.
    ///
    /// # Errors
    /// 404 that points at each of them, below `/custom`.
    pub(crate) fn reached(&self, checked: &Checked, missing: &Named) -> ApiResult<()> {
        let gone = self.references(checked).filter(|(_, named)| missing.contains(named));
        let refused = gone.fold(None, |refused: Option<ApiError>, (key, _)| {
            let refused = refused.unwrap_or_else(ApiError::not_found);
            Some(refused.at(format!("/custom/{key}"), "there is no such record"))
        });
        refused.map_or(Ok(()), Err)
    }
}

const REQUIRED: &str = "this field is required";

fn concluded(checked: Map<String, Value>, faults: Vec<(String, String)>) -> ApiResult<Checked> {
    if faults.is_empty() {
        return Ok(Checked(checked));
    }
    let pointed = |error: ApiError, (key, fault): (String, String)| error.at(format!("/custom/{key}"), fault);
    Err(faults.into_iter().fold(ApiError::invalid(), pointed))
}

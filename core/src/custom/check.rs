//! Whether values are what their fields take. It is asked in the transaction that writes them, and until that ends the fields stay
//! what they are; a record that has none of them is written without asking.

use rust_decimal::Decimal;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::store::{fields_to_write, missing};
use super::values::{Checked, CustomChange};
use super::{CustomField, Customized, FieldType};
use crate::http::{ApiError, ApiResult, Can};
use crate::permission::Writes;
use crate::tenancy::{FieldKey, Reach, Statement, TenantTx};
use crate::value::{Date, Text};

/// Makes a record with the values that it is given: in one round trip where there are none. Whether it needs some, the statement
/// asks itself ([`Change::merge`](crate::tenancy::Change)).
pub(crate) async fn insert<P: Writes, T>(
    caller: &Can<P>,
    resource: Customized,
    given: CustomChange,
    insert: impl FnOnce(Checked) -> Statement<T>,
) -> ApiResult<T> {
    if given.is_empty() {
        return caller.write(insert(Checked::default())).await;
    }
    caller
        .transaction(async |tx| {
            let checked = given.of_new(tx, caller.reach(), resource).await?;
            Ok(tx.run(insert(checked)).await?)
        })
        .await
}

impl CustomChange {
    /// The values of a new record.
    ///
    /// # Errors
    /// 422 that points at each value that its field does not take, and at each field that needs one; 404 that points at a reference
    /// to what does not exist.
    pub(crate) async fn of_new(self, tx: &mut TenantTx, reach: Reach, resource: Customized) -> ApiResult<Checked> {
        self.checked(tx, reach, resource, "", true).await
    }

    /// The changes of a record. `prefix` is where they stand in the body.
    ///
    /// # Errors
    /// As for a new one.
    pub(crate) async fn of_old(
        self,
        tx: &mut TenantTx,
        reach: Reach,
        resource: Customized,
        prefix: &str,
    ) -> ApiResult<Checked> {
        self.checked(tx, reach, resource, prefix, false).await
    }

    async fn checked(
        self,
        tx: &mut TenantTx,
        reach: Reach,
        resource: Customized,
        prefix: &str,
        is_new: bool,
    ) -> ApiResult<Checked> {
        if self.is_empty() {
            return Ok(Checked::default());
        }
        let fields = tx.run(fields_to_write(resource)).await?;
        let checked = self.against(&fields, prefix, is_new)?;
        refer(tx, reach, &fields, &checked, prefix).await?;
        Ok(checked)
    }

    fn against(self, fields: &[CustomField], prefix: &str, is_new: bool) -> ApiResult<Checked> {
        let (mut checked, mut faults) = (Map::new(), Vec::new());
        for (key, value) in self.0 {
            let Some(field) = fields.iter().find(|field| field.key.as_str() == key) else {
                // What is no key is not shown.
                let shown = if FieldKey::parse(&key).is_ok() { key.as_str() } else { "?" };
                faults.push((shown.to_owned(), "this organization has not defined such a field".to_owned()));
                continue;
            };
            match field.read(value) {
                Ok(Value::Null) if field.required => {
                    faults.push((key, "this field is required".to_owned()));
                }
                Ok(value) => {
                    checked.insert(key, value);
                }
                Err(expected) => faults.push((key, expected)),
            }
        }
        let missing = |field: &&CustomField| is_new && field.required && !checked.contains_key(field.key.as_str());
        for field in fields.iter().filter(missing) {
            if !faults.iter().any(|(key, _)| key == field.key.as_str()) {
                faults.push((field.key.to_string(), "this field is required".to_owned()));
            }
        }
        if faults.is_empty() {
            return Ok(Checked(checked));
        }
        let pointed =
            |error: ApiError, (key, fault): (String, String)| error.at(format!("{prefix}/custom/{key}"), fault);
        Err(faults.into_iter().fold(ApiError::invalid(), pointed))
    }
}

/// Refuses references to records that the caller does not reach, as to those that do not exist.
async fn refer(
    tx: &mut TenantTx,
    reach: Reach,
    fields: &[CustomField],
    checked: &Checked,
    prefix: &str,
) -> ApiResult<()> {
    for resource in Customized::ALL {
        let named: Vec<(FieldKey, Uuid)> = fields
            .iter()
            .filter(|field| field.refers_to == Some(resource))
            .filter_map(|field| {
                let id = checked.0.get(field.key.as_str())?.as_str()?;
                Some((field.key, Uuid::try_parse(id).ok()?))
            })
            .collect();
        if named.is_empty() {
            continue;
        }
        let gone = tx.run(missing(reach, resource, named.iter().map(|(_, id)| *id).collect())).await?;
        let gone = named.into_iter().filter(|(_, id)| gone.iter().any(|(other,)| other == id));
        let refused = gone.fold(None, |refused: Option<ApiError>, (key, _)| {
            let refused = refused.unwrap_or_else(ApiError::not_found);
            Some(refused.at(format!("{prefix}/custom/{key}"), "there is no such record"))
        });
        refused.map_or(Ok(()), Err)?;
    }
    Ok(())
}

impl CustomField {
    /// A value as it is stored. Null is none.
    ///
    /// # Errors
    /// What is expected instead.
    fn read(&self, value: Value) -> Result<Value, String> {
        match (self.kind, value) {
            (_, Value::Null) => Ok(Value::Null),
            (FieldType::Boolean, value @ Value::Bool(_)) => Ok(value),
            (FieldType::Number, Value::Number(number)) => {
                let text = self.number(&number.to_string())?.to_string();
                text.parse().map(Value::Number).map_err(|_| NUMBER.to_owned())
            }
            (FieldType::Boolean, _) => Err("expected true or false".to_owned()),
            (FieldType::Number, _) => Err(NUMBER.to_owned()),
            (_, Value::String(text)) => self.word(&text).map(Value::String),
            _ => Err("expected a text".to_owned()),
        }
    }

    /// A number as it is stored.
    pub(super) fn number(&self, text: &str) -> Result<Decimal, String> {
        let number = Decimal::from_str_exact(text).map_err(|_| NUMBER.to_owned())?.normalize();
        let digits = number.mantissa().unsigned_abs().checked_ilog10().map_or(0, |digits| digits + 1);
        if digits > 15 || number.scale() > 6 || number.trunc().abs() >= Decimal::from(1_000_000_000_000_u64) {
            return Err(NUMBER.to_owned());
        }
        Ok(if number.is_zero() { Decimal::ZERO } else { number })
    }

    /// A value that is stored as a text, as it is stored.
    pub(super) fn word(&self, text: &str) -> Result<String, String> {
        match self.kind {
            FieldType::Text => Text::<500>::parse(text).map(|text| text.as_str().to_owned()),
            FieldType::Date => Date::parse(text).map(|date| date.to_string()),
            FieldType::Choice => {
                let known = self.choices.iter().find(|choice| choice.as_str() == text);
                known
                    .map(|choice| choice.as_str().to_owned())
                    .ok_or_else(|| "expected one of the field's choices".to_owned())
            }
            FieldType::Reference => match Uuid::try_parse(text) {
                Ok(id) if text.len() == 36 => Ok(id.to_string()),
                _ => Err("expected a UUID".to_owned()),
            },
            FieldType::Boolean => match text {
                "true" | "false" => Ok(text.to_owned()),
                _ => Err("expected true or false".to_owned()),
            },
            FieldType::Number => self.number(text).map(|number| number.to_string()),
        }
    }
}

const NUMBER: &str = "expected a number below 10^12, of up to 15 digits, 6 of them behind the point";

//! What a field takes: a value as a client sends it, as it is stored.

use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::{CustomField, FieldType};
use crate::value::{Date, Text};

impl CustomField {
    /// A value as it is stored. Null is none.
    ///
    /// # Errors
    /// What is expected instead.
    pub(super) fn read(&self, value: Value) -> Result<Value, String> {
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

    /// What a cell of a file says, as a client would send it. What the field does not take is a text, or stays one.
    pub(crate) fn cell(&self, cell: &str) -> Value {
        let same = |known: &str| known.to_lowercase() == cell.to_lowercase();
        match self.kind {
            FieldType::Number => {
                let number = self.number(cell).ok().and_then(|number| number.to_string().parse().ok());
                number.map_or_else(|| cell.into(), Value::Number)
            }
            FieldType::Boolean if ["true", "yes", "1"].into_iter().any(same) => true.into(),
            FieldType::Boolean if ["false", "no", "0"].into_iter().any(same) => false.into(),
            FieldType::Choice if !self.choices.iter().any(|choice| choice.as_str() == cell) => {
                self.choices.iter().find(|choice| same(choice.as_str())).map_or(cell, |choice| choice.as_str()).into()
            }
            _ => cell.into(),
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

//! A condition on a record's fields, and whether it holds.
//!
//! Values are those of the record as JSON: numbers are compared as numbers however they are written, days and times in time,
//! texts character by character.

use std::cmp::Ordering;

use poem_openapi::Object;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use tokio_postgres::types::Json;

use super::field_value::FieldValue;
use crate::value::{Date, Moment, Text};
use crate::{choice, column};

choice! {
    /// How a field is compared with a value.
    pub enum Operator {
        /// It has the value.
        Is = "is",
        /// It has another value, or none.
        IsNot = "is_not",
        /// It is a text that has the value in it, in upper or lower case, or a list of which the value is one.
        Contains = "contains",
        /// It is a number, a day or a time after the value.
        Greater = "greater",
        /// It is a number, a day or a time before the value.
        Less = "less",
        /// It has no value, or an empty one.
        IsEmpty = "is_empty",
        /// It has a value that is not empty.
        IsNotEmpty = "is_not_empty",
    }
}

/// What must be so for a rule to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// A field of the record.
    pub field: Text<100>,
    /// How it is compared.
    pub operator: Operator,
    /// With what; left out for `is_empty` and `is_not_empty`.
    #[serde(default)]
    pub value: Option<FieldValue>,
}
column!(Condition, Json<Condition>, |json| json.0, |own| Json(own));

/// A record as JSON.
pub(super) type Fields = Map<String, Value>;

impl Condition {
    /// Why it can never hold; none where it can.
    pub(super) fn fault(&self) -> Option<&'static str> {
        let takes_none = matches!(self.operator, Operator::IsEmpty | Operator::IsNotEmpty);
        let Some(value) = self.value.as_ref().map(FieldValue::as_json) else {
            return (!takes_none).then_some("this operator needs a value");
        };
        match self.operator {
            Operator::Is | Operator::IsNot => None,
            Operator::Contains => (!value.is_string()).then_some("a text"),
            Operator::Greater | Operator::Less => {
                (number(value).is_none() && moment(value).is_none()).then_some("a number, a day or a time")
            }
            Operator::IsEmpty | Operator::IsNotEmpty => Some("this operator takes no value"),
        }
    }

    /// Whether it holds of a record.
    pub(super) fn holds(&self, record: &Fields) -> bool {
        let found = record.get(self.field.as_str()).unwrap_or(&Value::Null);
        let with =
            |holds: fn(&Value, &Value) -> bool| self.value.as_ref().is_some_and(|value| holds(found, value.as_json()));
        match self.operator {
            Operator::Is => with(same),
            Operator::IsNot => with(|found, value| !same(found, value)),
            Operator::Contains => with(contains),
            Operator::Greater => with(|found, value| order(found, value) == Some(Ordering::Greater)),
            Operator::Less => with(|found, value| order(found, value) == Some(Ordering::Less)),
            Operator::IsEmpty => is_empty(found),
            Operator::IsNotEmpty => !is_empty(found),
        }
    }
}

fn is_empty(found: &Value) -> bool {
    match found {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn same(found: &Value, value: &Value) -> bool {
    found == value || order(found, value) == Some(Ordering::Equal)
}

fn contains(found: &Value, value: &Value) -> bool {
    let Value::String(part) = value else { return false };
    match found {
        Value::String(text) => text.to_lowercase().contains(&part.to_lowercase()),
        Value::Array(items) => items.contains(value),
        _ => false,
    }
}

/// What comes first; none where the two cannot be compared.
fn order(found: &Value, value: &Value) -> Option<Ordering> {
    match found {
        Value::Number(_) => Some(number(found)?.cmp(&number(value)?)),
        Value::String(_) => Some(moment(found)?.cmp(&moment(value)?)),
        _ => None,
    }
}

/// A number, also where it is written as a text, as amounts of money are.
fn number(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// A time, or the beginning of a day in UTC.
fn moment(value: &Value) -> Option<OffsetDateTime> {
    let text = value.as_str()?;
    let day = Date::parse(text).ok().map(|day| format!("{day}T00:00:00Z"));
    Moment::parse(day.as_deref().unwrap_or(text)).ok().map(OffsetDateTime::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The record's value, the operator, the rule's value, and whether it holds.
    #[test]
    fn conditions_hold_as_the_table_says() {
        for (found, operator, value, holds) in [
            (json!("Wien"), "is", json!("Wien"), true),
            (json!("Wien"), "is", json!("wien"), false),
            (json!(null), "is", json!("Wien"), false),
            (json!("Wien"), "is_not", json!("Graz"), true),
            (json!(null), "is_not", json!("Graz"), true),
            (json!("Graz"), "is_not", json!("Graz"), false),
            (json!(true), "is", json!(true), true),
            (json!(true), "is", json!("true"), false),
            (json!(1.5), "is", json!(1.50), true),
            (json!(1234.5), "is", json!("1234.50"), true),
            (json!("5"), "is", json!(5), false),
            (json!("Ada Lovelace"), "contains", json!("LOVE"), true),
            (json!("Ada"), "contains", json!("Lovelace"), false),
            (json!(["a", "b"]), "contains", json!("b"), true),
            (json!(["a", "b"]), "contains", json!("B"), false),
            (json!(null), "contains", json!("a"), false),
            (json!(12), "contains", json!("1"), false),
            (json!(10), "greater", json!(9), true),
            (json!(10), "greater", json!(10), false),
            (json!(10), "greater", json!("9.99"), true),
            (json!(-1), "less", json!(0), true),
            (json!(9_007_199_254_740_993_i64), "greater", json!(9_007_199_254_740_992_i64), true),
            (json!("10"), "greater", json!(9), false),
            (json!(null), "less", json!(1), false),
            (json!(true), "greater", json!(0), false),
            (json!("2026-11-21"), "greater", json!("2026-11-20"), true),
            (json!("2026-11-21"), "less", json!("2026-11-21T01:00:00+00:00"), true),
            (json!("2026-11-21T10:00:00+02:00"), "is", json!("2026-11-21T08:00:00Z"), true),
            (json!("b"), "greater", json!("2026-11-20"), false),
        ] {
            let condition = json!({ "field": "x", "operator": operator, "value": value });
            let condition: Condition = serde_json::from_value(condition).expect("a condition");
            let record = Fields::from_iter([("x".to_owned(), found.clone())]);
            assert_eq!(condition.holds(&record), holds, "{found} {operator} {value}");
        }
    }

    #[test]
    fn empty_is_what_has_no_value() {
        let empty = |found: Value, operator: &str| {
            let condition: Condition =
                serde_json::from_value(json!({ "field": "x", "operator": operator })).expect("a condition");
            condition.holds(&Fields::from_iter([("x".to_owned(), found)]))
        };
        for (found, is_empty) in [
            (json!(null), true),
            (json!(""), true),
            (json!([]), true),
            (json!({}), true),
            (json!(0), false),
            (json!(false), false),
            (json!(" "), false),
        ] {
            assert_eq!(empty(found.clone(), "is_empty"), is_empty, "{found}");
            assert_eq!(empty(found, "is_not_empty"), !is_empty);
        }
        let gone: Condition = serde_json::from_value(json!({ "field": "y", "operator": "is_empty" })).expect("one");
        assert!(gone.holds(&Fields::new()));
    }

    #[test]
    fn what_can_never_hold_is_a_fault() {
        for (operator, value, is_fault) in [
            ("is", json!(null), true),
            ("is_empty", json!("a"), true),
            ("contains", json!(1), true),
            ("greater", json!("tall"), true),
            ("greater", json!("12"), false),
            ("less", json!("2026-11-21"), false),
            ("less", json!(false), true),
        ] {
            let condition = json!({ "field": "x", "operator": operator, "value": value });
            let condition: Condition = serde_json::from_value(condition).expect("a condition");
            assert_eq!(condition.fault().is_some(), is_fault, "{operator} {value}");
        }
    }
}

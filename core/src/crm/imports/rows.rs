//! What the rows of a piece say: values as the API takes them, or what is wrong.

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::{Import, MappedColumn, MatchBy};
use crate::bulk::Bulk;
use crate::http::{ApiError, Row};

/// Values by column, or by field.
pub(super) type Values = Map<String, Value>;

/// A row that can become a record.
pub(super) struct Good {
    /// What the cells say, by field; without those that are empty.
    pub(super) cells: Values,
    /// A new record, by column.
    pub(super) values: Values,
    /// By what the row is known to be about a record that is there already.
    pub(super) key: Option<String>,
}

/// What is wrong with a row: in which column, and what.
pub(super) type Wrong = (Option<String>, String);

/// The rows of a piece, in their order.
pub(super) fn read<T: Bulk>(import: &Import, content: &[u8]) -> Vec<Result<Good, Wrong>> {
    let delimiter = import.delimiter.as_deref().and_then(|text| text.bytes().next()).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(content);
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => rows.push(row::<T>(import, &record)),
            Ok(false) => return rows,
            // Pieces are whole rows in UTF-8, so this does not come; it must not go round for ever.
            Err(_) => {
                rows.push(Err((None, "the row cannot be read".to_owned())));
                return rows;
            }
        }
    }
}

fn row<T: Bulk>(import: &Import, record: &StringRecord) -> Result<Good, Wrong> {
    let width = usize::try_from(import.width).unwrap_or_default();
    if record.len() != width {
        return Err((None, format!("the row has {} cells, the line of names has {width}", record.len())));
    }
    let mut cells = Values::new();
    for (MappedColumn { field, .. }, place) in import.mapping.iter().zip(&import.places) {
        let cell = usize::try_from(*place).ok().and_then(|place| record.get(place)).unwrap_or_default();
        if let Some(value) = field.value(cell) {
            cells.insert(field.as_str().to_owned(), value);
        }
    }
    let values = Row::of_value(Value::Object(cells.clone())).read().and_then(T::values);
    let values = values.map_err(|error| wrong(import, &error))?;
    let key = values.get(import.match_by.as_str()).and_then(Value::as_str).map(|key| key_of(import.match_by, key));
    Ok(Good { cells, values, key })
}

/// A value by which records are told apart, in one spelling.
pub(super) fn key_of(by: MatchBy, value: &str) -> String {
    match by {
        MatchBy::Email => value.to_lowercase(),
        MatchBy::Phone => value.chars().filter(char::is_ascii_digit).collect(),
    }
}

/// The first thing that is wrong, with the column that the field came from.
pub(super) fn wrong(import: &Import, error: &ApiError) -> Wrong {
    let problem = error.problem();
    let Some(first) = problem.errors.into_iter().next() else { return (None, problem.detail) };
    let field = first.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    let column = import.mapping.iter().find(|mapped| mapped.field.as_str() == field);
    let reason =
        if column.is_none() && !field.is_empty() { format!("{field}: {}", first.detail) } else { first.detail };
    (column.map(|mapped| mapped.column.as_str().to_owned()), reason.chars().take(500).collect())
}

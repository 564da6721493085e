//! Records as lines of a file.

use csv::{Terminator, WriterBuilder};
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde::Serialize;
use serde_json::Value;

use super::ExportFormat;
use crate::http::{ApiError, ApiResult};

/// What a spreadsheet takes a cell for a formula by, where it stands first.
pub(crate) const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// How records of one type are written.
pub(super) enum Lines {
    /// By their fields, in the order of the document.
    Csv(Vec<&'static str>),
    Ndjson,
}

impl Lines {
    pub(super) fn of<T: Type>(format: ExportFormat) -> Self {
        match format {
            ExportFormat::Csv => Self::Csv(fields::<T>()),
            ExportFormat::Ndjson => Self::Ndjson,
        }
    }

    /// The line of names, where there is one.
    pub(super) fn head(&self) -> ApiResult<Vec<u8>> {
        match self {
            Self::Csv(fields) => table([fields.iter().map(|field| (*field).to_owned()).collect()]),
            Self::Ndjson => Ok(Vec::new()),
        }
    }

    /// Lines of records.
    pub(super) fn write<T: Serialize>(&self, records: &[T]) -> ApiResult<Vec<u8>> {
        match self {
            Self::Csv(fields) => table(records.iter().map(|record| {
                let record = serde_json::to_value(record).unwrap_or_default();
                fields.iter().map(|field| cell(record.get(field).unwrap_or(&Value::Null))).collect()
            })),
            Self::Ndjson => {
                let mut lines = Vec::new();
                for record in records {
                    serde_json::to_writer(&mut lines, record).map_err(|_| ApiError::internal())?;
                    lines.push(b'\n');
                }
                Ok(lines)
            }
        }
    }
}

/// The fields of a type, as the document has them.
fn fields<T: Type>() -> Vec<&'static str> {
    let mut registry = Registry::new();
    T::register(&mut registry);
    let MetaSchemaRef::Reference(name) = T::schema_ref() else { return Vec::new() };
    let properties = registry.schemas.get(&name).into_iter().flat_map(|schema| &schema.properties);
    properties.map(|(name, _)| *name).collect()
}

fn table(rows: impl IntoIterator<Item = Vec<String>>) -> ApiResult<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|_| ApiError::internal())?;
    }
    writer.into_inner().map_err(|_| ApiError::internal())
}

/// A value as a cell: texts as they are, lists of words with a semicolon between them, what has parts of its own as JSON.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";")
        }
        other => other.to_string(),
    };
    if text.starts_with(FORMULA) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+43", "-1", "@x", "\tx", "\rx"] {
            assert_eq!(cell(&json!(text)), format!("'{text}"));
        }
        for (value, text) in [
            (json!("a=b"), "a=b"),
            (json!(null), ""),
            (json!(["a", "b"]), "a;b"),
            (json!(["=a"]), "'=a"),
            (json!([]), ""),
            (json!([{"a": 1}]), r#"[{"a":1}]"#),
            (json!(-1), "'-1"),
            (json!(true), "true"),
        ] {
            assert_eq!(cell(&value), text);
        }
    }
}

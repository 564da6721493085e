//! What the rows of a piece say: values as the API takes them, or what is wrong.

use csv::{ReaderBuilder, StringRecord};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::fields::own_value;
use super::known::key_of;
use super::{Duplicates, Import, MappedColumn};
use crate::bulk::{Bulk, BulkValues};
use crate::custom::{Checked, FieldName, Fields, Named};
use crate::http::{ApiError, Row};
use crate::tenancy::{DbError, Reach, TenantTx};

/// Values by column, or by field.
pub(super) type Values = Map<String, Value>;

/// A row that can become a record.
pub(super) struct Good {
    /// What the cells say, by field; without those that are empty. None where rows change nothing that is there.
    pub(super) cells: Values,
    /// The record that it becomes if it is new.
    pub(super) new: New,
    /// What the cells say of the organization's own fields, and what a new record would need of them besides.
    pub(super) own: Checked,
    pub(super) lacks: Option<Wrong>,
    /// By what the row is known to be about a record that is there already.
    pub(super) key: Option<String>,
}

/// A new record, by column.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum New {
    /// Written out already, so that the database does not wait for it.
    Written(Box<RawValue>),
    /// Later rows may be about it too.
    Open(Values),
}

impl New {
    fn of(row: Values, is_final: bool) -> Self {
        match is_final.then(|| to_raw_value(&row)) {
            Some(Ok(row)) => Self::Written(row),
            Some(Err(_)) | None => Self::Open(row),
        }
    }

    /// Takes over what the cells of a later row say.
    pub(super) fn extend(&mut self, cells: &Values, later: Self) {
        let (Self::Open(row), Self::Open(mut later)) = (self, later) else { return };
        let own = later.remove("custom");
        if let (Some(Value::Object(row)), Some(Value::Object(own))) = (row.get_mut("custom"), own) {
            row.extend(own);
        }
        row.extend(later.into_iter().filter(|(field, _)| cells.contains_key(field)));
    }
}

/// A record as statements take it.
pub(super) fn row_of(id: Uuid, mut values: Values, own: Values) -> Values {
    values.insert("id".to_owned(), id.to_string().into());
    values.insert("custom".to_owned(), own.into());
    values
}

/// What is wrong with a row: in which column, and what.
pub(super) type Wrong = (Option<String>, String);

/// The rows of a piece, in their order.
pub(super) fn read<T: Bulk<Beside = ()>>(import: &Import, fields: &Fields, content: &[u8]) -> Vec<Result<Good, Wrong>> {
    let delimiter = import.delimiter.as_deref().and_then(|text| text.bytes().next()).unwrap_or(b',');
    let mut reader = ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(content);
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => rows.push(row::<T>(import, fields, &record)),
            Ok(false) => return rows,
            // Pieces are whole rows in UTF-8, so this does not come; it must not go round for ever.
            Err(_) => {
                rows.push(Err((None, "the row cannot be read".to_owned())));
                return rows;
            }
        }
    }
}

fn row<T: Bulk<Beside = ()>>(import: &Import, fields: &Fields, record: &StringRecord) -> Result<Good, Wrong> {
    let width = usize::try_from(import.width).unwrap_or_default();
    if record.len() != width {
        return Err((None, format!("the row has {} cells, the line of names has {width}", record.len())));
    }
    let (mut cells, mut own) = (Values::new(), Values::new());
    for (MappedColumn { field, .. }, place) in import.mapping.iter().zip(&import.places) {
        let cell = usize::try_from(*place).ok().and_then(|place| record.get(place)).unwrap_or_default();
        match field {
            FieldName::Common(field) => field.value(cell).map(|value| cells.insert(field.as_str().to_owned(), value)),
            FieldName::Own(key) => {
                own_value(key.as_str(), fields, cell).map(|value| own.insert(key.as_str().to_owned(), value))
            }
        };
    }
    if !own.is_empty() {
        cells.insert("custom".to_owned(), own.into());
    }
    let wrong = |error| wrong(import, &error);
    let new = Row::of_value(Value::Object(cells.clone())).read().and_then(T::checked);
    let BulkValues { values, custom } = new.and_then(|new| T::values(new, &())).map_err(wrong)?;
    let own = fields.of_old(custom.clone()).map_err(wrong)?;
    let lacks = fields.of_new(custom).err().map(wrong);
    let key = values.get(import.match_by.as_str()).and_then(Value::as_str).map(|key| key_of(import.match_by, key));
    let is_final = import.duplicates != Duplicates::Update;
    let new = New::of(row_of(Uuid::now_v7(), values, own.as_map().clone()), is_final);
    Ok(Good { cells: if is_final { Values::new() } else { cells }, new, own, lacks, key })
}

/// Refuses rows whose fields of the organization's own name records that whoever imports does not reach.
pub(super) async fn refer(
    tx: &mut TenantTx,
    reach: Reach,
    import: &Import,
    fields: &Fields,
    rows: &mut [Result<Good, Wrong>],
) -> Result<(), DbError> {
    let named: Named = rows.iter().flatten().flat_map(|row| fields.named(&row.own)).collect();
    let missing = fields.missing(tx, reach, named).await?;
    for row in rows.iter_mut().filter(|_| !missing.is_empty()) {
        if let Some(error) = row.as_ref().ok().and_then(|row| fields.reached(&row.own, &missing).err()) {
            *row = Err(wrong(import, &error));
        }
    }
    Ok(())
}

/// The first thing that is wrong, with the column that the field came from.
pub(super) fn wrong(import: &Import, error: &ApiError) -> Wrong {
    let problem = error.problem();
    let Some(first) = problem.errors.into_iter().next() else { return (None, problem.detail) };
    let mut parts = first.pointer.trim_start_matches('/').split('/');
    let field = match (parts.next().unwrap_or_default(), parts.next()) {
        ("custom", Some(key)) => format!("custom.{key}"),
        (field, _) => field.to_owned(),
    };
    let is_about = |mapped: &&MappedColumn| match &mapped.field {
        FieldName::Common(common) => common.as_str() == field,
        FieldName::Own(key) => field.strip_prefix("custom.") == Some(key.as_str()),
    };
    let column = import.mapping.iter().find(is_about);
    let reason =
        if column.is_none() && !field.is_empty() { format!("{field}: {}", first.detail) } else { first.detail };
    (column.map(|mapped| mapped.column.as_str().to_owned()), reason.chars().take(500).collect())
}

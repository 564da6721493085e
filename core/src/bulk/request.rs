//! The body of a request that changes many records.

use std::borrow::Cow;
use std::marker::PhantomData;

use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::Bulk;
use crate::http::{ApiError, ApiResult, Row};
use crate::{choice, record_id};

/// Rows of a request.
pub(super) const MOST: usize = 1000;

choice! {
    /// What becomes of the other rows where one is refused.
    pub enum BulkMode {
        /// Nothing changes, and the answer is a problem that points at the rows which must change.
        AllOrNothing = "all_or_nothing",
        /// They are done, and the answer tells of each row.
        PerRow = "per_row",
    }
}

record_id! {
    /// The id of the record that a row is about.
    RowId
}

/// Records to make, to change and to delete; up to 1,000 in all.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "")]
pub struct BulkRequest<T> {
    #[serde(default = "all_or_nothing")]
    pub(super) mode: BulkMode,
    #[serde(default)]
    pub(super) create: Vec<Row>,
    #[serde(default)]
    pub(super) update: Vec<Row>,
    #[serde(default)]
    pub(super) delete: Vec<Row>,
    #[serde(skip)]
    record: PhantomData<fn() -> T>,
}

fn all_or_nothing() -> BulkMode {
    BulkMode::AllOrNothing
}

/// A record to delete.
#[derive(Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub(super) struct BulkDelete {
    /// The record.
    pub(super) id: RowId,
    /// The version that was read (the number in its ETag), where only that one may go.
    #[oai(validator(minimum(value = "1")))]
    pub(super) version: Option<i64>,
}

/// A record to change, and how.
pub(super) struct BulkUpdate<T: Bulk> {
    pub(super) id: Uuid,
    pub(super) version: Option<i64>,
    pub(super) patch: T::Patch,
}

impl<T: Bulk> BulkUpdate<T> {
    pub(super) fn read(mut row: Row) -> ApiResult<Self> {
        let missing = || ApiError::invalid().at("/id", "this field is required");
        let id: RowId =
            Row::of_value(row.take("id").ok_or_else(missing)?).read().map_err(|error| error.below("/id"))?;
        let version = row.take("version").unwrap_or_default();
        let version = Row::of_value(version).read().map_err(|error| error.below("/version"))?;
        Ok(Self { id: id.as_uuid(), version, patch: T::Patch::read(row)? })
    }
}

/// What a row of an update says beside the id and the version: for most records what the operation on one takes.
pub trait BulkPatch: Sized + Send + Sync {
    /// Reads it.
    ///
    /// # Errors
    /// 422 that points at the place in the row.
    fn read(row: Row) -> ApiResult<Self>;

    /// How the document has it.
    fn schema(registry: &mut Registry) -> MetaSchema;
}

impl<P: Type + DeserializeOwned + Send + Sync> BulkPatch for P {
    fn read(row: Row) -> ApiResult<Self> {
        row.read()
    }

    fn schema(registry: &mut Registry) -> MetaSchema {
        P::register(registry);
        registry.schemas.get(P::name().as_ref()).cloned().unwrap_or(MetaSchema::ANY)
    }
}

macro_rules! described {
    ($type:ident, |$registry:ident| $schema:expr, $name:expr) => {
        impl<T: Bulk> Type for $type<T> {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $name.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                MetaSchemaRef::Reference(Self::name().into_owned())
            }

            fn register($registry: &mut Registry) {
                $registry.create_schema::<Self, _>(Self::name().into_owned(), |$registry| $schema);
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(self.as_raw_value().into_iter())
            }
        }
    };
}

described!(BulkRequest, |registry| request_schema::<T>(registry), format!("{}Bulk", T::NAME));
described!(BulkUpdate, |registry| update_schema::<T>(registry), format!("{}BulkUpdate", T::NAME));

fn request_schema<T: Bulk>(registry: &mut Registry) -> MetaSchema {
    T::New::register(registry);
    BulkUpdate::<T>::register(registry);
    BulkDelete::register(registry);
    BulkMode::register(registry);
    let rows = |item: MetaSchemaRef, description: &'static str| {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            items: Some(Box::new(item)),
            max_items: Some(MOST),
            description: Some(description),
            ..MetaSchema::new("array")
        }))
    };
    MetaSchema {
        description: Some("Records to make, to change and to delete; up to 1,000 in all, each of them once."),
        properties: vec![
            ("mode", BulkMode::schema_ref()),
            ("create", rows(T::New::schema_ref(), "Records to make.")),
            ("update", rows(BulkUpdate::<T>::schema_ref(), "Records to change.")),
            ("delete", rows(BulkDelete::schema_ref(), "Records to delete.")),
        ],
        ..MetaSchema::new("object")
    }
}

/// The patch, with the id of the record and its version.
fn update_schema<T: Bulk>(registry: &mut Registry) -> MetaSchema {
    let mut schema = T::Patch::schema(registry);
    let version = MetaSchema {
        minimum: Some(1.0),
        description: Some("The version that was read (the number in its ETag), where only that one may be changed."),
        ..MetaSchema::new_with_format("integer", "int64")
    };
    schema.properties.insert(0, ("id", RowId::schema_ref()));
    schema.properties.insert(1, ("version", MetaSchemaRef::Inline(Box::new(version))));
    schema.required.insert(0, "id");
    schema
}

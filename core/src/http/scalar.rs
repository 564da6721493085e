//! What every value type of the edge shares: how it is described in the document and read from JSON or a parameter.

/// Makes a type with `parse(&str) -> Result<Self, String>` and `as_str` a value of bodies and parameters.
///
/// The schema is given as keys of JSON Schema that [`MetaSchema`](poem_openapi::registry::MetaSchema) knows.
#[macro_export]
macro_rules! scalar {
    ($type:ty $([$(const $generic:ident: usize),+])?, $name:expr, $schema:expr) => {
        impl $(<$(const $generic: usize),+>)? ::poem_openapi::types::Type for $type {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> ::std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn schema_ref() -> ::poem_openapi::registry::MetaSchemaRef {
                ::poem_openapi::registry::MetaSchemaRef::Inline(::std::boxed::Box::new($schema))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> ::std::boxed::Box<dyn Iterator<Item = &'a Self> + 'a> {
                ::std::boxed::Box::new(self.as_raw_value().into_iter())
            }
        }

        impl $(<$(const $generic: usize),+>)? ::poem_openapi::types::ParseFromJSON for $type {
            fn parse_from_json(value: Option<::serde_json::Value>) -> ::poem_openapi::types::ParseResult<Self> {
                match value {
                    Some(::serde_json::Value::String(text)) => {
                        Self::parse(&text).map_err(::poem_openapi::types::ParseError::custom)
                    }
                    other => Err(::poem_openapi::types::ParseError::expected_type(other.unwrap_or_default())),
                }
            }
        }

        impl $(<$(const $generic: usize),+>)? ::poem_openapi::types::ParseFromParameter for $type {
            fn parse_from_parameter(value: &str) -> ::poem_openapi::types::ParseResult<Self> {
                Self::parse(value).map_err(::poem_openapi::types::ParseError::custom)
            }
        }

        impl $(<$(const $generic: usize),+>)? ::poem_openapi::types::ToJSON for $type {
            fn to_json(&self) -> Option<::serde_json::Value> {
                ::serde_json::to_value(self).ok()
            }
        }

        impl<'de $($(, const $generic: usize)+)?> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(::serde::de::Error::custom)
            }
        }
    };
}

/// A newtype of UUID for one kind of record, so that ids of different kinds cannot be mixed up.
#[macro_export]
macro_rules! record_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, ::serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(::uuid::Uuid);

        impl $name {
            /// A new id; it sorts by time (UUIDv7).
            pub fn new() -> Self {
                Self(::uuid::Uuid::now_v7())
            }

            /// Reads the usual form with hyphens.
            ///
            /// # Errors
            /// What is expected instead.
            pub fn parse(text: &str) -> Result<Self, String> {
                match ::uuid::Uuid::try_parse(text) {
                    Ok(id) if text.len() == 36 => Ok(Self(id)),
                    _ => Err("expected a UUID".to_owned()),
                }
            }

            /// The UUID itself.
            pub fn as_uuid(self) -> ::uuid::Uuid {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        $crate::scalar!($name, stringify!($name), {
            ::poem_openapi::registry::MetaSchema::new_with_format("string", "uuid")
        });
        $crate::column!($name, ::uuid::Uuid, |id| Self(id), |own| own.0);
    };
}

/// Makes a newtype a database value of the type that it wraps.
#[macro_export]
macro_rules! column {
    ($type:ty $([$(const $generic:ident: usize),+])?, $inner:ty, |$from:ident| $make:expr, |$own:ident| $take:expr) => {
        impl<'r $($(, const $generic: usize)+)?> ::tokio_postgres::types::FromSql<'r> for $type {
            fn from_sql(
                ty: &::tokio_postgres::types::Type,
                raw: &'r [u8],
            ) -> Result<Self, Box<dyn ::std::error::Error + Sync + Send>> {
                let $from = <$inner as ::tokio_postgres::types::FromSql>::from_sql(ty, raw)?;
                Ok($make)
            }

            fn accepts(ty: &::tokio_postgres::types::Type) -> bool {
                <$inner as ::tokio_postgres::types::FromSql>::accepts(ty)
            }
        }

        impl $(<$(const $generic: usize),+>)? ::tokio_postgres::types::ToSql for $type {
            fn to_sql(
                &self,
                ty: &::tokio_postgres::types::Type,
                out: &mut ::bytes::BytesMut,
            ) -> Result<::tokio_postgres::types::IsNull, Box<dyn ::std::error::Error + Sync + Send>> {
                let $own = self;
                ::tokio_postgres::types::ToSql::to_sql(&$take, ty, out)
            }

            fn accepts(ty: &::tokio_postgres::types::Type) -> bool {
                <$inner as ::tokio_postgres::types::ToSql>::accepts(ty)
            }

            ::tokio_postgres::types::to_sql_checked!();
        }
    };
}

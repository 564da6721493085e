//! What every value type of the edge shares: how it is described in the document and read from JSON or a parameter.

/// Makes a type with `parse(&str) -> Result<Self, String>` and `as_str` a value of bodies and parameters.
///
/// The schema is given as keys of JSON Schema that [`MetaSchema`](poem_openapi::registry::MetaSchema) knows.
#[macro_export]
macro_rules! scalar {
    ($type:ty $([$(const $generic:ident: usize),+])?, $name:expr, $schema:expr) => {
        impl $(<$(const $generic: usize),+>)? $crate::__private::poem_openapi::types::Type for $type {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> ::std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn schema_ref() -> $crate::__private::poem_openapi::registry::MetaSchemaRef {
                $crate::__private::poem_openapi::registry::MetaSchemaRef::Inline(::std::boxed::Box::new($schema))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> ::std::boxed::Box<dyn Iterator<Item = &'a Self> + 'a> {
                ::std::boxed::Box::new(self.as_raw_value().into_iter())
            }
        }

        impl $(<$(const $generic: usize),+>)? $crate::__private::poem_openapi::types::ParseFromJSON for $type {
            fn parse_from_json(value: Option<$crate::__private::serde_json::Value>) -> $crate::__private::poem_openapi::types::ParseResult<Self> {
                match value {
                    Some($crate::__private::serde_json::Value::String(text)) => {
                        Self::parse(&text).map_err($crate::__private::poem_openapi::types::ParseError::custom)
                    }
                    other => Err($crate::__private::poem_openapi::types::ParseError::expected_type(other.unwrap_or_default())),
                }
            }
        }

        impl $(<$(const $generic: usize),+>)? $crate::__private::poem_openapi::types::ParseFromParameter for $type {
            fn parse_from_parameter(value: &str) -> $crate::__private::poem_openapi::types::ParseResult<Self> {
                Self::parse(value).map_err($crate::__private::poem_openapi::types::ParseError::custom)
            }
        }

        impl $(<$(const $generic: usize),+>)? $crate::__private::poem_openapi::types::ToJSON for $type {
            fn to_json(&self) -> Option<$crate::__private::serde_json::Value> {
                $crate::__private::serde_json::to_value(self).ok()
            }
        }

        impl<'de $($(, const $generic: usize)+)?> $crate::__private::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as $crate::__private::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err($crate::__private::serde::de::Error::custom)
            }
        }
    };
}

/// A newtype of UUID for one kind of record, so that ids of different kinds cannot be mixed up.
#[macro_export]
macro_rules! record_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, $crate::__private::serde::Serialize)]
        #[serde(transparent)]
        pub struct $name($crate::__private::uuid::Uuid);

        impl $name {
            /// A new id; it sorts by time (UUIDv7).
            pub fn new() -> Self {
                Self($crate::__private::uuid::Uuid::now_v7())
            }

            /// Reads the usual form with hyphens.
            ///
            /// # Errors
            /// What is expected instead.
            pub fn parse(text: &str) -> Result<Self, String> {
                match $crate::__private::uuid::Uuid::try_parse(text) {
                    Ok(id) if text.len() == 36 => Ok(Self(id)),
                    _ => Err("expected a UUID".to_owned()),
                }
            }

            /// The UUID itself.
            pub fn as_uuid(self) -> $crate::__private::uuid::Uuid {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<$crate::__private::uuid::Uuid> for $name {
            fn from(id: $crate::__private::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        $crate::scalar!($name, stringify!($name), {
            $crate::__private::poem_openapi::registry::MetaSchema::new_with_format("string", "uuid")
        });
        $crate::column!($name, $crate::__private::uuid::Uuid, |id| Self(id), |own| own.0);
    };
}

/// Makes a newtype a database value of the type that it wraps.
#[macro_export]
macro_rules! column {
    ($type:ty $([$(const $generic:ident: usize),+])?, $inner:ty, |$from:ident| $make:expr, |$own:ident| $take:expr) => {
        impl<'r $($(, const $generic: usize)+)?> $crate::__private::tokio_postgres::types::FromSql<'r> for $type {
            fn from_sql(
                ty: &$crate::__private::tokio_postgres::types::Type,
                raw: &'r [u8],
            ) -> Result<Self, Box<dyn ::std::error::Error + Sync + Send>> {
                let $from = <$inner as $crate::__private::tokio_postgres::types::FromSql>::from_sql(ty, raw)?;
                Ok($make)
            }

            fn accepts(ty: &$crate::__private::tokio_postgres::types::Type) -> bool {
                <$inner as $crate::__private::tokio_postgres::types::FromSql>::accepts(ty)
            }
        }

        impl $(<$(const $generic: usize),+>)? $crate::__private::tokio_postgres::types::ToSql for $type {
            fn to_sql(
                &self,
                ty: &$crate::__private::tokio_postgres::types::Type,
                out: &mut $crate::__private::bytes::BytesMut,
            ) -> Result<$crate::__private::tokio_postgres::types::IsNull, Box<dyn ::std::error::Error + Sync + Send>> {
                let $own = self;
                $crate::__private::tokio_postgres::types::ToSql::to_sql(&$take, ty, out)
            }

            fn accepts(ty: &$crate::__private::tokio_postgres::types::Type) -> bool {
                <$inner as $crate::__private::tokio_postgres::types::ToSql>::accepts(ty)
            }

            $crate::__private::tokio_postgres::types::to_sql_checked!();
        }
    };
}

/// An enumeration that is a word in JSON, in parameters and in the database.
///
/// ```
/// tenantry_core::choice! {
///     /// How a chair is upholstered.
///     pub enum Cover {
///         /// Cowhide.
///         Leather = "leather",
///         /// Woven.
///         Cloth = "cloth",
///     }
/// }
/// # fn main() {}
/// ```
/// A new word needs a migration too: the column's CHECK lists the words once more.
#[macro_export]
macro_rules! choice {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ::serde::Serialize, ::serde::Deserialize, ::poem_openapi::Enum)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] #[oai(rename = $word)] $variant,)+
        }

        impl $name {
            /// The word.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The value of a word.
            fn named(word: &str) -> Result<Self, String> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(concat!("not a ", stringify!($name)).to_owned()),
                }
            }
        }

        $crate::column!($name, &str, |word| Self::named(word)?, |own| own.as_str());
    };
}

//! Values that lists are sorted by.

/// A value that a list is sorted by, written as PostgreSQL reads it.
pub trait SortValue {
    /// The text.
    fn text(&self) -> String;
}

impl SortValue for time::OffsetDateTime {
    fn text(&self) -> String {
        self.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
    }
}

impl SortValue for i16 {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl SortValue for String {
    fn text(&self) -> String {
        self.clone()
    }
}

impl SortValue for rust_decimal::Decimal {
    fn text(&self) -> String {
        self.to_string()
    }
}

impl<const MAX: usize> SortValue for super::Text<MAX> {
    fn text(&self) -> String {
        self.as_str().to_owned()
    }
}

impl SortValue for i64 {
    fn text(&self) -> String {
        self.to_string()
    }
}

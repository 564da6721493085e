//! What a filter does with its value.

/// An operator, by its word in `filter[field][word]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The value itself; the word may be left out.
    Eq,
    /// Another value, or none.
    Ne,
    /// One of several values.
    In,
    /// More.
    Gt,
    /// As much or more.
    Gte,
    /// Less.
    Lt,
    /// As much or less.
    Lte,
    /// A text with these letters in it.
    Contains,
    /// Whether there is no value.
    Null,
    /// A list with all of these in it.
    Has,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 10] =
        [Self::Eq, Self::Ne, Self::In, Self::Gt, Self::Gte, Self::Lt, Self::Lte, Self::Contains, Self::Null, Self::Has];

    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::In => "in",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::Contains => "contains",
            Self::Null => "null",
            Self::Has => "has",
        }
    }

    /// The operator of a word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.word() == word)
    }

    /// Whether an index finds the records. The others leave most of them in, and are looked at along the order of the list.
    pub const fn seeks(self) -> bool {
        !matches!(self, Self::Ne)
    }

    /// Which records it leaves, for the document.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Eq => "This value.",
            Self::Ne => "Any value but this, or none.",
            Self::In => "One of these, at most 50, separated by commas; `\\,` is a comma in a value.",
            Self::Gt => "More than this, or later.",
            Self::Gte => "This or more, or later.",
            Self::Lt => "Less than this, or earlier.",
            Self::Lte => "This or less, or earlier.",
            Self::Contains => "With these letters in it, in any case.",
            Self::Null => "`true`: without a value; `false`: with one.",
            Self::Has => "With all of these in it, at most 50, separated by commas; `\\,` is a comma in a value.",
        }
    }
}

//! What the refusal of a constraint means: said beside the statement that can meet it.

/// Why a change was refused, in the words of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The record that a field refers to does not exist (or is another tenant's, which is the same).
    Missing {
        /// The field, as a JSON pointer.
        pointer: &'static str,
    },
    /// Another record has the value of a field.
    Taken {
        /// The field, as a JSON pointer.
        pointer: &'static str,
        /// The problem's code, such as `slug_taken`.
        code: &'static str,
        /// What to do about it.
        detail: &'static str,
    },
    /// A field that is needed has no value.
    Lacking {
        /// The field, as a JSON pointer.
        pointer: &'static str,
        /// What is expected there.
        detail: &'static str,
    },
    /// The state of something else stands in the way.
    InTheWay {
        /// The problem's code.
        code: &'static str,
        /// What to do about it.
        detail: &'static str,
    },
}

impl Refusal {
    /// The problem's code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "not_found",
            Self::Lacking { .. } => "invalid",
            Self::Taken { code, .. } | Self::InTheWay { code, .. } => code,
        }
    }
}

//! How far a role reaches among records that have owners.

use poem_openapi::Enum;
use serde::{Deserialize, Serialize};

use crate::column;

/// Which records a role's permissions are for, where records have owners; least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Enum)]
#[serde(rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
pub enum RecordScope {
    /// One's own.
    Own,
    /// One's own, and those of everybody who shares a team with one.
    Team,
    /// All.
    #[default]
    All,
}

impl RecordScope {
    /// All scopes, least first.
    pub const EACH: [Self; 3] = [Self::Own, Self::Team, Self::All];

    /// The word of the API, the token and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::All => "all",
        }
    }

    fn named(word: &str) -> Result<Self, String> {
        let found = Self::EACH.into_iter().find(|scope| scope.as_str() == word);
        found.ok_or_else(|| "not a scope".to_owned())
    }

    pub(crate) fn is_all(&self) -> bool {
        *self == Self::All
    }

    /// Whether what somebody owns is in the reach of another person's role. `share_a_team` tells of the two.
    pub fn reaches(self, own: bool, share_a_team: bool) -> bool {
        match self {
            Self::Own => own,
            Self::Team => own || share_a_team,
            Self::All => true,
        }
    }
}

column!(RecordScope, &str, |word| Self::named(word)?, |own| own.as_str());

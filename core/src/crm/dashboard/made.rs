//! What came to be known: new contacts and companies.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use crate::sql;
use crate::tenancy::Fragment;

/// How many records were made.
#[derive(Debug, Deserialize, Serialize, Object)]
pub struct NewRecords {
    /// In the period.
    pub count: i64,
    /// In the period before.
    pub before: i64,
}

macro_rules! made {
    ($in_reach:literal) => {
        sql!(
            "(SELECT jsonb_build_object('count', count(*) FILTER (WHERE r.created_at >= a.since), ",
            "'before', count(*) FILTER (WHERE r.created_at < a.since)) FROM asked a JOIN ",
            $in_reach,
            " r ON r.created_at >= a.before AND r.created_at < a.until)"
        )
    };
}

pub(super) const CONTACTS: Fragment = made!("contacts_in_reach");
pub(super) const COMPANIES: Fragment = made!("companies_in_reach");

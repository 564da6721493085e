//! Sums of deals by currency.

use poem_openapi::Object;
use serde::Serialize;

use crate::value::{Currency, Sum};

/// How many deals there are in a currency, and what they come to.
#[derive(Debug, Clone, Serialize, Object)]
pub struct Total {
    /// The currency; null for deals without an amount.
    pub currency: Option<Currency>,
    /// How many deals.
    pub count: i64,
    /// The sum of their amounts.
    pub amount: Option<Sum>,
    /// The sum of their amounts, each times the probability of its stage.
    pub weighted: Option<Sum>,
}

//! A secret that somebody else proves themselves with, as an operator gives it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// 32 or more characters that a header can hold. It cannot be printed.
#[derive(Clone)]
pub struct BearerSecret(Arc<str>);

impl BearerSecret {
    /// What a variable that holds one should hold.
    pub const EXPECTED: &str = "32 or more letters and digits, as `tenantry secret` prints";

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for BearerSecret {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let fits = (32..=500).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if fits { Ok(Self(text.into())) } else { Err(()) }
    }
}

impl fmt::Debug for BearerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerSecret(…)")
    }
}

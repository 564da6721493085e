//! A second factor: codes of an authenticator app (TOTP, RFC 6238), and ten recovery codes for when that is lost.
//!
//! - this file: seeds and codes; `check.rs`: the second step of a sign-in;
//! - `api.rs`: the operations; `store.rs`: the SQL.
//!
//! An organization can require it: then `admit` keeps out whoever has none, until one is set up.

mod api;
mod check;
mod store;

use aws_lc_rs::digest;
use totp_rs::{Builder, Totp};
use uuid::Uuid;

pub(super) use api::SecondFactorApi;
pub(super) use check::pass;
pub(in crate::identity) use store::SHORT_PASSWORD;

use crate::config::Seal;
use crate::http::{ApiError, ApiResult};

/// Recovery codes that somebody gets.
const RECOVERY_CODES: usize = 10;
/// Letters of a recovery code that cannot be mistaken for each other: five bits each.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// Letters in it: 80 bits.
const LENGTH: usize = 16;

/// A person's seed, with which the app and the platform make the same codes.
struct Seed(Totp);

impl Seed {
    /// A new one, of 160 random bits, under the name that the app is to show.
    fn new(email: &str) -> ApiResult<Self> {
        Self::of(rand::random::<[u8; 20]>().to_vec(), email)
    }

    fn of(secret: Vec<u8>, email: &str) -> ApiResult<Self> {
        // SHA-1, six digits, half a minute: what all apps know. One step to each side, for clocks that are off.
        let totp = Builder::new().with_secret(secret).with_skew(1).with_issuer(Some("Tenantry"));
        let totp = totp.with_account_name(email.replace(':', "_")).build();
        totp.map(Self).map_err(|_| ApiError::internal())
    }

    /// Opens one that was closed for this person.
    fn open(seal: &Seal, user: Uuid, closed: &[u8]) -> ApiResult<Self> {
        let secret = seal.open(user.as_bytes(), closed).map_err(|_| {
            tracing::error!(%user, "a second factor was sealed with another secret");
            ApiError::internal()
        })?;
        Self::of(secret, "-")
    }

    fn close(&self, seal: &Seal, user: Uuid) -> ApiResult<Vec<u8>> {
        seal.close(user.as_bytes(), self.0.secret().as_bytes()).map_err(|_| ApiError::internal())
    }

    /// The time step that the code is of, if it is of this minute.
    fn step(&self, code: &str) -> Option<i64> {
        let now = time::OffsetDateTime::now_utc().unix_timestamp();
        let step = self.0.check(code, u64::try_from(now).ok()?)?;
        i64::try_from(step).ok()
    }
}

/// A new recovery code, in groups that are easy to copy.
fn recovery_code() -> String {
    let letters = rand::random::<[u8; LENGTH]>();
    let letters = letters.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied().map(char::from));
    let mut code = String::with_capacity(LENGTH + 3);
    for (n, letter) in letters.enumerate() {
        if n > 0 && n % 4 == 0 {
            code.push('-');
        }
        code.push(letter);
    }
    code
}

/// What the database knows of a recovery code, however it was typed. None where it cannot be one.
fn recovery_hash(code: &str) -> Option<Vec<u8>> {
    let plain: String = code.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
    (plain.len() == LENGTH).then(|| digest::digest(&digest::SHA256, plain.as_bytes()).as_ref().to_vec())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, cut to six digits.
        let seed = Seed::of(b"12345678901234567890".to_vec(), "ada").unwrap();
        assert_eq!(seed.0.generate(59).to_string(), "287082");
        assert_eq!(seed.0.generate(1_111_111_109).to_string(), "081804");
        assert_eq!(seed.0.check("287082", 59), Some(1));
        assert_eq!(seed.0.check("287082", 59 + 30), Some(1), "a clock may be off by a step");
        assert_eq!(seed.0.check("287082", 59 + 60), None);
    }

    #[test]
    fn recovery_codes_are_read_as_people_type_them() {
        let code = recovery_code();
        assert_eq!(code.len(), 19);
        assert_ne!(code, recovery_code());
        let hash = recovery_hash(&code).unwrap();
        assert_eq!(recovery_hash(&code.replace('-', " ").to_uppercase()).unwrap(), hash);
        assert_eq!(recovery_hash(&code.replace('-', "")).unwrap(), hash);
        assert_eq!(recovery_hash(&code[1..]), None);
        assert_eq!(recovery_hash("123456"), None);
    }
}

//! The second step of a sign-in: a code, for whoever has set a second factor up.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header};
use uuid::Uuid;

use super::{Seed, recovery_hash, store};
use crate::http::{ApiError, ApiResult, Quota};
use crate::platform::Platform;

/// Wrong codes are counted for this long.
const WINDOW: Duration = Duration::from_secs(5 * 60);

/// Asks a person whose password was right for the second factor, where there is one.
///
/// # Errors
/// 401 where the code is missing, wrong or was used before; 429 after five wrong ones in five minutes.
pub(in crate::identity) async fn pass(platform: &Platform, user: Uuid, code: Option<&str>) -> ApiResult<()> {
    let Some(factor) = platform.db().run(store::confirmed(user)).await? else { return Ok(()) };
    let Some(code) = code else { return Err(needed()) };
    // Counted before it is looked at, in the row: however many are tried at once, five are.
    if !platform.db().run(store::count_try(user, WINDOW)).await? {
        return Err(too_many());
    }
    let seed = Seed::open(platform.seed_seal(), user, &factor.seed)?;
    let taken = match (seed.step(code), recovery_hash(code)) {
        (Some(step), _) => platform.db().run(store::take_step(user, step)).await?,
        (None, Some(hash)) => platform.db().run(store::take_recovery_code(user, hash)).await?,
        (None, None) => false,
    };
    if taken { Ok(()) } else { Err(wrong()) }
}

fn needed() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "second_factor_needed",
        "A code is needed",
        "Sign in once more and send `code` too: the one that the authenticator app shows, or a recovery code.",
    )
    .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

fn wrong() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "second_factor_wrong",
        "The code is wrong",
        "The code is wrong, too old, or was used before. Wait for the next one that the app shows.",
    )
    .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

fn too_many() -> ApiError {
    ApiError::too_many(
        "too_many_codes",
        "Too many wrong codes",
        "Five codes were wrong. Wait five minutes before the next one.",
        Quota { name: "second factor", tries: 5, within: WINDOW },
        WINDOW,
    )
}

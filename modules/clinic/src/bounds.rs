//! Numbers that are neither too small nor too large.

use tenantry_core::http::{ApiError, ApiResult};

/// A number from `least` to `most`.
///
/// # Errors
/// 422 at the pointer.
pub(crate) fn within(number: i32, least: i32, most: i32, pointer: &'static str) -> ApiResult<()> {
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(ApiError::invalid().at(pointer, format!("expected a number from {least} to {most}")))
}

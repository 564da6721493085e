//! How many exports an organization has under way in a process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::http::{ApiError, Quota};
use crate::tenancy::TenantId;

/// Exports of one organization at once. Each keeps a connection to the database busy.
const MOST: usize = 2;
/// When to come again.
const WAIT: Duration = Duration::from_secs(10);

/// The exports that are under way in this process.
#[derive(Clone, Default)]
pub(crate) struct Exports(Arc<Mutex<HashMap<TenantId, usize>>>);

/// One of them, until it is dropped.
pub(super) struct Seat {
    exports: Exports,
    tenant: TenantId,
}

impl Exports {
    /// Begins one.
    ///
    /// # Errors
    /// 429 where the organization has enough.
    pub(super) fn begin(&self, tenant: TenantId) -> Result<Seat, ApiError> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(tenant).or_default();
        if *count >= MOST {
            let quota = Quota { name: "exports", tries: 2, within: WAIT };
            let detail = "An organization has at most two exports at once. Wait until one has ended.";
            return Err(ApiError::too_many("too_many_exports", "Too many exports at once", detail, quota, WAIT));
        }
        *count += 1;
        Ok(Seat { exports: self.clone(), tenant })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut counts = self.exports.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.tenant) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.tenant);
            }
        }
    }
}

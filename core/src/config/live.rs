//! How many may listen to events at once.

/// Limits of live connections. A process has at most three quarters of its connections for them.
#[derive(Clone, Debug)]
pub struct LiveConfig {
    /// For one session or API key, such as a person with many windows: `TENANTRY_LIVE_PER_SESSION`.
    pub per_session: usize,
    /// For one organization in one process: `TENANTRY_LIVE_PER_ORGANIZATION`.
    pub per_organization: usize,
    /// Batches of up to 200 events that a connection may lag behind. They are shared by all that lag.
    pub queue: usize,
}

impl Default for LiveConfig {
    fn default() -> Self {
        Self { per_session: 16, per_organization: 1000, queue: 32 }
    }
}

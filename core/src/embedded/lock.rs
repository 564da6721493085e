//! The lock that makes one process at a time start, initialise or stop a cluster.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Duration, Instant};

use super::Progress;
use super::error::EmbeddedError;
use super::layout::Layout;

/// Longer than the slowest start: `apt-get` and `npm` may both run their full time.
const PATIENCE: Duration = Duration::from_secs(20 * 60);
const POLL: Duration = Duration::from_millis(25);

/// Held until dropped; the operating system releases it with the process, so that a killed one
/// leaves nothing behind.
pub(super) struct Lock {
    _file: File,
}

/// Waits for the lock by polling, which keeps the wait cancellable and off the blocking threads.
pub(super) async fn acquire(layout: &Layout, progress: Progress<'_>) -> Result<Lock, EmbeddedError> {
    let path = layout.lock();
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(EmbeddedError::files("open", &path))?;
    let began = Instant::now();
    let mut announced = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                return Err(EmbeddedError::files("lock", &path)(error));
            }
        }
        if began.elapsed() > PATIENCE {
            return Err(EmbeddedError::Busy { lock: path, seconds: PATIENCE.as_secs() });
        }
        if !announced && began.elapsed() > Duration::from_secs(1) {
            progress("Waiting for another process that is starting PostgreSQL");
            announced = true;
        }
        tokio::time::sleep(POLL).await;
    }
}

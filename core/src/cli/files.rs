//! How many files a process may have open: each connection is one.

/// Allows this process as many as whoever started it lets it allow itself. Shells commonly begin with 1,024, for the sake of
/// programs that are older than `poll`.
#[cfg(target_os = "linux")]
pub(super) fn allow() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum
        && let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })
    {
        tracing::warn!(error = &error as &dyn std::error::Error, "no more open files for this process");
    }
}

/// Other systems keep what they have.
#[cfg(not(target_os = "linux"))]
pub(super) fn allow() {}

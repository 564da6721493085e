//! The server's settings, written anew at each start.

use std::fmt::Write;

use super::error::EmbeddedError;
use super::{Options, Profile};

/// For every cluster. The port is added at the start.
const COMMON: &[(&str, &str)] = &[
    ("listen_addresses", "127.0.0.1"),
    // TCP is enough, and a path to a socket is easily longer than the 107 bytes it may have.
    ("unix_socket_directories", ""),
    ("password_encryption", "scram-sha-256"),
    ("shared_buffers", "128MB"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    // Errors go to the client and, unlike it, the log is no place for people's data: messages
    // of errors quote values, details quote rows and the statements of crashed sessions.
    ("log_min_messages", "log"),
    ("log_min_error_statement", "panic"),
    ("log_error_verbosity", "terse"),
    ("log_checkpoints", "off"),
    ("log_autovacuum_min_duration", "-1"),
];

const DURABLE: &[(&str, &str)] = &[("max_connections", "200"), ("fsync", "on"), ("synchronous_commit", "on")];

const DISPOSABLE: &[(&str, &str)] = &[
    ("max_connections", "400"),
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
];

/// Lines for a configuration file; of two with the same name the later wins.
pub(super) fn lines(options: &Options) -> Result<String, EmbeddedError> {
    let profile = match options.profile {
        Profile::Durable => DURABLE,
        Profile::Disposable => DISPOSABLE,
    };
    let fixed = COMMON.iter().chain(profile).copied();
    let further = options.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let mut text = String::from("# Written at each start; edits are lost.\n");
    for (name, value) in fixed.chain(further) {
        let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        if name.is_empty() || !name.chars().all(good) || value.contains(['\n', '\r', '\0']) {
            return Err(EmbeddedError::Setting { name: name.to_owned() });
        }
        let value = value.replace('\\', "\\\\").replace('\'', "''");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name} = '{value}'");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::Lifetime;

    fn options(name: &str, value: &str) -> Options {
        Options {
            data_dir: "/nowhere".into(),
            profile: Profile::Disposable,
            lifetime: Lifetime::WhileUsed,
            settings: vec![(name.to_owned(), value.to_owned())],
        }
    }

    /// The caller's settings come last, quoted.
    #[test]
    fn further_settings_win() {
        let text = lines(&options("shared_buffers", r"it's \ 1GB")).unwrap_or_default();
        assert!(text.ends_with("shared_buffers = 'it''s \\\\ 1GB'\n"), "{text}");
    }

    /// Nothing can be smuggled in by a name or a value.
    #[test]
    fn refuses_what_is_no_setting() {
        assert!(lines(&options("fsync = off #", "on")).is_err());
        assert!(lines(&options("work_mem", "1MB'\nfsync = off")).is_err());
    }
}

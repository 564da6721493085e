//! The user that PostgreSQL runs as: the caller, or an unprivileged one when the caller is root.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::OnceLock;

use super::command;
use super::error::EmbeddedError;
use super::layout::Layout;

/// A user that is not the caller; only root has use for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

pub(super) fn is_root() -> bool {
    current_uid() == 0
}

/// The effective user id. The standard library does not tell it, but the files of `/proc/self`
/// belong to it; where there is no `/proc`, `id` knows.
pub(super) fn current_uid() -> u32 {
    static UID: OnceLock<u32> = OnceLock::new();
    *UID.get_or_init(|| {
        if let Ok(metadata) = fs::metadata("/proc/self/stat") {
            return metadata.uid();
        }
        let output = std::process::Command::new("id").arg("-u").output().ok();
        output
            .and_then(|output| String::from_utf8(output.stdout).ok())
            .and_then(|text| text.trim().parse().ok())
            // Not root: the worst that follows is a refusal by initdb, which explains itself.
            .unwrap_or(u32::MAX)
    })
}

/// Whom to run PostgreSQL as; `None` is the caller. Data that exists keeps its owner: a user
/// named `postgres` may have been created after `nobody` initialised it.
pub(super) fn for_cluster(layout: &Layout) -> Result<Option<Account>, EmbeddedError> {
    let pgdata = layout.pgdata();
    let owner = fs::metadata(&pgdata).ok().map(|metadata| (metadata.uid(), metadata.gid()));
    if !is_root() {
        return match owner {
            Some((uid, _)) if uid != current_uid() => Err(EmbeddedError::NotYours { path: pgdata, owner: uid }),
            _ => Ok(None),
        };
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    match owner {
        Some((uid, gid)) if uid != 0 => {
            let name =
                named_in(&users, |account| account.uid == uid).map_or_else(|| uid.to_string(), |account| account.name);
            Ok(Some(Account { name, uid, gid }))
        }
        _ => ["postgres", "nobody"]
            .iter()
            .find_map(|name| named_in(&users, |account| account.name == *name))
            .map(Some)
            .ok_or(EmbeddedError::NoAccount),
    }
}

/// Fails when the account cannot enter the data directory. Trying is the only sure test: access
/// lists and security modules say no as well as modes do.
pub(super) async fn check_reach(layout: &Layout, account: Option<&Account>) -> Result<(), EmbeddedError> {
    let Some(account) = account else {
        return Ok(());
    };
    let shell = Path::new("/bin/sh");
    let mut command = command::new(shell, Some(account));
    command.args(["-c", "cd -- \"$1\"", "sh"]).arg(&layout.data_dir);
    let output = command::output(command, shell, command::SHORT).await?;
    if output.success {
        return Ok(());
    }
    Err(EmbeddedError::Unreachable { data_dir: layout.data_dir.clone(), account: account.name.clone() })
}

/// The first account of a passwd file that fits. Ids may be negative there (macOS: nobody is -2).
fn named_in(users: &str, fits: impl Fn(&Account) -> bool) -> Option<Account> {
    let id = |text: &str| text.parse::<i64>().ok().and_then(|id| u32::try_from(id & i64::from(u32::MAX)).ok());
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = id(fields.nth(1)?)?;
        let gid = id(fields.next()?)?;
        Some(Account { name, uid, gid }).filter(|account| account.uid != 0 && fits(account))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids are read from their columns, negative ones wrap, and root never qualifies.
    #[test]
    fn reads_a_passwd_file() {
        let users = "root:x:0:0:root:/root:/bin/sh\n# note\nnobody:*:-2:-2:x:/:/bin/false\n\
                     postgres:x:101:104:a,b:/var/lib/postgresql:/bin/bash\n";
        let named = |name: &str| named_in(users, |account| account.name == name);
        assert_eq!(named("postgres"), Some(Account { name: "postgres".to_owned(), uid: 101, gid: 104 }));
        assert_eq!(named("nobody").map(|account| account.uid), Some(u32::MAX - 1));
        assert_eq!(named("root"), None);
    }
}

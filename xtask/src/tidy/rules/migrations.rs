//! What holds of migrations.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Fault, below, fault, modules, text, words};

/// A migration that is not listed would never run, and nobody would be told.
pub fn are_listed(root: &Path) -> Vec<Fault> {
    let mut places = vec![
        (root.join("migrations/platform"), root.join("core/src")),
        (root.join("migrations/tenant"), root.join("core/src")),
    ];
    places.extend(modules(root).into_iter().map(|module| (module.join("migrations"), module.join("src"))));
    let mut faults = Vec::new();
    for (folder, source) in places {
        let sources: String = below(root, &source.to_string_lossy(), ".rs").iter().map(|path| text(path)).collect();
        for path in below(root, &folder.to_string_lossy(), "") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !sources.contains(&format!("\"{name}\"")) {
                faults.push(fault(root, &path, "list it in `migrations!(…)`"));
            }
        }
    }
    faults
}

/// Words that would leave the transaction or the schema that a migration runs in.
const NOT_IN_A_TENANT: [&str; 10] =
    ["begin", "commit", "rollback", "set", "concurrently", "trigger", "function", "schema", "grant", "public"];

/// A migration of a tenant runs in the tenant's schema and in one transaction with everything around it.
pub fn stay_in_their_schema(root: &Path) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in below(root, "migrations/tenant", ".sql").into_iter().chain(below(root, "modules", ".sql")) {
        // A reference that empties itself sets nothing of the session.
        let sql = bare(&path).replace("on delete set null", "");
        let mut say = |advice: String| faults.push(fault(root, &path, advice));
        for word in words(&sql).filter(|word| NOT_IN_A_TENANT.contains(word)) {
            say(format!("no `{word}` here, see migrations/README.md"));
        }
        if path.starts_with(root.join("modules")) && sql.contains("unjournaled") {
            say("every table of a module is under the journal".to_owned());
        }
        if sql.contains("create type") {
            say("words are text with a CHECK".to_owned());
        }
        let mut tables = sql.split(';').filter(|statement| statement.contains("create table"));
        if tables.any(|statement| !statement.contains("primary key")) {
            say("every table has a primary key".to_owned());
        }
    }
    faults
}

/// A table is made by one module, changed by that one, and referred to by that one or, where it is of the core, by all.
pub fn make_tables_of_their_own(root: &Path) -> Vec<Fault> {
    let core = below(root, "migrations/tenant", ".sql");
    let mut makers: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    let rooms = modules(root).into_iter().map(|module| {
        let name = module.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, below(root, &module.join("migrations").to_string_lossy(), ".sql"))
    });
    let rooms: Vec<(String, Vec<PathBuf>)> = std::iter::once((CORE.to_owned(), core)).chain(rooms).collect();
    for (room, files) in &rooms {
        for path in files {
            for table in named(&bare(path), &["create", "table"]) {
                if let Some(other) = makers.insert(table.clone(), room.clone()).filter(|other| other != room) {
                    faults.push(fault(
                        root,
                        path,
                        format!("`{table}` is a table of {other} already: choose another name"),
                    ));
                }
            }
        }
    }
    for (room, files) in rooms.iter().filter(|(room, _)| room != CORE) {
        for path in files {
            let sql = bare(path);
            let changed = named(&sql, &["alter", "table"]).into_iter().map(|table| (table, false));
            let referred = named(&sql, &["references"]).into_iter().map(|table| (table, true));
            for (table, may_be_cores) in changed.chain(referred) {
                let maker = makers.get(&table).map_or("nobody", String::as_str);
                if maker != room && !(may_be_cores && maker == CORE) {
                    let advice = format!(
                        "`{table}` is of {maker}: a module has its own tables, and refers to those of the core"
                    );
                    faults.push(fault(root, path, advice));
                }
            }
        }
    }
    faults
}

const CORE: &str = "the core";

/// The words that stand behind others.
fn named(sql: &str, behind: &[&str]) -> Vec<String> {
    let words: Vec<&str> = words(sql).filter(|word| !["if", "not", "exists", "only"].contains(word)).collect();
    let found = words.windows(behind.len() + 1).filter(|found| found.starts_with(behind));
    found.filter_map(|found| found.last()).map(|word| (*word).to_owned()).collect()
}

/// The text of a migration in small letters, without what is said about it.
fn bare(path: &Path) -> String {
    let text = text(path);
    let lines: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
    lines.join("\n").to_lowercase()
}

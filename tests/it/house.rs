//! House rules that a compiler does not know. Each message says what to do.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder whose names end in `suffix`.
fn files(folder: &str, suffix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(suffix) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<PathBuf> {
    ["src", "core/src", "modules", "xtask/src", "tests"].iter().flat_map(|folder| files(folder, ".rs")).collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// A reader learns from the first line what a file is about.
#[test]
fn every_file_says_what_lives_in_it() {
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{}: open with one `//!` line that says what lives here", shown(&path));
    }
}

/// A file has one subject.
#[test]
fn no_file_is_a_hall() {
    for path in sources() {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 400, "{} has {lines} lines: which subject can move out?", shown(&path));
    }
}

/// The modules do not know each other, and core does not know them.
#[test]
fn a_module_depends_on_core_alone() {
    for manifest in files("modules", "Cargo.toml").into_iter().chain([root().join("core/Cargo.toml")]) {
        for line in fs::read_to_string(&manifest).unwrap().lines() {
            let neighbour = line.starts_with("tenantry") && !line.starts_with("tenantry-core");
            assert!(!neighbour, "{}: `{line}` ties this crate to another room", shown(&manifest));
        }
    }
}

/// A migration that is not listed would never run, and nobody would be told.
#[test]
fn every_migration_is_listed() {
    let listings =
        [("migrations/platform", "core/src"), ("migrations/tenant", "core/src")].map(|(a, b)| (a.into(), b.into()));
    let modules = fs::read_dir(root().join("modules")).unwrap().map(|module| module.unwrap().path());
    let modules = modules.filter(|module| module.is_dir()).map(|module| {
        let module = shown(&module);
        (format!("{module}/migrations"), format!("{module}/src"))
    });
    for (folder, source) in listings.into_iter().chain(modules) {
        let text: String = files(&source, ".rs").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        for migration in files(&folder, "") {
            let name = migration.file_name().unwrap().to_string_lossy().into_owned();
            assert!(text.contains(&format!("\"{name}\"")), "{}: list it in `migrations!(…)`", shown(&migration));
        }
    }
}

/// Words that would leave the transaction or the schema that a migration runs in.
const NOT_IN_A_TENANT: [&str; 10] =
    ["begin", "commit", "rollback", "set", "concurrently", "trigger", "function", "schema", "grant", "public"];

/// A migration of a tenant runs in the tenant's schema and in one transaction with everything around it.
#[test]
fn migrations_of_tenants_stay_in_their_schema() {
    let modules = files("modules", ".sql");
    for path in files("migrations/tenant", ".sql").into_iter().chain(modules) {
        let text = without_comments(&fs::read_to_string(&path).unwrap()).to_lowercase();
        // A reference that empties itself sets nothing of the session.
        let text = text.replace("on delete set null", "");
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        for word in words {
            assert!(!NOT_IN_A_TENANT.contains(&word), "{}: no `{word}` here, see migrations/README.md", shown(&path));
        }
        let hidden = path.starts_with(root().join("modules")) && text.contains("unjournaled");
        assert!(!hidden, "{}: every table of a module is under the journal", shown(&path));
        assert!(!text.contains("create type"), "{}: words are text with a CHECK", shown(&path));
        let statements = text.split(';').filter(|statement| statement.contains("create table"));
        for statement in statements {
            assert!(statement.contains("primary key"), "{}: every table has a primary key", shown(&path));
        }
    }
}

fn without_comments(sql: &str) -> String {
    sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The tables of tenants whose rows have an owner, and those whose rows are part of such a row.
fn owned_tables() -> Vec<String> {
    let mut tables = Vec::new();
    for path in sources() {
        for part in fs::read_to_string(path).unwrap().split("owned_row!(").skip(1) {
            let name = part.split('"').nth(1).filter(|_| part.split('"').next().unwrap().ends_with(" in "));
            tables.extend(name.map(str::to_owned));
        }
    }
    tables
}

/// Which records a caller reaches is part of each statement that `owned` starts. One that names their table by itself
/// would read or change them all.
#[test]
fn records_with_owners_are_reached_by_owned_alone() {
    let tables = owned_tables();
    assert!(tables.iter().any(|table| table == "contacts") && tables.iter().any(|table| table == "patients"));
    for path in files("core/src", ".rs").into_iter().chain(files("modules", ".rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let name = shown(&path);
        // Its own tests and examples of what is refused.
        if ["core/src/tenancy/sql.rs", "core/src/tenancy/owned.rs"].contains(&name.as_str()) {
            continue;
        }
        for sql in text.split("sql!(").skip(1).map(|rest| rest.split(");").next().unwrap_or_default()) {
            let sql = sql.to_lowercase();
            let words: Vec<&str> =
                sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
            for pair in words.windows(2) {
                let names = ["from", "join", "update", "into", "using"].contains(&pair[0]);
                let owned = tables.iter().any(|table| table == pair[1]);
                assert!(
                    !(names && owned),
                    "{name}: start it with `owned(caller.reach())`, for {} have owners",
                    pair[1]
                );
            }
        }
        for table in &tables {
            for start in ["records(sql!(", "change(sql!("] {
                assert!(!text.contains(&format!("{start}\"{table}\"")), "{name}: {table} have owners, use `owned`");
            }
        }
    }
}

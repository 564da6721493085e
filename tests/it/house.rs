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
    let modules = fs::read_dir(root().join("modules")).unwrap().map(|module| {
        let module = shown(&module.unwrap().path());
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
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        for word in words {
            assert!(!NOT_IN_A_TENANT.contains(&word), "{}: no `{word}` here, see migrations/README.md", shown(&path));
        }
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

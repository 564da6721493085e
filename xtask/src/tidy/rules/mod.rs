//! House rules, as functions of the root folder. `cargo xtask tidy` runs them, and so does a test of the product.

mod files;
mod migrations;
mod owners;
mod rooms;
mod statements;

use std::fs;
use std::path::{Path, PathBuf};

/// A place that does not keep to a rule.
#[derive(Debug)]
pub struct Fault {
    /// The file, from the root.
    pub file: String,
    /// The line, where it is about one.
    pub line: Option<usize>,
    /// What to do.
    pub advice: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.advice),
            None => write!(f, "{}: {}", self.file, self.advice),
        }
    }
}

/// A rule: its name, and what looks for places that do not keep to it.
pub type Rule = (&'static str, fn(&Path) -> Vec<Fault>);

/// All of them.
pub const ALL: [Rule; 9] = [
    ("every_file_says_what_lives_in_it", files::say_what_lives_in_them),
    ("no_file_is_a_hall", files::are_no_halls),
    ("a_module_depends_on_core_alone", rooms::depend_on_core_alone),
    ("modules_reach_the_database_by_core", rooms::reach_the_database_by_core),
    ("sql_stands_in_its_store", rooms::keep_sql_out_of_operations),
    ("every_migration_is_listed", migrations::are_listed),
    ("migrations_of_tenants_stay_in_their_schema", migrations::stay_in_their_schema),
    ("a_table_is_of_one_module", migrations::make_tables_of_their_own),
    ("records_with_owners_are_reached_by_owned_alone", owners::are_asked),
];

/// All files below a folder whose names end in `suffix`, in their order.
fn below(root: &Path, folder: &str, suffix: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root.join(folder)]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()) {
            match path.is_dir() {
                true => folders.push(path),
                false if path.to_string_lossy().ends_with(suffix) => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

/// All sources of Rust.
fn sources(root: &Path) -> Vec<PathBuf> {
    let folders = ["src", "core/src", "modules", "xtask/src", "tests"];
    folders.iter().flat_map(|folder| below(root, folder, ".rs")).collect()
}

/// The folders of the modules.
fn modules(root: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.join("modules")).into_iter().flatten().filter_map(Result::ok);
    let mut modules: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    modules.sort();
    modules
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn fault(root: &Path, path: &Path, line: Option<usize>, advice: impl Into<String>) -> Fault {
    let file = path.strip_prefix(root).unwrap_or(path).display().to_string();
    Fault { file, line, advice: advice.into() }
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

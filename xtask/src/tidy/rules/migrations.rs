//! What holds of migrations.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::statements::{Word, behind, statements};
use super::{Fault, below, fault, modules, text};

/// A migration that is not listed would never run, and nobody would be told.
pub fn are_listed(root: &Path) -> Vec<Fault> {
    let mut places = vec![
        (root.join("migrations/platform"), root.join("core/src")),
        (root.join("migrations/tenant"), root.join("core/src")),
    ];
    places.extend(modules(root).into_iter().map(|module| (module.join("migrations"), module.join("src"))));
    let mut faults = Vec::new();
    for (folder, source) in places {
        let sources: String =
            below(root, &source.to_string_lossy(), ".rs").iter().map(|path| uncommented(path)).collect();
        for path in below(root, &folder.to_string_lossy(), "") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !is_named_well(&name) {
                faults.push(fault(root, &path, None, "name it `V<number>__<what_it_does>.sql`, with two underscores"));
            }
            if !sources.contains(&format!("\"{name}\"")) {
                faults.push(fault(root, &path, None, "list it in `migrations!(…)`, behind the last one"));
            }
        }
    }
    faults
}

fn is_named_well(name: &str) -> bool {
    let parts =
        name.strip_prefix('V').and_then(|rest| rest.strip_suffix(".sql")).and_then(|rest| rest.split_once("__"));
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    parts.is_some_and(|(number, what)| {
        number.parse::<u32>().is_ok() && what.starts_with(|c: char| c.is_ascii_lowercase()) && what.chars().all(is_word)
    })
}

/// The text of a source without what is said about it.
fn uncommented(path: &Path) -> String {
    text(path).lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Statements that would leave the transaction that a migration runs in, or hand on rights.
const NO_STATEMENTS: [&str; 12] =
    ["begin", "start", "commit", "end", "rollback", "savepoint", "set", "reset", "grant", "revoke", "do", "copy"];

/// Words that would leave the transaction or the schema that a migration runs in.
const NO_WORDS: [&str; 6] = ["concurrently", "trigger", "function", "procedure", "schema", "public"];

/// A migration of a tenant runs in the tenant's schema and in one transaction with everything around it.
pub fn stay_in_their_schema(root: &Path) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in below(root, "migrations/tenant", ".sql").into_iter().chain(below(root, "modules", ".sql")) {
        let mut say = |line: usize, advice: String| faults.push(fault(root, &path, Some(line), advice));
        for statement in statements(&path) {
            let Some(first) = statement.first() else { continue };
            if NO_STATEMENTS.contains(&first.text.as_str()) {
                let why = "a migration is one transaction with everything around it, in the tenant's schema";
                say(first.line, format!("leave out `{}`: {why} (migrations/README.md)", first.text));
            }
            for word in statement.iter().filter(|word| NO_WORDS.contains(&word.text.as_str())) {
                let why = "what a tenant's schema has is tables, indexes and constraints";
                say(word.line, format!("leave out `{}`: {why} (migrations/README.md)", word.text));
            }
            if let Some(word) = behind(&statement, &["create", "type"]).first() {
                say(word.line, "words are text with a CHECK, which a later migration can widen".to_owned());
            }
            let has_key =
                statement.windows(2).any(|pair| matches!(pair, [a, b] if a.text == "primary" && b.text == "key"));
            if let Some(table) = behind(&statement, &["create", "table"]).first().filter(|_| !has_key) {
                say(table.line, format!("`{}` needs a primary key", table.text));
            }
        }
        if path.starts_with(root.join("modules")) && text(&path).contains("unjournaled") {
            faults.push(fault(root, &path, None, "every table of a module is under the journal"));
        }
    }
    faults
}

/// What a statement does to a table, as the words in front of its name.
const CHANGES: [&[&str]; 12] = [
    &["alter", "table"],
    &["drop", "table"],
    &["truncate"],
    &["truncate", "table"],
    &["delete", "from"],
    &["update"],
    &["lock", "table"],
    &["comment", "on", "table"],
    &["comment", "on", "column"],
    &["create", "index", "*", "on"],
    &["merge", "into"],
    &["drop", "index"],
];

/// A table is made by one module, changed by that one, and referred to by that one or, where it is of the core, by all.
pub fn make_tables_of_their_own(root: &Path) -> Vec<Fault> {
    let core = below(root, "migrations/tenant", ".sql");
    let rooms = modules(root).into_iter().map(|module| {
        let name = module.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, below(root, &module.join("migrations").to_string_lossy(), ".sql"))
    });
    let rooms: Vec<(String, Vec<PathBuf>)> = std::iter::once((CORE.to_owned(), core)).chain(rooms).collect();
    let mut makers: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    for (room, path, statement) in all(&rooms) {
        for made in behind(&statement, &["create", "table"]).into_iter().chain(behind(&statement, &["create", "index"]))
        {
            let maker = makers.entry(made.text.clone()).or_insert_with(|| room.clone());
            if maker != room {
                let advice = format!("`{}` is of {maker} already: choose another name", made.text);
                faults.push(fault(root, path, Some(made.line), advice));
            }
        }
    }
    for (room, path, statement) in all(&rooms).filter(|(room, ..)| *room != CORE) {
        for (thing, may_be_cores) in touched(&statement) {
            let maker = makers.get(&thing.text).map_or("nobody", String::as_str);
            if maker != room && !(may_be_cores && maker == CORE) {
                let advice = format!(
                    "`{}` is of {maker}: a module changes its own tables, and refers to those of the core",
                    thing.text
                );
                faults.push(fault(root, path, Some(thing.line), advice));
            }
        }
    }
    faults
}

const CORE: &str = "the core";

/// The statements of all rooms.
fn all(rooms: &[(String, Vec<PathBuf>)]) -> impl Iterator<Item = (&String, &PathBuf, Vec<Word>)> {
    rooms.iter().flat_map(|(room, files)| {
        files.iter().flat_map(move |path| statements(path).into_iter().map(move |statement| (room, path, statement)))
    })
}

/// The tables and indexes that a statement is about, and whether they may be the core's: it may be referred to and added to.
fn touched(statement: &[Word]) -> Vec<(Word, bool)> {
    // Of `ON UPDATE CASCADE`, `FOR UPDATE` and the like.
    let is_name = |word: &Word| {
        !["cascade", "restrict", "no", "set", "of", "skip", "nowait", "table"].contains(&word.text.as_str())
    };
    let changed = CHANGES.iter().flat_map(|words| behind(statement, words)).filter(is_name).map(|word| (word, false));
    let added = ["references", "into"].into_iter().flat_map(|word| behind(statement, &[word])).map(|word| (word, true));
    changed.chain(added).collect()
}

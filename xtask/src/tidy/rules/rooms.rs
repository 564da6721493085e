//! What keeps modules in their rooms.

use std::path::Path;

use super::{Fault, below, fault, text, words};

/// The modules do not know each other, and core does not know them.
pub fn depend_on_core_alone(root: &Path) -> Vec<Fault> {
    let mut manifests = below(root, "modules", "Cargo.toml");
    manifests.push(root.join("core/Cargo.toml"));
    let mut faults = Vec::new();
    for path in manifests {
        for (n, line) in text(&path).lines().enumerate().filter(|(_, line)| !line.starts_with("name =")) {
            let line = line.split('#').next().unwrap_or_default();
            // Under its own name or another one, as a heading or as a path.
            let mut names = line.split(|c: char| !c.is_alphanumeric() && !"-_".contains(c));
            if names.any(|name| name.starts_with("tenantry") && name != "tenantry-core") || line.contains("\"../") {
                let advice = format!("`{line}` ties this crate to another room: what both need belongs into core");
                faults.push(fault(root, &path, Some(n + 1), advice));
            }
        }
    }
    faults
}

/// Crates by which a module would get to a database, a file or another server past its caller.
const PAST_THE_CALLER: [&str; 6] =
    ["tokio_postgres", "deadpool_postgres", "deadpool", "refinery", "reqwest", "object_store"];

/// A module has its caller's data, and gets to it by its caller.
pub fn reach_the_database_by_core(root: &Path) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in below(root, "modules", ".rs") {
        // Its tests look at what the database holds.
        if path.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let text = text(&path);
        let past = PAST_THE_CALLER.iter().filter(|name| text.contains(&format!("{name}::")));
        faults.extend(past.map(|name| {
            let advice = format!("`{name}` goes past the caller: `tenancy::statement` describes, `caller.read` runs");
            fault(root, &path, None, advice)
        }));
    }
    faults
}

/// What a statement begins with, in SQL or by one of the functions that make it.
const BEGINNINGS: [&str; 9] = ["select", "insert", "update", "delete", "with", "from", "join", "union", "values"];
const MAKERS: [&str; 5] = ["statement(sql!", "records(sql!", "change(sql!", "select::<", "owned::<"];

/// Operations say who may do what; what the database is asked stands beside them in `store.rs`.
pub fn keep_sql_out_of_operations(root: &Path) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in below(root, "modules", "api.rs").into_iter().chain(below(root, "core/src", "api.rs")) {
        for (n, line) in text(&path).lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let small = line.to_lowercase();
            let mut first = small.split("sql!(").skip(1).filter_map(|rest| words(rest).next());
            if first.any(|word| BEGINNINGS.contains(&word)) || MAKERS.iter().any(|maker| small.contains(maker)) {
                let advice = "move the statement into `store.rs`, as a function that says what it does";
                faults.push(fault(root, &path, Some(n + 1), advice));
            }
        }
    }
    faults
}

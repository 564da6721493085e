//! What keeps records that have owners behind the reach of their caller.

use std::path::Path;

use super::{Fault, below, fault, sources, text, words};

/// Which records a caller reaches is part of each statement that `owned` starts. One that names their table by itself would read or
/// change them all.
pub fn are_asked(root: &Path) -> Vec<Fault> {
    let tables = tables(root);
    let mut faults = Vec::new();
    for path in below(root, "core/src", ".rs").into_iter().chain(below(root, "modules", ".rs")) {
        // Its own tests and examples of what is refused.
        if ["core/src/tenancy/sql.rs", "core/src/tenancy/owned.rs"].iter().any(|own| path.ends_with(own)) {
            continue;
        }
        let text = text(&path);
        for sql in text.split("sql!(").skip(1).map(|rest| rest.split(");").next().unwrap_or_default()) {
            let sql = sql.to_lowercase();
            let words: Vec<&str> = words(&sql).collect();
            for pair in words.windows(2) {
                let [verb, table] = pair else { continue };
                let names = ["from", "join", "update", "into", "using"].contains(verb);
                if names && tables.iter().any(|owned| owned == table) {
                    let advice = format!("start it with `owned(caller.reach())`, for {table} have owners");
                    faults.push(fault(root, &path, None, advice));
                }
            }
        }
        for table in &tables {
            if ["records(sql!(", "change(sql!("].iter().any(|start| text.contains(&format!("{start}\"{table}\""))) {
                faults.push(fault(root, &path, None, format!("{table} have owners, use `owned`")));
            }
        }
    }
    faults
}

/// The tables of tenants whose rows have an owner, and those whose rows are part of such a row.
fn tables(root: &Path) -> Vec<String> {
    let mut tables = Vec::new();
    for path in sources(root) {
        for part in text(&path).split("owned_row!(").skip(1) {
            let mut quoted = part.split('"');
            let is_name = quoted.next().is_some_and(|before| before.ends_with(" in "));
            tables.extend(quoted.next().filter(|_| is_name).map(str::to_owned));
        }
    }
    tables
}

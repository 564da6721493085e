//! The files of a new module, from the template.

use std::path::PathBuf;

use minijinja::{Environment, UndefinedBehavior, Value};

use super::names::Names;

/// Where each file stands, and its text; both have names in them.
const FILES: [(&str, &str); 9] = [
    ("Cargo.toml", include_str!("template/Cargo.toml.jinja")),
    ("migrations/V1__{{ records }}.sql", include_str!("template/migrations/V1.sql.jinja")),
    ("src/lib.rs", include_str!("template/src/lib.rs.jinja")),
    ("src/{{ records }}/mod.rs", include_str!("template/src/records/mod.rs.jinja")),
    ("src/{{ records }}/api.rs", include_str!("template/src/records/api.rs.jinja")),
    ("src/{{ records }}/archive.rs", include_str!("template/src/records/archive.rs.jinja")),
    ("src/{{ records }}/store.rs", include_str!("template/src/records/store.rs.jinja")),
    ("tests/it/main.rs", include_str!("template/tests/it/main.rs.jinja")),
    ("tests/it/{{ records }}.rs", include_str!("template/tests/it/records.rs.jinja")),
];

/// The files, each with its place below the module's folder.
pub(super) fn of(names: &Names) -> Result<Vec<(PathBuf, String)>, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let names = Value::from_pairs(names.pairs());
    let filled = |text: &str| {
        let filled = environment.render_str(text, names.clone());
        filled.map_err(|error| format!("the template: {error:#}"))
    };
    // The end of the last line is not kept.
    FILES.iter().map(|(path, text)| Ok((filled(path)?.into(), filled(text)? + "\n"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill() {
        let names = Names::checked("salon", "chair", None, None).unwrap();
        let files = of(&names).unwrap();
        assert_eq!(files.len(), FILES.len());
        for (path, text) in files {
            let path = path.to_string_lossy();
            assert!(!path.contains('{') && !text.contains("{{ ") && text.ends_with('\n'), "{path}");
            assert!(!path.ends_with(".rs") || text.starts_with("//! "), "{path}");
        }
    }
}

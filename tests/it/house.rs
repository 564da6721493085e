//! House rules that a compiler does not know, as `cargo xtask tidy` has them. Each says what to do.

#[path = "../../xtask/src/tidy/rules/mod.rs"]
mod rules;

use std::path::{Path, PathBuf};
use std::{env, fs};

use uuid::Uuid;

#[test]
fn the_house_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let faults = rules::ALL.iter().flat_map(|(rule, look)| look(root).into_iter().map(move |fault| (rule, fault)));
    let faults: Vec<String> =
        faults.map(|(rule, fault)| format!("{}: {} ({rule})", fault.file, fault.advice)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A house in which everything is wrong that can be.
struct Untidy(PathBuf);

impl Untidy {
    fn new(files: &[(&str, &str)]) -> Self {
        let root = env::temp_dir().join(format!("tenantry-untidy-{}", Uuid::new_v4().simple()));
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(root)
    }
}

impl Drop for Untidy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Each rule finds what breaks it: one that found nothing any more would look just like a tidy house.
#[test]
fn each_rule_finds_what_breaks_it() {
    let hall = "//! x\n".repeat(401);
    let house = Untidy::new(&[
        ("core/src/silent.rs", "fn main() {}"),
        ("core/src/hall.rs", &hall),
        (
            "core/src/lib.rs",
            "//! x\nowned_row!(Boat in \"boats\" { id });\nsql!(\"SELECT 1 FROM boats\");\n\"V1__boats.sql\"",
        ),
        ("migrations/tenant/V1__boats.sql", "CREATE TABLE boats (id uuid PRIMARY KEY);"),
        ("modules/salon/Cargo.toml", "tenantry-clinic.workspace = true"),
        ("modules/salon/src/api.rs", "//! x\nuse tokio_postgres::Client;\nsql!(\"SELECT 1\");"),
        ("modules/salon/migrations/V1__boats.sql", "CREATE TABLE boats (id uuid PRIMARY KEY); SET x = 1;"),
    ]);
    for (rule, look) in rules::ALL {
        assert!(!look(&house.0).is_empty(), "{rule} found nothing");
    }
}

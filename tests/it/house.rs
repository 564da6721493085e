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
    let faults: Vec<String> = faults.map(|(rule, fault)| format!("{fault} ({rule})")).collect();
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

/// What a rule says of one file of a house.
fn said(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let house = Untidy::new(files);
    let (_, look) = rules::ALL.into_iter().find(|(name, _)| *name == rule).expect("a rule of this name");
    look(&house.0).iter().map(ToString::to_string).collect()
}

const BOATS: (&str, &str) = ("migrations/tenant/V1__boats.sql", "CREATE TABLE boats (id uuid PRIMARY KEY);");

/// Whatever a module's migration does to another's table is found, in its line; its own are its own.
#[test]
fn a_module_touches_no_other_table() {
    let salon = |sql: &str| said("a_table_is_of_one_module", &[BOATS, ("modules/salon/migrations/V1__a.sql", sql)]);
    for sql in [
        "DELETE FROM boats",
        "DROP TABLE IF EXISTS boats",
        "UPDATE boats SET id = id",
        "TRUNCATE boats",
        "TRUNCATE TABLE ONLY boats",
        "CREATE UNIQUE INDEX IF NOT EXISTS mine ON boats (id)",
        "ALTER TABLE boats ADD COLUMN x int",
        "COMMENT ON COLUMN boats.id IS 'mine'",
        "WITH gone AS (DELETE FROM boats) SELECT 1",
        "INSERT INTO nothing VALUES (1)",
    ] {
        let found = salon(&format!("-- One.\n{sql};"));
        assert!(found.len() == 1 && found[0].starts_with("modules/salon/migrations/V1__a.sql:2: "), "{sql}: {found:?}");
    }
    let own = "CREATE TABLE chairs (id uuid PRIMARY KEY, boat_id uuid REFERENCES boats (id) ON UPDATE CASCADE ON DELETE SET NULL);
        /* DELETE FROM boats; */ INSERT INTO boats (id) SELECT id FROM chairs FOR UPDATE; UPDATE chairs SET id = id;
        CREATE INDEX chairs_boat_idx ON chairs (boat_id); DROP INDEX chairs_boat_idx; COMMENT ON TABLE chairs IS 'DROP TABLE boats';";
    assert_eq!(salon(own), Vec::<String>::new());
}

/// `SET` is what a statement begins with, not what a column is told.
#[test]
fn only_what_leaves_the_schema_is_refused() {
    let rule = "migrations_of_tenants_stay_in_their_schema";
    let of = |sql: &str| said(rule, &[("modules/salon/migrations/V1__a.sql", sql)]);
    for sql in ["SET x = 1", "BEGIN", "GRANT SELECT ON x TO y", "CREATE INDEX CONCURRENTLY a ON b (c)", "DROP SCHEMA x"]
    {
        assert_eq!(of(&format!("{sql};")).len(), 1, "{sql}");
    }
    let honest = "CREATE TABLE chairs (id uuid PRIMARY KEY, state text CHECK (state IN ('set', 'public')),
        room uuid REFERENCES rooms (id) ON DELETE\nSET NULL); /* BEGIN */
        ALTER TABLE chairs ALTER COLUMN state SET NOT NULL; UPDATE chairs SET state = 'set';";
    assert_eq!(of(honest), Vec::<String>::new());
}

/// A neighbour is one under any name.
#[test]
fn a_neighbour_is_found_under_another_name() {
    for line in
        ["clinic = { package = \"tenantry-clinic\" }", "[dependencies.tenantry-clinic]", "x = { path = \"../clinic\" }"]
    {
        let manifest = format!("[package]\nname = \"tenantry-salon\"\n{line}\ntenantry-core.workspace = true");
        let found = said("a_module_depends_on_core_alone", &[("modules/salon/Cargo.toml", &manifest)]);
        assert!(found.len() == 1 && found[0].contains("Cargo.toml:3: "), "{line}: {found:?}");
    }
}

/// A migration that only a comment names runs nowhere, and one with a name that cannot be read neither.
#[test]
fn a_migration_is_listed_under_a_readable_name() {
    let source = ("modules/salon/src/lib.rs", "//! \"V2__b.sql\"\n\"V1__a.sql\", \"V3_c.sql\"");
    let files = ["V1__a.sql", "V2__b.sql", "V3_c.sql"].map(|name| (format!("modules/salon/migrations/{name}"), ""));
    let mut house = vec![source];
    house.extend(files.iter().map(|(path, text)| (path.as_str(), *text)));
    let found = said("every_migration_is_listed", &house);
    assert!(found.len() == 2 && found[0].contains("V2__b") && found[1].contains("V3_c"), "{found:?}");
}

/// Also the statements that are written as the house writes them.
#[test]
fn statements_are_found_in_operations() {
    for line in ["select::<Chair>(sql!(\"FROM chairs\"))", "records(sql!(\"chairs\"))", "statement(sql!(\"SELECT 1\"))"]
    {
        let found = said("sql_stands_in_its_store", &[("modules/salon/src/chairs/api.rs", &format!("//! x\n{line}"))]);
        assert_eq!(found.len(), 1, "{line}");
    }
    let condition = "//! x\nlist().filter(sql!(\"project_id = $1\"), id)";
    assert_eq!(
        said("sql_stands_in_its_store", &[("modules/salon/src/chairs/api.rs", condition)]),
        Vec::<String>::new()
    );
}

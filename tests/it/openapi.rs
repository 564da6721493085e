//! The committed contracts: what this build offers is what `tests/openapi` says it offers.

use std::path::Path;

use serde_json::Value;
use tenantry_core::module::{Modules, documents};

/// A change of the API shows up in review as a change of these files.
#[test]
fn openapi_is_as_committed() {
    let (newer, older) = documents(&Modules::collect(tenantry::MODULES).unwrap()).unwrap();
    for (name, document) in [("tenantry-3.1.json", newer), ("tenantry-3.0.json", older)] {
        compare(name, &document);
    }
}

fn compare(name: &str, document: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openapi").join(name);
    let text = serde_json::to_string_pretty(document).unwrap() + "\n";
    if std::env::var_os("TENANTRY_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, &text).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let first = text.lines().zip(committed.lines()).position(|(new, old)| new != old);
    assert!(
        text == committed,
        "tests/openapi/{name} is out of date from line {}. If the API was meant to change, look at the difference that \
         `TENANTRY_BLESS=1 cargo test openapi` makes, and commit it.",
        first.unwrap_or_default() + 1
    );
}

//! The documents: what this build offers is what `tests/openapi` says it offers, and a vertical has its part of it.

use std::path::Path;

use serde_json::Value;
use tenantry_core::module::{Modules, documents};

/// A change of the API shows up in review as a change of these files.
#[test]
fn openapi_is_as_committed() {
    let documents = documents(&Modules::collect(tenantry::MODULES).unwrap()).unwrap();
    for (name, document) in [("tenantry-3.1.json", &documents.newer), ("tenantry-3.0.json", &documents.older)] {
        compare(name, &serde_json::from_str(document).unwrap());
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

/// A vertical's document is the whole one without the other modules and without what is for operators; nothing in it points
/// outside of it. A check of documents reads what is left in `target/tmp/openapi`.
#[tokio::test]
async fn a_vertical_has_the_core_and_itself() {
    let platform = crate::platform().await;
    let whole = platform.anonymous().get("/openapi.json").await.expect(200).body;
    let posted = |webhook: &Value| webhook["post"]["operationId"].is_string();
    assert!(whole["webhooks"].as_object().unwrap().values().all(posted), "each webhook is what its path item says");
    let modules = Modules::collect(tenantry::MODULES).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi");
    std::fs::create_dir_all(&folder).unwrap();
    for module in tenantry::MODULES {
        let vertical = platform.anonymous().get(&format!("/openapi/{module}.json")).await.expect(200);
        std::fs::write(folder.join(format!("{module}.json")), &vertical.text).unwrap();
        assert_ne!(vertical.body["info"]["title"], whole["info"]["title"]);
        let is_other = |path: &str| {
            tenantry::MODULES.iter().any(|other| other != module && path.starts_with(&format!("/api/v1/{other}/")))
        };
        let shown = |path: &str| !is_other(path) && !path.starts_with("/api/v1/operator/");
        let expected: Vec<&String> =
            whole["paths"].as_object().unwrap().keys().filter(|path| shown(path.as_str())).collect();
        assert!(vertical.body["paths"].as_object().unwrap().keys().eq(expected), "{module}");
        for part in vertical.text.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(vertical.body.pointer(pointer).is_some(), "{module}: {pointer}");
        }
        let of_others = modules.iter().filter(|other| !other.required && other.name != *module);
        let of_others: Vec<&str> = of_others.flat_map(|other| other.events).map(|source| source.name).collect();
        let heard = |event: &&String| !of_others.contains(&event.split('.').next().unwrap());
        let expected = whole["webhooks"].as_object().unwrap().keys().filter(heard);
        assert!(vertical.body["webhooks"].as_object().unwrap().keys().eq(expected), "{module}");
    }
    platform.anonymous().get("/openapi/zebra.json").await.expect(404);
}

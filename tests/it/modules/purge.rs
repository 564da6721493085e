//! `tenantry tenant purge-module`

use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tenantry_core::config::Secret;
use tenantry_core::tenancy::{ModulePurgeError, purge_module};
use tenantry_core::testing::{TestDatabase, TestOrganization, TestPlatform};
use uuid::Uuid;

use crate::operations::program::{command_on, finish};
use crate::platform;
use crate::support::{count, rounds, superuser_in};

fn file() -> PathBuf {
    std::env::temp_dir().join(format!("tenantry-purge-{}.ndjson", Uuid::new_v4().simple()))
}

async fn patient(acme: &TestOrganization, number: &str) {
    let contact = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let patient = json!({
        "contact_id": contact.id(), "number": number, "date_of_birth": "1985-12-10", "gender": "female",
    });
    acme.owner().post("/clinic/patients", patient).await.expect(201);
}

async fn purge(platform: &TestPlatform, acme: &TestOrganization, to: &Path) -> Result<u64, ModulePurgeError> {
    let module = platform.platform().modules().find("clinic").unwrap();
    let purged = purge_module(platform.platform().tenants(), acme.tenant(), module, to, |_, _| ()).await?;
    Ok(purged.rows)
}

/// What is enabled stays. What is disabled goes, after all of its rows have been written; enabled again, it begins anew.
#[tokio::test]
async fn a_module_goes_with_a_file_of_all_its_rows() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let to = file();
    assert!(matches!(purge(&platform, &acme, &to).await, Err(ModulePurgeError::NotThere)));
    acme.enable("clinic").await;
    for number in ["P-1", "P-2"] {
        patient(&acme, number).await;
    }
    assert!(matches!(purge(&platform, &acme, &to).await, Err(ModulePurgeError::Enabled)));
    acme.owner().delete("/modules/clinic").await.expect(204);
    std::fs::write(&to, "mine").unwrap();
    assert!(matches!(purge(&platform, &acme, &to).await, Err(ModulePurgeError::File { .. })));
    assert_eq!(std::fs::read_to_string(&to).unwrap(), "mine");
    std::fs::remove_file(&to).unwrap();

    let rows = purge(&platform, &acme, &to).await.unwrap();
    let lines: Vec<Value> =
        std::fs::read_to_string(&to).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    std::fs::remove_file(&to).unwrap();
    assert_eq!((&lines[0]["module"], lines.last().unwrap()), (&json!("clinic"), &json!({ "end": true, "rows": rows })));
    let numbers: Vec<_> =
        lines.iter().filter(|line| line["table"] == "patients").map(|line| &line["row"]["number"]).collect();
    assert_eq!(numbers, ["P-1", "P-2"]);
    let database = superuser_in(&platform, &acme).await;
    let left = format!(
        "SELECT count(*) FROM pg_class WHERE relnamespace = '{}'::regnamespace AND relname IN ('patients', 'history_clinic')",
        acme.tenant().schema()
    );
    assert_eq!(count(&database, &left).await, 0);
    let shown = acme.owner().get("/modules").await.expect(200);
    assert_eq!((&shown.items()[1]["name"], &shown.items()[1]["version"]), (&json!("clinic"), &json!(0)));
    assert!(matches!(purge(&platform, &acme, &to).await, Err(ModulePurgeError::NotThere)));

    acme.enable("clinic").await;
    assert!(acme.owner().get("/clinic/patients").await.expect(200).items().is_empty());
    patient(&acme, "P-1").await;
}

/// Killed at any moment, either everything stands or the file is whole; the next try does the rest.
#[tokio::test]
async fn killed_at_random_it_converges() {
    let database = TestDatabase::create().await;
    let secret = Secret::generate();
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let run = async |arguments: &[&str]| finish(command_on(&database, &secret, arguments)).await;
    let superuser = database.superuser().await;
    for round in 0..rounds(4) {
        let slug = format!("acme-{round}");
        assert_eq!(run(&["tenant", "create", "Acme", "--slug", &slug, "--module", "clinic"]).await.0, 0);
        let disable = "UPDATE platform.tenant_modules SET enabled = false WHERE module = 'clinic'";
        superuser.batch_execute(disable).await.unwrap();
        let tables = format!(
            "SELECT count(*) FROM pg_tables WHERE tablename = 'patients'
             AND schemaname = (SELECT 't_' || replace(id::text, '-', '') FROM platform.tenants WHERE slug = '{slug}')"
        );
        for _ in 0..6 {
            let to = file();
            let arguments = ["tenant", "purge-module", &slug, "clinic", "--export", to.to_str().unwrap()];
            let mut child = command_on(&database, &secret, &arguments).spawn().unwrap();
            tokio::time::sleep(Duration::from_millis(random.random_range(20..400))).await;
            let _ = child.kill().await;
            let there = count(&superuser, &tables).await;
            let whole = std::fs::read_to_string(&to).is_ok_and(|text| text.contains("\"end\":true"));
            assert!(there == 1 || whole, "the tables are gone, and the file is not whole");
            for left in [to.clone(), to.with_added_extension("part")] {
                let _ = std::fs::remove_file(left);
            }
            if there == 0 {
                break;
            }
        }
        let to = file();
        let (code, _, said) =
            run(&["tenant", "purge-module", &slug, "clinic", "--export", to.to_str().unwrap(), "--json"]).await;
        let _ = std::fs::remove_file(&to);
        assert!(code == 0 || said.contains("has no tables"), "{said}");
        assert_eq!(count(&superuser, &tables).await, 0);
    }
}

//! `DELETE /api/v1/modules/{name}`

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::platform;

/// A disabled module's routes are gone for everybody, and its data is there when it is enabled again.
#[tokio::test]
async fn disabling_keeps_the_data() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.enable("clinic").await;
    let owner = acme.owner();
    let contact = owner.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let patient = json!({
        "contact_id": contact.id(), "number": "P-1", "date_of_birth": "1985-12-10", "gender": "female",
    });
    let made = owner.post("/clinic/patients", patient.clone()).await.expect(201);
    let path = made.header("location");

    for _ in 0..2 {
        assert_eq!(owner.delete("/modules/clinic").await.expect(204).text, "");
    }
    for reply in [
        owner.get("/clinic/patients").await,
        owner.get(path).await,
        owner.post("/clinic/patients", patient).await,
        owner.patch(path, "\"1\"", json!({ "number": "P-2" })).await,
        owner.delete(path).await,
    ] {
        reply.problem(404, "not_found");
    }
    let modules = owner.get("/modules").await.expect(200);
    assert_eq!(
        (&modules.body["items"][1]["name"], &modules.body["items"][1]["enabled"]),
        (&json!("clinic"), &json!(false))
    );

    acme.enable("clinic").await;
    assert_eq!(owner.get(path).await.expect(200).body, made.body);
}

/// Whatever is asked of the routes of a module that is not enabled, they look as if they did not exist.
#[tokio::test]
async fn refusals_do_not_tell_that_a_module_exists() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let (owner, viewer) = (acme.owner(), acme.viewer().await);
    let missing = owner.get(&format!("/contacts/{}", Uuid::new_v4())).await.expect(404).text;
    let id = Uuid::new_v4();
    for reply in [
        owner.post("/clinic/patients", json!({ "zebra": 1 })).await,
        owner.get("/clinic/patients?zebra=1").await,
        owner.get("/clinic/patients?limit=0").await,
        owner.send(owner.request(Method::PUT, "/clinic/patients")).await,
        owner.send(owner.request(Method::POST, "/clinic/patients").body("text")).await,
        owner.patch(&format!("/clinic/patients/{id}"), "nonsense", json!({})).await,
        viewer.post("/clinic/patients", json!({})).await,
    ] {
        assert_eq!(reply.expect(404).text, missing);
    }
    platform.anonymous().get("/clinic/patients").await.problem(401, "unauthenticated");
}

/// What every organization has cannot be disabled; a member may disable nothing; an unknown module is 404.
#[tokio::test]
async fn required_modules_stay() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.enable("clinic").await;
    for required in ["crm", "identity"] {
        acme.owner().delete(&format!("/modules/{required}")).await.problem(409, "module_required");
    }
    acme.owner().get("/contacts").await.expect(200);
    acme.owner().delete("/modules/zebra").await.problem(404, "not_found");
    acme.member().await.delete("/modules/clinic").await.problem(403, "forbidden");
    acme.owner().get("/clinic/patients").await.expect(200);
}

//! Every kind of record that can be undone comes back from the trash as it was, whichever module it is of.

use reqwest::Method;
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::call::Call;
use super::viewings;
use super::world::{Tenant, World};

/// Made, deleted, listed, restored, compared: a new kind of record is tried from the day that it is declared.
#[tokio::test]
async fn every_kind_of_record_comes_back() {
    let world = World::start().await;
    let (tenant, owner) = (&world.a, &world.a.owner);
    let mut tried = Vec::new();
    for source in world.platform.platform().modules().events().filter(|source| source.undo.is_some()) {
        let collection = format!("/{}", source.resource.replace('_', "-"));
        let post = world.collections().find(|post| post.path.ends_with(&collection) && !post.path.contains('{'));
        // Parts of a record come back with it.
        let Some(post) = post else { continue };
        let item = |id: &str| format!("{}/{id}", post.path);
        let Some(delete) = world.document.find(&Method::DELETE, &item("{id}")) else { continue };
        let made = world.make(tenant, post).await;
        let spot = delete.parameters.iter().find(|spot| spot.name == "id").expect("the record's place");
        let mut gone = Call::new(delete, None);
        gone.set(spot, &made.id);
        viewings::fit(&world, tenant, delete, &mut gone).await;
        let before = owner.get(&item(&made.id)).await.expect(200);
        owner.delete(&item(&made.id)).await.expect(204);
        owner.get(&item(&made.id)).await.problem(404, "not_found");

        let trash = owner.get(&format!("/trash?resource={}", source.resource)).await.expect(200);
        let listed = trash.items().iter().find(|item| item["record"] == json!(made.id));
        let listed = listed.unwrap_or_else(|| panic!("{} are not in the trash: {}", source.resource, trash.text));
        let title = listed["title"].as_str().unwrap_or_default();
        assert!(
            !title.is_empty(),
            "{}: which column is a record known by? Teach core/src/events/trash",
            source.resource
        );
        let path = format!("/trash/{}/restore", listed["id"].as_str().expect("an id"));
        let reply = owner.send(owner.request(Method::POST, &path)).await.expect(200);
        assert_eq!(reply.body["path"], json!(item(&made.id)), "{}", reply.text);

        let after = owner.get(&item(&made.id)).await.expect(200);
        assert_ne!(after.header("etag"), before.header("etag"), "{}", source.resource);
        assert_eq!(without_time(after.body), without_time(before.body), "{}", source.resource);
        tried.push(source.resource);
    }
    for known in ["contacts", "patients", "properties"] {
        assert!(tried.contains(&known), "{tried:?}");
    }
    println!("{}", tried.join(", "));
}

fn without_time(mut record: Value) -> Value {
    record.as_object_mut().expect("a record").remove("updated_at");
    record
}

/// Deletes a contact, and gives the id of that.
pub async fn deletion(superuser: &Client, tenant: &Tenant) -> String {
    let made = tenant.owner.post("/contacts", json!({ "last_name": tenant.sampler.canary })).await.expect(201);
    tenant.owner.delete(&format!("/contacts/{}", made.id())).await.expect(204);
    let schema = tenant.organization.tenant().schema();
    let sql = format!("SELECT id::text FROM {schema}.journal WHERE record = $1 AND change = 'deleted'");
    superuser.query_one(&sql, &[&made.id()]).await.expect("a deletion").get(0)
}

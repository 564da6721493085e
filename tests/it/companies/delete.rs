//! `DELETE /api/v1/companies/{id}`

use serde_json::json;

use super::{company, id};
use crate::platform;

/// Who works for a company that is deleted stays, and works there no longer.
#[tokio::test]
async fn its_people_stay() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let member = acme.member().await;
    let (mill, shop) = (company(&member, "Mill").await, company(&member, "Shop").await);
    let ada = member.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    let ada = ada.header("location").to_owned();
    for (at, is_primary) in [(&mill, true), (&shop, false)] {
        let put = json!({ "is_primary": is_primary });
        member.put_json(&format!("{ada}/companies/{}", id(at)), put).await.expect(200);
    }
    member.delete(&mill).await.expect(204);
    member.get(&mill).await.problem(404, "not_found");
    member.delete(&mill).await.problem(404, "not_found");
    assert_eq!(member.get(&ada).await.expect(200).body["primary_company_id"], json!(null));
    let at = member.get(&format!("{ada}/companies")).await.expect(200);
    assert_eq!(at.column("company_name"), ["Shop"]);
    member.delete(&ada).await.expect(204);
    assert!(member.get(&format!("{shop}/contacts")).await.expect(200).items().is_empty());
    acme.viewer().await.delete(&shop).await.problem(403, "forbidden");
}

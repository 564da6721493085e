//! What tests of further rooms begin with: a property, a contact.

use serde_json::json;
use tenantry_core::testing::TestClient;

/// A new property; its id.
pub async fn property(client: &TestClient) -> String {
    let house = json!({
        "type": "house", "price": "249000.00", "currency": "EUR", "street": "Seeweg 2", "city": "Bonn", "country": "DE",
    });
    client.post("/real-estate/properties", house).await.expect(201).id().to_owned()
}

/// A new contact; its id.
pub async fn contact(client: &TestClient) -> String {
    client.post("/contacts", json!({ "last_name": "Okafor" })).await.expect(201).id().to_owned()
}

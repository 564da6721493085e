//! `/api/v1/real-estate/properties`

mod create;
mod delete;
mod get;
mod list;
mod update;

use serde_json::{Value, json};

/// A house, as its body is sent.
fn house() -> Value {
    json!({
        "type": "house", "price": "249000.00", "currency": "EUR",
        "street": "Hauptstraße 1", "city": "Köln", "country": "DE",
    })
}

/// A house with other values.
fn property(changes: Value) -> Value {
    let mut body = house();
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

//! `GET /api/v1/contacts`: the order of the list.

use serde_json::json;

use crate::platform;

/// Newest first where nothing is said; otherwise by the field that `sort` names, names in any case, and backwards with a minus.
#[tokio::test]
async fn the_list_is_sorted_as_asked() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let owner = acme.owner();
    let mut first = None;
    for (first_name, last_name) in [("Cy", "Adams"), ("Al", "Baker"), ("Bo", "adams")] {
        let made = owner.post("/contacts", json!({ "first_name": first_name, "last_name": last_name })).await;
        first.get_or_insert(made.expect(201));
    }
    let cy = first.unwrap();
    owner.patch(cy.header("location"), "\"1\"", json!({ "notes": "changed last" })).await.expect(200);

    for (query, names) in [
        ("", ["Bo", "Al", "Cy"]),
        ("?sort=-created_at", ["Bo", "Al", "Cy"]),
        ("?sort=created_at", ["Cy", "Al", "Bo"]),
        ("?sort=-updated_at", ["Cy", "Bo", "Al"]),
        ("?sort=updated_at", ["Al", "Bo", "Cy"]),
        ("?sort=display_name", ["Bo", "Cy", "Al"]),
        ("?sort=-display_name", ["Al", "Cy", "Bo"]),
    ] {
        let list = owner.get(&format!("/contacts{query}")).await.expect(200);
        assert_eq!(list.column("first_name"), names, "{query}");
        assert_eq!(list.body["next_cursor"], json!(null));
    }
}

/// An organization without contacts has an empty list.
#[tokio::test]
async fn an_empty_list_is_a_list() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let list = acme.viewer().await.get("/contacts").await.expect(200);
    assert_eq!(list.body, json!({ "items": [], "next_cursor": null }));
}

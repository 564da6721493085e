//! Criteria on fields of an organization's own: their names are understood, and there are none yet.

use crate::platform;

/// A list whose records can have such fields says that this one is not defined; the others know no such parameter.
#[tokio::test]
async fn a_field_that_is_not_defined_is_pointed_at() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    acme.enable("real-estate").await;
    let owner = acme.owner();
    for name in ["filter[custom.size]", "filter[custom.size][gte]", "filter%5Bcustom.size%5D%5Beq%5D"] {
        let refused = owner.get(&format!("/contacts?{name}=1")).await.problem(422, "invalid");
        assert_eq!(refused.pointers(), ["filter[custom]"]);
        owner.get(&format!("/real-estate/properties?{name}=1")).await.problem(400, "malformed_request");
    }
    let refused = owner.get("/contacts?sort=-custom.size").await.problem(422, "invalid");
    assert_eq!(refused.pointers(), ["sort"]);
    let twice = "/contacts?filter[custom.size]=1&filter[custom.size][eq]=1";
    assert!(!owner.get(twice).await.problem(400, "malformed_request").text.contains("size"));
}

//! `GET /api/v1/real-estate/requirements/{id}/matches`, `…/listings/{id}/matches`, `PUT …/listings/{id}/interests/{requirement_id}`

use serde_json::json;
use uuid::Uuid;

use super::requirement;
use crate::agency;
use crate::market::{active, contact, listing, property, step};

/// Each thing that is asked for leaves out what lacks it, seen from both sides alike.
#[tokio::test]
async fn what_fits_fits_both_ways() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let ada = contact(&agency, "Ada").await;
    let on = active(&agency, json!({})).await;
    let from_listing = format!("/real-estate/listings/{on}/matches");
    for (changes, fits) in [
        (json!({}), true),
        (json!({ "price_max": "299999.99" }), false),
        (json!({ "price_max": "300000.00" }), true),
        (json!({ "price_min": "300000.01", "price_max": null }), false),
        (json!({ "currency": "CHF" }), false),
        (json!({ "kind": "let" }), false),
        (json!({ "rooms_min": 5 }), false),
        (json!({ "size_min": 121 }), false),
        (json!({ "types": ["apartment"] }), false),
        (json!({ "types": [] }), true),
        (json!({ "areas": ["Bonn", "506"] }), true),
        (json!({ "areas": ["KÖLN"] }), true),
        (json!({ "areas": ["Kö"] }), false),
        (json!({ "areas": ["0667"] }), false),
        (json!({ "areas": ["%"] }), false),
        (json!({ "areas": [] }), true),
        (json!({ "price_min": null, "price_max": null, "currency": null }), true),
    ] {
        let made = requirement(&agency, &ada, changes.clone()).await.expect(201);
        let listings = owner.get(&format!("{}/matches", made.header("location"))).await.expect(200);
        assert_eq!(listings.items().len(), usize::from(fits), "{changes}");
        let requirements = owner.get(&from_listing).await.expect(200);
        assert_eq!(requirements.items().len(), usize::from(fits), "{changes}");
        if fits {
            assert_eq!(
                (listings.column("listing_id"), requirements.column("requirement_id")),
                (vec![&*on], vec![made.id()])
            );
        }
        owner.delete(made.header("location")).await.expect(204);
    }
}

/// Only what is on the market, and only what is still looked for; what is not known of a property does not fit who asks for it.
#[tokio::test]
async fn what_is_over_does_not_fit() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let ada = contact(&agency, "Ada").await;
    let made = requirement(&agency, &ada, json!({})).await.expect(201);
    let matches = format!("{}/matches", made.header("location"));
    let draft = listing(&agency, json!({})).await;
    assert!(owner.get(&matches).await.expect(200).items().is_empty());
    step(&agency, draft.id(), "coming_soon").await.expect(200);
    assert_eq!(owner.get(&matches).await.expect(200).column("status"), ["coming_soon"]);
    step(&agency, draft.id(), "withdrawn").await.expect(200);
    assert!(owner.get(&matches).await.expect(200).items().is_empty());
    let unknown = property(&agency, json!({ "rooms": null })).await;
    active(&agency, json!({ "property_id": unknown })).await;
    assert!(owner.get(&matches).await.expect(200).items().is_empty());

    let of_listing = format!("/real-estate/listings/{}/matches", draft.id());
    assert_eq!(owner.get(&of_listing).await.expect(200).items().len(), 1);
    owner.patch(made.header("location"), "\"1\"", json!({ "status": "closed" })).await.expect(200);
    assert!(owner.get(&of_listing).await.expect(200).items().is_empty());
    owner.get(&format!("/real-estate/listings/{}/matches", Uuid::new_v4())).await.problem(404, "not_found");
}

/// What an applicant thinks stands with both matches, and is one word.
#[tokio::test]
async fn interest_is_one_word() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let ada = contact(&agency, "Ada").await;
    let on = active(&agency, json!({})).await;
    let made = requirement(&agency, &ada, json!({})).await.expect(201);
    let (of_requirement, of_listing) =
        (format!("{}/matches", made.header("location")), format!("/real-estate/listings/{on}/matches"));
    assert_eq!(owner.get(&of_listing).await.expect(200).items()[0]["interest"], json!(null));
    let put = format!("/real-estate/listings/{on}/interests/{}", made.id());
    let noted = owner.put_json(&put, json!({ "interest": "interested" })).await.expect(200);
    assert_eq!((&noted.body["contact_id"], &noted.body["listing_id"]), (&json!(ada), &json!(on)));
    let again = owner.put_json(&put, json!({ "interest": "not_interested" })).await.expect(200);
    assert_eq!(again.body["id"], noted.body["id"]);
    for path in [of_requirement, of_listing] {
        assert_eq!(owner.get(&path).await.expect(200).column("interest"), ["not_interested"]);
    }
    let elsewhere = format!("/real-estate/listings/{}/interests/{}", Uuid::new_v4(), made.id());
    owner.put_json(&elsewhere, json!({ "interest": "viewed" })).await.problem(404, "not_found");
    agency.viewer().await.put_json(&put, json!({ "interest": "viewed" })).await.problem(403, "forbidden");
}

/// Who may be written to is told: advertising takes consent, at one address at least, and a consent that was withdrawn is none.
#[tokio::test]
async fn who_may_be_written_to_is_told() {
    let (_platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({})).await;
    let (ada, byron, clara) =
        (contact(&agency, "Ada").await, contact(&agency, "Byron").await, contact(&agency, "Clara").await);
    for contact in [&ada, &byron, &clara] {
        requirement(&agency, contact, json!({})).await.expect(201);
    }
    let say = async |contact: &str, given: bool| {
        let path = format!("/contacts/{contact}/consents/email/marketing");
        owner.put_json(&path, json!({ "given": given, "source": "form" })).await.expect(200);
    };
    say(&ada, true).await;
    say(&byron, true).await;
    let path = format!("/real-estate/listings/{on}/matches");
    let told = async |path: &str| {
        let found = owner.get(path).await.expect(200);
        let mut told: Vec<(String, bool)> = found
            .items()
            .iter()
            .map(|item| (item["contact_id"].as_str().unwrap().to_owned(), item["contactable"] == true))
            .collect();
        told.sort();
        told
    };
    let mut all = vec![(ada.clone(), true), (byron.clone(), true), (clara.clone(), false)];
    all.sort();
    assert_eq!(told(&path).await, all);
    say(&byron, false).await;
    assert_eq!(told(&format!("{path}?contactable=true")).await, [(ada.clone(), true)]);
    assert_eq!(told(&format!("{path}?contactable=false")).await.len(), 3);
    // Another address that may be written to is enough.
    let body =
        json!({ "address": "Byron.Work@example.com", "purpose": "marketing", "granted": true, "source": "form" });
    owner.put_json("/notification-consents", body).await.expect(200);
    let record = owner.get(&format!("/contacts/{byron}")).await.expect(200);
    let further = json!({ "emails": [{ "label": "work", "email": "Byron.Work@Example.com" }] });
    owner.patch(&format!("/contacts/{byron}"), record.header("etag"), further).await.expect(200);
    assert_eq!(told(&format!("{path}?contactable=true")).await.len(), 2);
}

//! `POST /api/v1/real-estate/offers/{id}/accept` and `…/fall-through`

use futures_util::future::join_all;
use serde_json::json;

use crate::agency;
use crate::market::{active, contact, field, offer, offer_body, step, vendor};

/// The accepted one parks the others and binds the listing; when it falls through, those that are still valid are open again.
#[tokio::test]
async fn others_wait_for_it_to_fall_through() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({})).await;
    vendor(&agency, &on).await;
    let (first, second, late, over) = (
        offer(&agency, &on, "Ada").await,
        offer(&agency, &on, "Byron").await,
        offer(&agency, &on, "Clara").await,
        offer(&agency, &on, "Dora").await,
    );
    owner.post(&format!("{over}/refuse"), json!({})).await.expect(200);
    let accepted = owner.post(&format!("{first}/accept"), json!({})).await.expect(200);
    assert_eq!(accepted.body["status"], "accepted");
    let again = owner.post(&format!("{first}/accept"), json!({})).await.expect(200);
    assert_eq!(again.header("etag"), accepted.header("etag"));
    let status = async |path: &str| field(&agency, path, "status").await;
    let listing = format!("/real-estate/listings/{on}");
    assert_eq!(status(&listing).await, "active_under_contract");
    assert_eq!(
        (&*status(&second).await, &*status(&late).await, &*status(&over).await),
        ("parked", "parked", "refused")
    );
    owner.post(&format!("{second}/accept"), json!({})).await.problem(409, "accepted_already");
    owner.post(&format!("{first}/withdraw"), json!({})).await.problem(409, "offer_is_accepted");
    owner.post(&format!("{second}/fall-through"), json!({})).await.problem(409, "not_accepted");
    // What comes meanwhile waits too, and nobody frees or closes the listing by hand.
    let eve = contact(&agency, "Eve").await;
    let meanwhile = owner.post("/real-estate/offers", offer_body(&on, &eve, "300000")).await.expect(201);
    assert_eq!(meanwhile.body["status"], "parked");
    for to in ["active", "closed", "withdrawn"] {
        step(&agency, &on, to).await.problem(409, "no_such_step");
    }
    step(&agency, &on, "pending").await.expect(200);

    let database = platform.database().superuser().await;
    let id = late.rsplit('/').next().unwrap();
    let sql = format!("UPDATE {}.offers SET valid_until = '2020-01-01' WHERE id = '{id}'", agency.tenant().schema());
    database.batch_execute(&sql).await.unwrap();
    owner.post(&format!("{first}/fall-through"), json!({})).await.expect(200);
    owner.post(&format!("{first}/fall-through"), json!({})).await.expect(200);
    assert_eq!((&*status(&listing).await, &*status(&first).await), ("active", "fallen_through"));
    assert_eq!((&*status(&second).await, &*status(&late).await, &*status(&over).await), ("open", "expired", "refused"));
    assert_eq!(status(meanwhile.header("location")).await, "open");
    owner.post(&format!("{second}/accept"), json!({})).await.expect(200);
    let steps = owner.get(&format!("{listing}/status-changes?sort=changed_at")).await.expect(200);
    assert_eq!(
        steps.column("to_status"),
        ["incomplete", "active", "active_under_contract", "pending", "active", "active_under_contract"]
    );
}

/// However many are accepted at once, one is.
#[tokio::test]
async fn one_is_accepted_whoever_comes_first() {
    let (platform, agency) = agency().await;
    let on = active(&agency, json!({})).await;
    vendor(&agency, &on).await;
    let mut offers = Vec::new();
    for name in ["Ada", "Byron", "Clara", "Dora", "Eve"] {
        offers.push(offer(&agency, &on, name).await);
    }
    let verbs: Vec<String> = offers.iter().map(|path| format!("{path}/accept")).collect();
    let replies = join_all(verbs.iter().map(|verb| agency.owner().post(verb, json!({})))).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 1, "{replies:?}");
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        assert_eq!((reply.status.as_u16(), reply.code()), (409, "accepted_already"), "{}", reply.text);
    }
    let found = agency.owner().get("/real-estate/offers?filter[status]=accepted").await.expect(200);
    assert_eq!(found.items().len(), 1);

    // The database knows it too.
    let database = platform.database().superuser().await;
    let all = format!("UPDATE {}.offers SET status = 'accepted'", agency.tenant().schema());
    let refused = database.batch_execute(&all).await.unwrap_err();
    assert_eq!(refused.as_db_error().unwrap().constraint(), Some("offers_accepted_key"));
}

/// What is not on the market, or not valid any more, is not accepted.
#[tokio::test]
async fn what_is_over_is_not_accepted() {
    let (platform, agency) = agency().await;
    let owner = agency.owner();
    let on = active(&agency, json!({})).await;
    vendor(&agency, &on).await;
    let path = offer(&agency, &on, "Ada").await;
    step(&agency, &on, "hold").await.expect(200);
    owner.post(&format!("{path}/accept"), json!({})).await.problem(409, "not_on_the_market");
    step(&agency, &on, "active").await.expect(200);
    let database = platform.database().superuser().await;
    let sql = format!("UPDATE {}.offers SET valid_until = current_date - 1", agency.tenant().schema());
    database.batch_execute(&sql).await.unwrap();
    owner.post(&format!("{path}/accept"), json!({})).await.problem(409, "offer_expired");
    assert_eq!(field(&agency, &path, "status").await, "open");
    agency.viewer().await.post(&format!("{path}/accept"), json!({})).await.problem(403, "forbidden");
}

//! Who waits for whom: `PUT /api/v1/real-estate/progressions/{id}/depends-on` and `GET …/{id}/chain`

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::testing::{Reply, TestOrganization};

use super::{milestone, progression, step};
use crate::agency;

async fn link(agency: &TestOrganization, one: &Reply, other: &Reply) -> Reply {
    let on = json!({ "progression_id": other.id() });
    agency.owner().put_json(&format!("{}/depends-on", one.header("location")), on).await
}

async fn chain(agency: &TestOrganization, of: &Reply) -> Reply {
    agency.owner().get(&format!("{}/chain", of.header("location"))).await.expect(200)
}

/// Whichever of a chain is asked for, the whole comes, and first the one that all wait for.
#[tokio::test]
async fn a_chain_comes_whole_and_in_order() {
    let (_platform, agency) = agency().await;
    let (a, b, c) = (progression(&agency).await, progression(&agency).await, progression(&agency).await);
    let alone = progression(&agency).await;
    link(&agency, &b, &a).await.expect(200);
    link(&agency, &c, &b).await.expect(200);
    for of in [&a, &b, &c] {
        let whole = chain(&agency, of).await;
        assert_eq!(whole.column("id"), [a.id(), b.id(), c.id()]);
        assert_eq!(whole.items().iter().map(|link| &link["place"]).collect::<Vec<_>>(), [0, 1, 2]);
    }
    assert_eq!(chain(&agency, &alone).await.column("id"), [alone.id()]);
    let none = json!({ "progression_id": null });
    agency.owner().put_json(&format!("{}/depends-on", b.header("location")), none).await.expect(200);
    assert_eq!(chain(&agency, &c).await.column("id"), [b.id(), c.id()]);
    let nobody = format!("/real-estate/progressions/{}/chain", uuid::Uuid::new_v4());
    agency.owner().get(&nobody).await.problem(404, "not_found");
}

/// None waits for itself, directly or through others, nor for one that there is not.
#[tokio::test]
async fn a_circle_is_refused() {
    let (_platform, agency) = agency().await;
    let (a, b, c) = (progression(&agency).await, progression(&agency).await, progression(&agency).await);
    link(&agency, &a, &a).await.problem(409, "chain_cycle");
    link(&agency, &b, &a).await.expect(200);
    link(&agency, &c, &b).await.expect(200);
    link(&agency, &a, &c).await.problem(409, "chain_cycle");
    link(&agency, &a, &b).await.problem(409, "chain_cycle");
    let unknown = json!({ "progression_id": uuid::Uuid::new_v4() });
    let refused = agency.owner().put_json(&format!("{}/depends-on", a.header("location")), unknown).await;
    assert_eq!(refused.problem(404, "not_found").pointers(), ["/progression_id"]);
}

/// Of links that would close a circle together, one is refused, also where all come at once.
#[tokio::test]
async fn a_circle_is_refused_at_once() {
    let (_platform, agency) = agency().await;
    let ways = [progression(&agency).await, progression(&agency).await, progression(&agency).await];
    for _ in 0..5 {
        let links = (0..3).map(|n| link(&agency, &ways[n], &ways[(n + 1) % 3]));
        let replies = join_all(links).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 2);
        for reply in replies.into_iter().filter(|reply| reply.status != 200) {
            reply.problem(409, "chain_cycle");
        }
        for way in &ways {
            let none = json!({ "progression_id": null });
            agency.owner().put_json(&format!("{}/depends-on", way.header("location")), none).await.expect(200);
        }
    }
}

/// A progression is not completed before the one that it waits for.
#[tokio::test]
async fn a_chain_is_completed_in_its_order() {
    let (_platform, agency) = agency().await;
    let (first, second) = (progression(&agency).await, progression(&agency).await);
    link(&agency, &second, &first).await.expect(200);
    for way in [&first, &second] {
        milestone(&agency, way, "exchanged", json!({ "done_on": "2026-11-01" })).await.expect(200);
    }
    step(&agency, &second, "complete").await.problem(409, "chain_waits");
    step(&agency, &first, "complete").await.expect(200);
    link(&agency, &first, &second).await.problem(409, "progression_over");
    step(&agency, &second, "complete").await.expect(200);
}

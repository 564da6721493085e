//! Who is in a team

use serde_json::json;
use uuid::Uuid;

use crate::members::user;
use crate::platform;
use crate::support::count;

/// Members come and go, as often as one says it; the list of members tells who is in.
#[tokio::test]
async fn members_come_and_go() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let made = acme.owner().post("/teams", json!({ "name": "Sales" })).await.expect(201);
    let (anna, path) = (user(&acme.member().await).await, made.header("location"));
    let seat = |id: &str| format!("{path}/members/{id}");
    for _ in 0..2 {
        acme.owner().put(&seat(&anna)).await.expect(204);
    }
    let members = format!("/members?team_id={}", made.id());
    assert_eq!(acme.owner().get(&members).await.expect(200).column("user_id"), [anna.as_str()]);
    for _ in 0..2 {
        acme.owner().delete(&seat(&anna)).await.expect(204);
    }
    assert_eq!(acme.owner().get(&members).await.expect(200).items().len(), 0);
    let foreign = acme.owner().put(&seat(&user(other.owner()).await)).await;
    let missing = acme.owner().put(&seat(&Uuid::new_v4().to_string())).await;
    assert_eq!(foreign.text, missing.text);
    foreign.problem(404, "not_found");
}

/// Who is in a team is told to those of its organization only, also where people are in both.
#[tokio::test]
async fn another_organizations_team_is_like_none() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let made = acme.owner().post("/teams", json!({ "name": "Sales" })).await.expect(201);
    let anna = user(&acme.member().await).await;
    let both = format!(
        "INSERT INTO platform.memberships (user_id, tenant_id, role) VALUES ('{anna}', '{}', 'member')",
        other.tenant()
    );
    let database = platform.database().superuser().await;
    database.batch_execute(&both).await.unwrap();
    let seat = format!("{}/members/{anna}", made.header("location"));
    acme.owner().put(&seat).await.expect(204);
    let theirs = other.owner().get(&format!("/members?team_id={}", made.id())).await.expect(200);
    assert_eq!(theirs.items().len(), 0);
    other.owner().put(&seat).await.problem(404, "not_found");
    other.owner().delete(&seat).await.problem(404, "not_found");
    // The database itself keeps teams to their own people.
    let stranger = user(other.owner()).await;
    let wrong = format!(
        "INSERT INTO platform.team_members (tenant_id, team_id, user_id) VALUES ('{}', '{}', '{stranger}')",
        acme.tenant(),
        made.id()
    );
    database.batch_execute(&wrong).await.unwrap_err();
}

/// Whoever is removed while being put into a team is in no team afterwards.
#[tokio::test]
async fn nobody_stays_in_a_team_without_the_organization() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let made = acme.owner().post("/teams", json!({ "name": "Sales" })).await.expect(201);
    for _ in 0..10 {
        let anna = user(&acme.member().await).await;
        let (seat, member) = (format!("{}/members/{anna}", made.header("location")), format!("/members/{anna}"));
        let (seated, removed) = tokio::join!(acme.owner().put(&seat), acme.owner().delete(&member));
        assert!([204, 404].contains(&seated.status.as_u16()), "{}", seated.text);
        removed.expect(204);
    }
    let database = platform.database().superuser().await;
    assert_eq!(count(&database, "SELECT count(*) FROM platform.team_members").await, 0);
}

//! Many at once: an organization always has an owner, and nobody uses what was taken from them.

use futures_util::future::join_all;
use serde_json::json;
use tenantry_core::permission::Role;
use tenantry_core::tenancy::TenantId;
use tenantry_core::testing::TestClient;
use uuid::Uuid;

use super::{path, user};
use crate::platform;
use crate::support::{count, rounds};

/// Makes both of two people owners again, with the sessions that they had.
async fn reseed(database: &tokio_postgres::Client, tenant: TenantId, people: &[Uuid; 2]) {
    let owners = "INSERT INTO platform.memberships (user_id, tenant_id, role) SELECT unnest($2::uuid[]), $1, 'owner'
        ON CONFLICT (user_id, tenant_id) DO UPDATE SET role = 'owner', version = 1";
    database.execute(owners, &[&tenant, &people.as_slice()]).await.unwrap();
    let sessions = "UPDATE platform.sessions SET role = 'owner', ended_at = NULL
        WHERE tenant_id = $1 AND user_id = ANY ($2::uuid[])";
    database.execute(sessions, &[&tenant, &people.as_slice()]).await.unwrap();
}

/// 50 demotions, removals and leaves among two owners, again and again: one is always left, each loser is told why.
/// `TENANTRY_ROUNDS=200` for as many; each takes a tenth of a second or more.
#[tokio::test]
async fn there_is_always_an_owner() {
    let platform = platform().await;
    let database = platform.database().superuser().await;
    let acme = platform.organization("Acme").await;
    let (one, two) = (acme.owner().clone(), acme.person(Role::Owner).await);
    let paths = [path(&one).await, path(&two).await];
    let people = [user(&one).await, user(&two).await].map(|id| Uuid::parse_str(&id).unwrap());
    let leave = format!("/users/me/organizations/{}", acme.tenant());
    for _ in 0..rounds(25) {
        reseed(&database, acme.tenant(), &people).await;
        let attack = |n: usize| {
            let (client, target): (TestClient, String) =
                (if n.is_multiple_of(2) { one.clone() } else { two.clone() }, paths[n / 2 % 2].clone());
            let leave = leave.clone();
            async move {
                let reply = match n % 3 {
                    0 => client.patch(&target, "\"1\"", json!({ "role": "viewer" })).await,
                    1 => client.delete(&target).await,
                    _ => client.delete(&leave).await,
                };
                reply.status.as_u16()
            }
        };
        let statuses = join_all((0..50).map(attack)).await;
        let owners = format!(
            "SELECT count(*) FROM platform.memberships WHERE tenant_id = '{}' AND role = 'owner'",
            acme.tenant()
        );
        assert_eq!(count(&database, &owners).await, 1, "{statuses:?}");
        // Those that came after a demotion or a removal: no session, another version, nobody there, or no owner left.
        for status in &statuses {
            assert!([200, 204, 401, 404, 409, 412].contains(status), "{statuses:?}");
        }
        assert!(statuses.contains(&409) || statuses.contains(&401), "{statuses:?}");
    }
}

/// Two owners who leave at the same moment: one does, the other is told that nobody would be left.
#[tokio::test]
async fn the_loser_of_two_who_leave_is_told() {
    let platform = platform().await;
    for round in 0..10 {
        let acme = platform.organization(&format!("Acme {round}")).await;
        let two = acme.person(Role::Owner).await;
        let leave = format!("/users/me/organizations/{}", acme.tenant());
        let (first, second) = tokio::join!(acme.owner().delete(&leave), two.delete(&leave));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
    }
}

/// An admin who is being demoted cannot promote anybody after that: the two stand in a line.
#[tokio::test]
async fn who_is_demoted_promotes_nobody_after_it() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    for _ in 0..10 {
        let (admin, viewer) = (acme.admin().await, acme.viewer().await);
        let (admins, viewers) = (path(&admin).await, path(&viewer).await);
        let (demoted, promoted) = tokio::join!(
            acme.owner().patch(&admins, "\"1\"", json!({ "role": "viewer" })),
            admin.patch(&viewers, "\"1\"", json!({ "role": "admin" })),
        );
        demoted.expect(200);
        assert!([200, 401].contains(&promoted.status.as_u16()), "{}", promoted.text);
        let now = acme.owner().get(&viewers).await.expect(200);
        assert_eq!(now.body["role"] == "admin", promoted.status == 200);
    }
    assert_eq!(user(acme.owner()).await.len(), 36);
}

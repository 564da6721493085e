//! `POST /api/v1/invitations/accept` and `POST /api/v1/users/me/organizations`

use futures_util::future::join_all;
use serde_json::json;

use super::{accept, invite};
use crate::platform;
use crate::support::count;

/// Somebody new has an account, the role and tokens at once; the token works once.
#[tokio::test]
async fn somebody_new_joins() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let token = invite(&platform, &acme, "ada@example.com", "member").await;
    let joined = accept(&platform, &token).await.expect(201);
    assert_eq!(
        (&joined.body["organization"]["role"], &joined.body["user"]["email"]),
        (&json!("member"), &json!("ada@example.com"))
    );
    let ada = platform.client(joined.body["access_token"].as_str().unwrap());
    ada.post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
    accept(&platform, &token).await.problem(422, "token_invalid");
    let database = platform.database().superuser().await;
    let clear = format!("SELECT count(*) FROM platform.invitations i WHERE to_jsonb(i)::text LIKE '%{token}%'");
    assert_eq!(count(&database, &clear).await, 0);
}

/// Who has an account signs in and joins; nobody else can with that token.
#[tokio::test]
async fn who_has_an_account_joins_with_it() {
    let platform = platform().await;
    let (acme, other, third) = (
        platform.organization("Acme").await,
        platform.organization("Other").await,
        platform.organization("Third").await,
    );
    let token = invite(&platform, &acme, other.email(), "viewer").await;
    accept(&platform, &token).await.problem(409, "email_taken");
    let body = json!({ "token": token });
    third.owner().post("/users/me/organizations", body.clone()).await.problem(422, "token_invalid");
    let joined = other.owner().post("/users/me/organizations", body.clone()).await.expect(201);
    assert_eq!((&joined.body["slug"], &joined.body["role"]), (&json!(acme.slug()), &json!("viewer")));
    other.sign_in(Some(acme.slug())).await.get("/contacts").await.expect(200);
    other.owner().post("/users/me/organizations", body).await.problem(422, "token_invalid");
}

/// After 7 days it is over, and so it is while the organization is not active.
#[tokio::test]
async fn it_is_over_after_its_time() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let token = invite(&platform, &acme, "ada@example.com", "member").await;
    let database = platform.database().superuser().await;
    let left = "SELECT extract(day FROM expires_at - now())::bigint FROM platform.invitations";
    assert_eq!(count(&database, left).await, 6);
    database.batch_execute("UPDATE platform.tenants SET status = 'suspended'").await.unwrap();
    accept(&platform, &token).await.problem(422, "token_invalid");
    database.batch_execute("UPDATE platform.tenants SET status = 'active'").await.unwrap();
    database.batch_execute("UPDATE platform.invitations SET expires_at = now()").await.unwrap();
    accept(&platform, &token).await.problem(422, "token_invalid");
}

/// Of many at once one gets in.
#[tokio::test]
async fn of_many_at_once_one_joins() {
    let platform = platform().await;
    let (acme, other) = (platform.organization("Acme").await, platform.organization("Other").await);
    let token = invite(&platform, &acme, other.email(), "member").await;
    let join = || other.owner().post("/users/me/organizations", json!({ "token": token }));
    let replies = join_all((0..50).map(|_| join())).await;
    let won = replies.iter().filter(|reply| reply.status == 201).count();
    assert_eq!(won, 1);
    assert!(replies.iter().all(|reply| [201, 409, 422].contains(&reply.status.as_u16())));
}

//! One person in two organizations: each token is for one of them, with the role that the person has there.

use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestOrganization, TestPlatform};
use uuid::Uuid;

const PASSWORD: &str = "correct horse battery staple";

/// The owner of Alpha, who is also a viewer of Beta, signed in to each.
struct Somebody {
    platform: TestPlatform,
    alpha: TestOrganization,
    beta: TestOrganization,
    email: Value,
}

impl Somebody {
    async fn new() -> Self {
        let platform = crate::platform().await;
        let (alpha, beta) = (platform.organization("Alpha").await, platform.organization("Beta").await);
        let me = alpha.owner().get("/users/me").await.expect(200);
        let user = Uuid::parse_str(me.id()).expect("a UUID");
        let sql = "INSERT INTO platform.memberships (user_id, tenant_id, role) VALUES ($1, $2, 'viewer')";
        platform.database().superuser().await.execute(sql, &[&user, &beta.tenant()]).await.expect("a membership");
        Self { platform, alpha, beta, email: me.body["email"].clone() }
    }

    async fn sign_in(&self, organization: Option<&str>) -> TestClient {
        let mut body = json!({ "email": self.email, "password": PASSWORD });
        if let Some(slug) = organization {
            body["organization"] = slug.into();
        }
        let reply = self.platform.anonymous().post("/auth/login", body).await.expect(200);
        self.platform.client(reply.body["access_token"].as_str().expect("a token"))
    }
}

/// Writes with the viewer's token are refused, lists never mix, and the first token goes on meaning the first home.
#[tokio::test]
async fn an_owner_here_is_a_viewer_there() {
    let somebody = Somebody::new().await;
    let here = somebody.sign_in(Some(somebody.alpha.slug())).await;
    let there = somebody.sign_in(Some(somebody.beta.slug())).await;
    let mine = here.post("/contacts", json!({ "last_name": "Alpha" })).await.expect(201);
    let theirs = somebody.beta.owner().post("/contacts", json!({ "last_name": "Beta" })).await.expect(201);

    there.post("/contacts", json!({ "last_name": "X" })).await.expect(403);
    there.delete(theirs.header("location")).await.expect(403);
    there.get(theirs.header("location")).await.expect(200);
    there.get(mine.header("location")).await.expect(404);
    here.get(theirs.header("location")).await.expect(404);
    here.delete(theirs.header("location")).await.expect(404);

    assert_eq!(names(&here).await, ["Alpha"]);
    assert_eq!(names(&there).await, ["Beta"]);
    assert_eq!(here.get("/organization").await.expect(200).body["slug"], somebody.alpha.slug());
    assert_eq!(there.get("/organization").await.expect(200).body["slug"], somebody.beta.slug());
}

/// Without a choice one signs in to the organization that one joined first.
#[tokio::test]
async fn the_first_home_is_the_default() {
    let somebody = Somebody::new().await;
    let client = somebody.sign_in(None).await;
    assert_eq!(client.get("/organization").await.expect(200).body["slug"], somebody.alpha.slug());
}

/// An organization that one is no member of and one that does not exist are the same to a sign-in.
#[tokio::test]
async fn a_foreign_organization_is_like_none() {
    let somebody = Somebody::new().await;
    let foreign = somebody.platform.organization("Gamma").await;
    let mut answers = Vec::new();
    for slug in [foreign.slug(), "nowhere"] {
        let body = json!({ "email": somebody.email, "password": PASSWORD, "organization": slug });
        answers.push(somebody.platform.anonymous().post("/auth/login", body).await.expect(409).text);
    }
    assert_eq!(answers[0], answers[1]);
}

async fn names(client: &TestClient) -> Vec<String> {
    let page = client.get("/contacts").await.expect(200);
    let items = page.body["items"].as_array().expect("items").iter();
    items.map(|item| item["last_name"].as_str().expect("a name").to_owned()).collect()
}

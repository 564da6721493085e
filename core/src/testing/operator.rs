//! An operator of a test, without the command line that makes one elsewhere.

use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{PASSWORD, TestPlatform};
use crate::testing::TestClient;

/// An operator who is signed in.
pub struct TestOperator {
    client: TestClient,
    email: String,
}

/// Of [`PASSWORD`]: one hash serves all tests of a process.
static HASH: OnceCell<String> = OnceCell::const_new();

impl TestOperator {
    pub(super) async fn sign_in(platform: &TestPlatform) -> Self {
        let (operator, session) = (Uuid::now_v7(), Uuid::now_v7());
        let email = format!("operator-{}@example.com", operator.simple());
        let hash =
            HASH.get_or_init(async || platform.platform().passwords().hash(PASSWORD.to_owned()).await.expect("a hash"));
        platform
            .database()
            .superuser()
            .await
            .execute(
                "WITH operator AS (
                    INSERT INTO platform.operators (id, email, name, password_hash) VALUES ($1, $2, 'Olga', $4)
                    RETURNING id
                 )
                 INSERT INTO platform.operator_sessions (id, operator_id, expires_at)
                 SELECT $3, id, now() + interval '1 hour' FROM operator",
                &[&operator, &email, &session, hash.await],
            )
            .await
            .expect("an operator");
        Self { client: platform.client(&platform.platform().operator_tokens().seal(session)), email }
    }

    /// A client with the operator's token.
    pub fn client(&self) -> &TestClient {
        &self.client
    }

    /// The address for signing in, with [`PASSWORD`].
    pub fn email(&self) -> &str {
        &self.email
    }
}

//! An operator of a test, without the command line that makes one elsewhere.

use uuid::Uuid;

use super::TestPlatform;
use crate::testing::TestClient;

/// An operator who is signed in.
pub struct TestOperator {
    client: TestClient,
    email: String,
}

impl TestOperator {
    pub(super) async fn sign_in(platform: &TestPlatform) -> Self {
        let (operator, session) = (Uuid::now_v7(), Uuid::now_v7());
        let email = format!("operator-{}@example.com", operator.simple());
        let hash = super::password_hash(platform.platform()).await;
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
                &[&operator, &email, &session, &hash],
            )
            .await
            .expect("an operator");
        Self { client: platform.client(&platform.platform().operator_tokens().seal(session)), email }
    }

    /// A client with the operator's token.
    pub fn client(&self) -> &TestClient {
        &self.client
    }

    /// The address for signing in, with [`PASSWORD`](super::PASSWORD).
    pub fn email(&self) -> &str {
        &self.email
    }
}

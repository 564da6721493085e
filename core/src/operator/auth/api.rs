//! `POST /operator/auth/login` and `POST /operator/auth/logout`.

use http::header;
use poem::Request;
use poem_openapi::{Object, OpenApi};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::{self, NewSession};
use crate::http::{Anonymous, ApiError, ApiResult, Body, ClientAddr, Deleted, Operator, Proven};
use crate::identity::prove;
use crate::module::Tag;
use crate::operator::support::{SupportEnd, store::end_of_operator};
use crate::value::{Email, Text};

/// An operator's sign-in.
#[derive(Debug, Deserialize, Object)]
#[serde(deny_unknown_fields)]
pub struct OperatorLogin {
    /// The address.
    email: Email,
    /// The password.
    password: Text<1024>,
}

/// An operator's token, and whose it is.
#[derive(Debug, Serialize, Object)]
pub struct OperatorSignedIn {
    /// For the header `Authorization: Bearer …`, on the operations for operators and on no others.
    access_token: String,
    /// Seconds until it expires; then sign in again.
    expires_in: u64,
    /// Who signed in.
    operator: OperatorAnswer,
}

/// An operator.
#[derive(Debug, Serialize, Object)]
pub struct OperatorAnswer {
    /// Its id.
    id: Uuid,
    /// The address for signing in.
    email: String,
    /// How the operator wants to be called.
    name: String,
}

/// Signing in as an operator.
#[derive(Default)]
pub struct OperatorAuthApi;

#[OpenApi(tag = "Tag::Operators")]
impl OperatorAuthApi {
    /// Sign in as an operator.
    ///
    /// Accounts are made with `tenantry operator create`. Whether the address is known cannot be told from the answer
    /// nor from its time.
    #[oai(path = "/operator/auth/login", method = "post", operation_id = "operator_login")]
    async fn login(
        &self,
        caller: Anonymous,
        request: &Request,
        body: Body<OperatorLogin>,
    ) -> ApiResult<Proven<OperatorSignedIn>> {
        let Anonymous(platform) = caller;
        let OperatorLogin { email, password } = body.0;
        let wrong = || ApiError::unauthenticated("The e-mail address or the password is wrong.");
        let find = store::credentials(email.canonical());
        let known = prove(&platform, request, &email.canonical(), password.to_string(), find).await?;
        let operator = known.ok_or_else(wrong)?;
        let life = platform.config().identity.operator_ttl;
        let session = NewSession {
            id: Uuid::now_v7(),
            operator: operator.id,
            device: request.header(header::USER_AGENT).map(|agent| agent.chars().take(300).collect()),
            address: request.data::<ClientAddr>().map(|client| client.0),
            life,
        };
        let access_token = platform.operator_tokens().seal(session.id);
        if !platform.db().run(store::insert(session)).await? {
            return Err(wrong());
        }
        let operator = OperatorAnswer { id: operator.id, email: operator.email, name: operator.name };
        Ok(Proven(OperatorSignedIn { access_token, expires_in: life.as_secs(), operator }))
    }

    /// Sign out.
    ///
    /// Also ends all support accesses that this operator has begun.
    #[oai(path = "/operator/auth/logout", method = "post", operation_id = "operator_logout")]
    async fn logout(&self, caller: Operator) -> ApiResult<Deleted> {
        caller
            .transaction(async |tx| {
                // First: whoever begins an access by this session holds the same row.
                tx.run(store::end(caller.session())).await?;
                tx.run(end_of_operator(caller.id(), SupportEnd::Operator, caller.doer())).await?;
                Ok(Deleted)
            })
            .await
    }
}

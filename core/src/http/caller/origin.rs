//! Where a request comes from and what it asks for, as far as the journal notes it.

use std::net::IpAddr;

use poem::Request;
use uuid::Uuid;

use crate::http::ClientAddr;
use crate::http::server::RequestId;
use crate::identity::{Bearer, Claims};
use crate::tenancy::{Actor, ActorKind};

/// The operation that a request was routed to, by its name in the document. It stands in the request's data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation(pub(crate) &'static str);

/// What a request says of itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    operation: &'static str,
    address: Option<IpAddr>,
    request: Option<Uuid>,
}

impl Origin {
    pub(super) fn of(request: &Request) -> Self {
        Self {
            operation: request.data::<Operation>().map_or("", |operation| operation.0),
            address: request.data::<ClientAddr>().map(|client| client.0),
            request: request.data::<RequestId>().map(|id| id.0),
        }
    }

    /// Who makes the request.
    pub(super) fn actor(&self, claims: &Claims) -> Actor {
        let kind = match claims.bearer() {
            Bearer::Person => ActorKind::Person,
            Bearer::Support => ActorKind::Support,
            Bearer::Key(_) => ActorKind::Key,
        };
        Actor {
            kind,
            user: Some(claims.user),
            session: Some(claims.session),
            address: self.address,
            operation: self.operation,
            request: self.request,
        }
    }
}

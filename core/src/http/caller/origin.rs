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
pub(in crate::http) struct Origin {
    operation: &'static str,
    address: Option<IpAddr>,
    request: Option<Uuid>,
}

impl Origin {
    pub(in crate::http) fn of(request: &Request) -> Self {
        Self {
            operation: request.data::<Operation>().map_or("", |operation| operation.0),
            address: request.data::<ClientAddr>().map(|client| client.0),
            request: request.data::<RequestId>().map(|id| id.0),
        }
    }

    /// The operation, by its name in the document.
    pub(super) fn operation(&self) -> &'static str {
        self.operation
    }

    /// Who makes the request.
    pub(super) fn actor(&self, claims: &Claims) -> Actor {
        let kind = match claims.bearer() {
            Bearer::Person => ActorKind::Person,
            Bearer::Support => ActorKind::Support,
            Bearer::Key(_) => ActorKind::Key,
        };
        self.acting(kind, claims.user, claims.session)
    }

    /// An operator who makes the request.
    pub(in crate::http) fn operator(&self, id: Uuid, session: Uuid) -> Actor {
        self.acting(ActorKind::Operator, id, session)
    }

    fn acting(&self, kind: ActorKind, user: Uuid, session: Uuid) -> Actor {
        let Self { operation, address, request } = *self;
        Actor { kind, user: Some(user), session: Some(session), address, operation, request }
    }
}

//! Who acts, as the journal notes it of each change.

use std::fmt;
use std::net::IpAddr;

use uuid::Uuid;

/// Who acts, by what, and from where. The database reads it as the type `platform.actor`.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    /// As whom.
    pub kind: ActorKind,
    /// The person or operator; of an API key who made it.
    pub user: Option<Uuid>,
    /// The session, or the API key.
    pub session: Option<Uuid>,
    /// The client's address.
    pub address: Option<IpAddr>,
    /// The operation, as the document names it.
    pub operation: &'static str,
    /// The request's id, as the answer has it.
    pub request: Option<Uuid>,
}

/// Kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A person who is signed in.
    Person,
    /// An API key.
    Key,
    /// An operator, whom the organization let in.
    Support,
    /// An operator, from outside of the organization.
    Operator,
}

impl ActorKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Key => "key",
            Self::Support => "support",
            Self::Operator => "operator",
        }
    }
}

/// As PostgreSQL writes a value of several columns. None of them can hold a comma or a parenthesis: they are ids, addresses
/// and names of operations.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Maybe<T>(Option<T>);
        impl<T: fmt::Display> fmt::Display for Maybe<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_ref().map_or(Ok(()), |value| value.fmt(f))
            }
        }
        let Self { kind, user, session, address, operation, request } = *self;
        write!(f, "({},{},{},", kind.as_str(), Maybe(user), Maybe(session))?;
        write!(f, "{},{operation},{})", Maybe(address), Maybe(request))
    }
}

//! What a token says, and what its bearer may do by it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::permission::{HeldRole, PermissionInfo, RecordScope, RoleKey};
use crate::tenancy::{Reach, Shard, TenantId};

/// What an access token says. It is for one organization; another one needs another token.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Claims {
    /// The person.
    pub user: Uuid,
    /// The session, which must be live.
    pub session: Uuid,
    /// The organization, unless the person has signed in to none.
    pub home: Option<Arc<Home>>,
    bearer: Bearer,
    pub(super) exp: u64,
}

/// Who bears what says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bearer {
    /// A person, who may do all that the role allows.
    Person,
    /// An operator who has entered the organization.
    Support,
    /// A program, which is limited to these permissions.
    Key(Vec<String>),
}

/// The organization that a token is for, and what its bearer is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The organization.
    pub tenant: TenantId,
    /// Which login serves it, so that no look-up is needed.
    pub shard: Shard,
    /// The role, which must still be the member's.
    pub role: HeldRole,
}

impl Claims {
    /// Whether the bearer may do what needs this permission: the one place where that is decided.
    ///
    /// That the role is still the member's, the door asks the database.
    pub fn allows(&self, permission: &PermissionInfo) -> bool {
        let in_scope = match &self.bearer {
            Bearer::Person | Bearer::Support => true,
            Bearer::Key(scopes) => scopes.iter().any(|scope| scope == permission.name),
        };
        in_scope && self.home.as_ref().is_some_and(|home| home.role.verdict(permission).is_allowed())
    }

    /// Which records with owners the bearer reaches. An API key acts for its creator.
    pub(crate) fn reach(&self) -> Reach {
        let scope = self.home.as_ref().map_or(RecordScope::Own, |home| home.role.scope);
        Reach::new(scope, Some(self.user).filter(|_| self.bearer != Bearer::Support))
    }

    /// What the bearer of an API key may claim.
    pub(crate) fn of_key(creator: Uuid, session: Uuid, home: Home, scopes: Vec<String>) -> Self {
        Self { user: creator, session, home: Some(Arc::new(home)), bearer: Bearer::Key(scopes), exp: u64::MAX }
    }

    /// Whether an API key says it, and not a person.
    pub fn is_of_key(&self) -> bool {
        matches!(self.bearer, Bearer::Key(_))
    }

    /// When it is over, in seconds since 1970. An API key is over when its session is.
    pub(crate) fn expires(&self) -> u64 {
        self.exp
    }

    /// Who bears it.
    pub(crate) fn bearer(&self) -> &Bearer {
        &self.bearer
    }
}

/// The claims as they are kept for a moment.
#[derive(Serialize, Deserialize)]
struct Written {
    user: Uuid,
    session: Uuid,
    home: Option<Home>,
    bearer: Bearer,
    exp: u64,
}

impl From<Claims> for Written {
    fn from(claims: Claims) -> Self {
        let Claims { user, session, home, bearer, exp } = claims;
        Self { user, session, home: home.map(Arc::unwrap_or_clone), bearer, exp }
    }
}

impl From<Written> for Claims {
    fn from(written: Written) -> Self {
        let Written { user, session, home, bearer, exp } = written;
        Self { user, session, home: home.map(Arc::new), bearer, exp }
    }
}

/// The claims as the token has them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payload {
    sub: Uuid,
    sid: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tid: Option<TenantId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shd: Option<Shard>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<RoleKey>,
    /// What a custom role allows. One of the four needs no list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prm: Vec<String>,
    /// Which records a custom role is for, unless it is for all.
    #[serde(default, skip_serializing_if = "RecordScope::is_all")]
    scp: RecordScope,
    /// Whether `sub` is an operator.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sup: bool,
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
}

impl Payload {
    pub(super) fn new(subject: &Subject, issuer: &str, iat: u64, exp: u64) -> Self {
        let home = subject.home.as_ref();
        Self {
            sub: subject.user,
            sid: subject.session,
            tid: home.map(|home| home.tenant),
            shd: home.map(|home| home.shard),
            role: home.map(|home| home.role.key),
            prm: home.map(|home| home.role.permissions.clone()).unwrap_or_default(),
            scp: home.map(|home| home.role.scope).unwrap_or_default(),
            sup: subject.support,
            iss: issuer.to_owned(),
            aud: issuer.to_owned(),
            iat,
            exp,
        }
    }

    /// The organization is told in full or not at all.
    pub(super) fn claims(self) -> Option<Claims> {
        let Self { sub, sid, tid, shd, role, prm, scp, sup, exp, .. } = self;
        let home = match (tid, shd, role) {
            (Some(tenant), Some(shard), Some(key)) => {
                Some(Arc::new(Home { tenant, shard, role: HeldRole { key, permissions: prm, scope: scp } }))
            }
            (None, None, None) => None,
            _ => return None,
        };
        let bearer = if sup { Bearer::Support } else { Bearer::Person };
        Some(Claims { user: sub, session: sid, home, bearer, exp })
    }
}

/// Whom a token is for.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The person.
    pub user: Uuid,
    /// The session.
    pub session: Uuid,
    /// The organization, where there is one.
    pub home: Option<Home>,
    /// Whether it is an operator with a support access, and no member.
    pub support: bool,
}

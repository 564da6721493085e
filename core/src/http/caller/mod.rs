//! Who calls, as extractors: a handler takes the caller that it needs, and there is no check left to forget.

mod admitted;
mod denied;
mod extract;
mod logged;
mod origin;
mod signed_in;
mod ticketed;

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use aws_lc_rs::hmac;
use http::StatusCode;
use uuid::Uuid;

use admitted::Admitted;
pub(crate) use denied::{DeniedTries, forget_denied_tries};
pub(crate) use extract::bearer;
pub use extract::{ANONYMOUS, SIGNED_IN};
pub(super) use extract::{caller, platform};
pub(super) use origin::Operation;
pub(super) use origin::Origin;
pub use signed_in::SignedIn;
pub use ticketed::Ticketed;

use super::cursor::Lister;
use super::once::{Guard, Once};
use super::problem::{ApiError, SECOND_FACTOR_REQUIRED};
use crate::egress::Egress;
use crate::files::TenantFiles;
use crate::identity::{Bearer, Claims, Home, UserId, is_fresh};
use crate::mail::Mail;
use crate::module::Modules;
use crate::notify::{Destination, Notify};
use crate::permission::{HeldRole, Permission, PermissionInfo, Reads, RoleKey, Writes};
use crate::platform::{Platform, PlatformTx};
use crate::sql;
use crate::tenancy::{Access, Actor, Entry, Reach, Right, Statement, TenantId, TenantTx, statement};
use crate::value::Email;

/// Nobody in particular: the operation is open to all.
pub struct Anonymous(pub(crate) Platform);

/// Somebody who is signed in to an organization and whose role has the permission `P`.
///
/// It opens the door to that organization's data, and to no other's. Only a permission that
/// [`Writes`] can change something; the others get read-only transactions.
pub struct Can<P> {
    caller: Caller,
    permission: PhantomData<P>,
}

/// A verified token for an organization and the platform it is used on.
pub struct Caller {
    platform: Platform,
    claims: Arc<Claims>,
    home: Arc<Home>,
    origin: Origin,
    once: Option<Once>,
}

impl Caller {
    /// The organization's home that the token is for.
    pub fn tenant(&self) -> TenantId {
        self.home.tenant
    }

    /// The person.
    pub fn user(&self) -> Uuid {
        self.claims.user
    }

    /// The session of the token.
    pub fn session(&self) -> Uuid {
        self.claims.session
    }

    /// The role that the token was given for.
    pub fn role(&self) -> RoleKey {
        self.home.role.key
    }

    /// The role with what it allows.
    pub fn held(&self) -> &HeldRole {
        &self.home.role
    }

    /// Which records with owners the caller reaches, for [`owned`](crate::tenancy::owned).
    pub fn reach(&self) -> Reach {
        self.claims.reach()
    }

    /// Whether the caller may do what needs this permission.
    pub fn allows(&self, permission: &PermissionInfo) -> bool {
        self.claims.allows(permission)
    }

    /// The modules of this build.
    pub fn modules(&self) -> &Modules {
        self.platform.modules()
    }

    /// Whether the organization has enabled the module.
    pub(crate) async fn has_module(&self, module: &'static str) -> Result<bool, ApiError> {
        let enabled = statement(sql!("SELECT 1 FROM tenant_modules WHERE tenant_id = $1 AND module = $2 AND enabled"));
        Ok(self.platform.db().run(enabled.bind(self.tenant()).bind(module).any()).await?)
    }

    /// The modules that the organization has the tables of, and whether each is enabled.
    pub(crate) async fn module_states(&self) -> Result<Vec<(String, bool)>, ApiError> {
        let states = statement(sql!("SELECT module, enabled FROM tenant_modules WHERE tenant_id = $1"));
        Ok(self.platform.db().run(states.bind(self.tenant()).many()).await?)
    }

    /// Whether a person is a member of the caller's organization at this moment.
    ///
    /// It lets nobody in: what follows from it is answered inside of a transaction of the caller's.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn is_member(&self, user: UserId) -> Result<bool, ApiError> {
        let member = statement(sql!("SELECT 1 FROM memberships WHERE tenant_id = $1 AND user_id = $2"));
        Ok(self.platform.db().run(member.bind(self.tenant()).bind(user).any()).await?)
    }

    /// Those of these people who are members of the caller's organization at this moment. As [`is_member`](Self::is_member), it
    /// lets nobody in.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn members(&self, users: Vec<Uuid>) -> Result<Vec<Uuid>, ApiError> {
        let members = statement(sql!("SELECT user_id FROM memberships WHERE tenant_id = $1 AND user_id = ANY ($2)"));
        let found = self.platform.db().run(members.bind(self.tenant()).bind(users).many::<(Uuid,)>()).await?;
        Ok(found.into_iter().map(|(user,)| user).collect())
    }

    /// What a member of the caller's organization is called; none where the person is no member at this moment. As
    /// [`is_member`](Self::is_member), it lets nobody in.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn member_name(&self, user: UserId) -> Result<Option<String>, ApiError> {
        let name = statement(sql!(
            "SELECT u.name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.tenant_id = $1 AND m.user_id = $2"
        ));
        let found = self.platform.db().run(name.bind(self.tenant()).bind(user).optional::<(String,)>()).await?;
        Ok(found.map(|(name,)| name))
    }

    /// The operation that the request was routed to, by its name in the document.
    pub fn operation(&self) -> &'static str {
        self.origin.operation()
    }

    /// Refuses who has not signed in within the last 15 minutes, for what somebody who finds an open screen must not do.
    ///
    /// # Errors
    /// 403 where the sign-in is older, or where an API key or an operator calls.
    pub async fn expect_fresh_sign_in(&self) -> Result<(), ApiError> {
        if !matches!(self.claims.bearer(), Bearer::Person) {
            return Err(ApiError::person_needed());
        }
        match self.platform.db().run(is_fresh(self.session())).await? {
            true => Ok(()),
            false => Err(ApiError::sign_in_again()),
        }
    }

    /// Where the organization's owners are written to, for a notice that is posted in a transaction of the caller's.
    ///
    /// # Errors
    /// 503 where the database cannot be asked.
    pub async fn owners(&self) -> Result<Vec<Destination>, ApiError> {
        let owners = statement(sql!(
            "SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id ",
            "WHERE m.tenant_id = $1 AND m.role = 'owner' AND u.deleted_at IS NULL ORDER BY u.id LIMIT 100"
        ));
        let found = self.platform.db().run(owners.bind(self.tenant()).many::<(Email,)>()).await?;
        Ok(found.iter().map(|(email,)| email.into()).collect())
    }

    /// Whether the caller may give or take a role: it allows nothing that the caller's own does not.
    pub(crate) fn covers(&self, role: &HeldRole) -> bool {
        self.home.role.covers(role, self.platform.modules().permissions())
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// What the token says.
    pub(crate) fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Posts notices, in a transaction of the caller's.
    pub fn notify(&self) -> &Notify {
        self.platform.notify()
    }

    /// The organization's files, and nobody else's.
    pub fn files(&self) -> TenantFiles {
        self.platform.files().of(self.tenant())
    }

    /// Makes the links of letters.
    pub(crate) fn mail(&self) -> &Mail {
        self.platform.mail()
    }

    /// Sends requests to addresses that tenants have chosen.
    pub(crate) fn egress(&self) -> &Egress {
        self.platform.egress()
    }

    /// Who acts, for the journal.
    pub(crate) fn actor(&self) -> Actor {
        self.origin.actor(&self.claims)
    }

    /// Runs several statements on the schema `platform` as one transaction, which waits for the answer where the request
    /// bears a key. The journal learns who acts.
    async fn on_platform<T, F>(&self, guard: Guard, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        let acting = async |tx: &PlatformTx<'_>| {
            tx.act(self.actor()).await?;
            work(tx).await
        };
        match &self.once {
            None => self.platform.db().transaction(acting).await,
            Some(once) => once.on_platform(&self.platform, guard, acting).await,
        }
    }

    fn entry(&self, module: Option<&'static str>) -> Entry {
        Entry {
            tenant: self.tenant(),
            shard: self.home.shard,
            module,
            right: Right::Session {
                id: self.session(),
                role: self.role(),
                scope: self.held().scope,
                actor: self.actor(),
            },
        }
    }
}

impl<P: Reads> Can<P> {
    /// Runs one statement in a read-only transaction of its own: one round trip.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn read<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        if self.once.as_ref().is_some_and(Once::is_open_in_tenant) {
            return self.within(Access::Read, async |tx| Ok(tx.run(statement).await?)).await;
        }
        self.heed(self.platform.door().once(self.entry(), Access::Read, statement).await).await
    }

    /// Runs several statements that see the same data, in a read-only transaction.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn read_all<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    {
        self.within(Access::Read, work).await
    }
}

impl<P: Permission> Can<P> {
    async fn within<T, F>(&self, access: Access, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    {
        if let Some(once) = &self.once
            && (access == Access::Write || once.is_open_in_tenant())
        {
            return self.heed(once.in_tenant(&self.platform, self.entry(), work).await).await;
        }
        let mut tx = self.platform.door().transaction(self.entry(), access).await?;
        let done = work(&mut tx).await;
        if done.is_ok() {
            tx.commit().await?
        } else {
            tx.roll_back().await?
        }
        self.heed(done).await
    }

    /// Lets the caller in without a statement, for what stands in the schema `platform` and not in the tenant's own.
    pub(crate) async fn admit(&self) -> Result<Admitted<'_>, ApiError> {
        self.heed(self.platform.door().admit(self.entry()).await).await?;
        let guard = Guard::Entry(self.entry());
        if let Some(once) = &self.once {
            self.heed(once.begin(&self.platform, guard).await).await?;
        }
        Ok(Admitted::new(&self.caller, guard))
    }

    /// Works on the schema `platform` without having been let in: whoever calls asks that itself.
    pub(in crate::http) async fn govern_with<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        self.caller.on_platform(Guard::Entry(self.entry()), work).await
    }

    /// What a refusal of the door means for who bears the token or the key.
    async fn heed<T, E: Into<ApiError>>(&self, done: Result<T, E>) -> Result<T, ApiError> {
        match done {
            Ok(done) => Ok(done),
            Err(error) => Err(self.explained(error.into()).await),
        }
    }

    async fn explained(&self, error: ApiError) -> ApiError {
        let (is_over, lacks) = (error.status() == StatusCode::UNAUTHORIZED, error.code() == SECOND_FACTOR_REQUIRED);
        match self.claims.bearer() {
            // What is remembered of the key is out of date. The key itself may live on, with other rights than before.
            Bearer::Key(_) if is_over => {
                match self.platform.key_guard().look_again(self.platform.db(), self.session()).await {
                    Ok(true) => ApiError::rights_changed(),
                    Ok(false) => ApiError::key_over(),
                    Err(error) => error.into(),
                }
            }
            Bearer::Key(_) if lacks => ApiError::creator_lacks_second_factor(),
            Bearer::Support if is_over => ApiError::support_over(),
            _ => error,
        }
    }

    pub(crate) fn entry(&self) -> Entry {
        self.caller.entry(self.platform.modules().gate(P::INFO.module))
    }
}

impl<P: Writes> Can<P> {
    /// Runs one statement in a transaction of its own: one round trip. Where it fails, nothing has changed.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn write<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        if self.once.is_some() {
            return self.within(Access::Write, async |tx| Ok(tx.run(statement).await?)).await;
        }
        self.heed(self.platform.door().once(self.entry(), Access::Write, statement).await).await
    }

    /// Runs several statements as one transaction; it is committed where `work` ends well, and only then.
    ///
    /// # Errors
    /// The problem to answer with.
    pub async fn transaction<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&mut TenantTx) -> Result<T, ApiError>,
    {
        self.within(Access::Write, work).await
    }
}

impl<P> Lister for Can<P> {
    fn cursor_key(&self) -> &hmac::Key {
        self.platform.cursor_key()
    }

    fn list_owner(&self) -> Uuid {
        self.tenant().as_uuid()
    }
}

impl<P> Deref for Can<P> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

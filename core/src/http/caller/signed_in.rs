//! A person who is signed in.

use std::sync::Arc;

use aws_lc_rs::hmac;
use uuid::Uuid;

use crate::http::once::{Guard, Once};
use crate::http::{ApiError, Lister};
use crate::identity::Claims;
use crate::platform::{Platform, PlatformTx, Present};
use crate::tenancy::Statement;

/// A person who is signed in, for what belongs to the person and not to an organization.
///
/// It reads and changes the schema `platform`, and each of its transactions starts with the question whether the session
/// is still live and its role unchanged: there is no way to run a statement without it.
pub struct SignedIn {
    platform: Platform,
    claims: Arc<Claims>,
    once: Option<Once>,
}

impl SignedIn {
    /// From a token that is a person's.
    pub(super) fn new(platform: Platform, claims: Arc<Claims>, once: Option<Once>) -> Self {
        Self { platform, claims, once }
    }

    /// The person.
    pub fn user(&self) -> Uuid {
        self.claims.user
    }

    /// The session.
    pub fn session(&self) -> Uuid {
        self.claims.session
    }

    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Runs a statement on the schema `platform`, if the session is still live: one round trip.
    ///
    /// # Errors
    /// 401 where the session has ended or the member's role has changed, or the problem to answer with.
    pub(crate) async fn run<T>(&self, statement: Statement<T>) -> Result<T, ApiError> {
        match &self.once {
            None => Ok(self.platform.db().run_if(self.present(), statement).await?),
            Some(_) => self.transaction(async |tx| Ok(tx.run(statement).await?)).await,
        }
    }

    /// Runs several statements on the schema `platform` as one transaction, if the session is still live; it is
    /// committed where `work` ends well, and only then.
    ///
    /// # Errors
    /// As [`SignedIn::run`].
    pub(crate) async fn transaction<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        F: AsyncFnOnce(&PlatformTx<'_>) -> Result<T, ApiError>,
    {
        if let Some(once) = &self.once {
            return once.on_platform(&self.platform, Guard::Present(self.present()), work).await;
        }
        let guarded = async |tx: &PlatformTx<'_>| {
            tx.require(self.present()).await?;
            work(tx).await
        };
        self.platform.db().transaction(guarded).await
    }

    pub(crate) fn present(&self) -> Present {
        let home = self.claims.home.as_ref();
        Present {
            session: self.session(),
            user: self.user(),
            tenant: home.map(|home| home.tenant),
            role: home.map(|home| home.role.key),
        }
    }
}

impl Lister for SignedIn {
    fn cursor_key(&self) -> &hmac::Key {
        self.platform.cursor_key()
    }

    fn list_owner(&self) -> Uuid {
        self.user()
    }
}

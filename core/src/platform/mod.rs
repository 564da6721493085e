//! The platform: what one process shares, handed to handlers by the request and never a global.

pub(crate) mod bell;
mod db;
mod install;
mod kept;
mod start;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use serde_json::Value;

pub use db::{PlatformDb, PlatformTx};
pub(crate) use db::{Present, pool, unavailable};
#[cfg(feature = "testing")]
pub(crate) use install::secret_beside;
pub use install::{InstallError, Installation, connect};
pub(crate) use kept::KeptTx;
#[cfg(feature = "testing")]
pub(crate) use start::MIGRATIONS;
pub use start::{HARDENING, StartError, migrate};

use crate::calendar::Feeds;
use crate::config::{Config, Seal, Secret};
use crate::custom::FieldUses;
use crate::egress::Egress;
use crate::events::{Live, Outbox};
use crate::export::Exports;
use crate::files::Files;
use crate::http::DeniedTries;
use crate::identity::{API_KEY_PREFIX, Claims, KeyGuard, Passwords, Tokens, keys};
use crate::mail::Mail;
use crate::module::{Documents, Modules, documents};
use crate::notify::{Notify, Suppressing, Unsubscribing};
use crate::operator::OperatorTokens;
use crate::sms::Sms;
use crate::sql;
use crate::tenancy::{DbError, Door, Lanes, Logins, Tenants, statement};

/// A running platform. Cloning it is cheap.
#[derive(Clone)]
pub struct Platform(Arc<Inner>);

struct Inner {
    config: Config,
    modules: Modules,
    door: Door,
    db: PlatformDb,
    work_db: PlatformDb,
    tenants: Tenants,
    tokens: Tokens,
    learned: keys::Learned,
    key_guard: KeyGuard,
    denied_tries: DeniedTries,
    field_uses: FieldUses,
    exports: Exports,
    files: Files,
    operator_tokens: OperatorTokens,
    passwords: Passwords,
    outbox: Outbox,
    seed_seal: Seal,
    answer_seal: Seal,
    mail: Mail,
    egress: Egress,
    webhook_key: hmac::Key,
    live: Arc<Live>,
    sms: Sms,
    notify: Notify,
    unsubscribing: Unsubscribing,
    feeds: Feeds,
    suppressing: Suppressing,
    cursor_key: hmac::Key,
    refresh_key: hmac::Key,
}

impl Inner {
    /// Reads the table of signing keys.
    async fn learn_keys(&self) -> Result<(), DbError> {
        let kids = keys::ids(&self.db).await?;
        if let Err(error) = self.tokens.replace(&kids) {
            tracing::error!(error = &error as &dyn std::error::Error, "the signing keys stay as they are");
        }
        Ok(())
    }
}

impl Platform {
    /// Connects to an installation whose schema is up to date (see [`migrate`]).
    ///
    /// # Errors
    /// Where the modules do not fit together, or the database is not to be had or is not as safe as it must be.
    pub async fn start(config: Config, logins: Logins, secret: &Secret, modules: Modules) -> Result<Self, StartError> {
        let db = PlatformDb::new(logins.platform(config.pool.statement_timeout), 8)?;
        let work_db = PlatformDb::new(logins.worker(config.pool.statement_timeout), 2)?;
        let kids = keys::ids(&db).await?;
        let tokens = Tokens::new(secret, &kids, &config.identity)?;
        let passwords = Passwords::new().map_err(|_| StartError::Passwords)?;
        let feed_seal = secret.seal("calendar feeds").map_err(|_| StartError::Seal)?;
        let unsubscribe_seal = secret.seal("unsubscribing").map_err(|_| StartError::Seal)?;
        let outbox = Outbox::new(secret.seal("outbox").map_err(|_| StartError::Seal)?);
        let mail = Mail::new(outbox.clone(), &config.mail)?;
        let platform = Self(Arc::new(Inner {
            door: Door::new(Lanes::new(logins.clone(), config.pool)),
            tenants: Tenants::new(logins, modules.clone())?,
            egress: Egress::new(&config.egress)?,
            files: Files::new(&config.files)?,
            sms: Sms::new(&config.sms, mail.mailbox())?,
            mail,
            notify: Notify::new(outbox.clone()),
            unsubscribing: Unsubscribing::new(unsubscribe_seal, &config.identity.issuer),
            feeds: Feeds::new(feed_seal, &config.identity.issuer),
            suppressing: Suppressing::new(secret.key("suppressed addresses")),
            outbox,
            live: Arc::new(Live::new(&config)),
            seed_seal: secret.seal("second factors").map_err(|_| StartError::Seal)?,
            answer_seal: secret.seal("answers").map_err(|_| StartError::Seal)?,
            webhook_key: secret.key("webhooks"),
            cursor_key: secret.key("cursors"),
            refresh_key: secret.key("refresh tokens"),
            config,
            modules,
            db,
            work_db,
            tokens,
            learned: keys::Learned::default(),
            key_guard: KeyGuard::new(secret),
            denied_tries: DeniedTries::default(),
            field_uses: FieldUses::default(),
            exports: Exports::default(),
            operator_tokens: OperatorTokens::new(secret),
            passwords,
        }));
        upkeep::begin(&platform.0);
        Ok(platform)
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The modules of this build.
    pub fn modules(&self) -> &Modules {
        &self.0.modules
    }

    /// The API's document in OpenAPI 3.1, of which that of each organization is made.
    pub(crate) fn document(&self) -> Value {
        // The modules were refused at the start if it could not be written.
        documents(&self.0.modules).map_or(Value::Null, Documents::read)
    }

    /// The exports that are under way in this process.
    pub(crate) fn exports(&self) -> &Exports {
        &self.0.exports
    }

    /// Keeps organizations' files.
    pub(crate) fn files(&self) -> &Files {
        &self.0.files
    }

    /// Creates, repairs and lists tenants.
    pub fn tenants(&self) -> &Tenants {
        &self.0.tenants
    }

    /// Whether requests can be answered: the database is there. Waits a second at most.
    ///
    /// # Errors
    /// Where it is not.
    pub async fn ready(&self) -> Result<(), DbError> {
        let check = self.0.db.run(statement(sql!("SELECT 1")).any());
        match tokio::time::timeout(Duration::from_millis(800), check).await {
            Ok(answer) => answer.map(|_| ()),
            Err(elapsed) => Err(DbError::Unavailable(Box::new(elapsed))),
        }
    }

    pub(crate) fn door(&self) -> &Door {
        &self.0.door
    }

    pub(crate) fn db(&self) -> &PlatformDb {
        &self.0.db
    }

    /// For claiming work and noting what became of it, see [`Logins::worker`].
    pub(crate) fn work_db(&self) -> &PlatformDb {
        &self.0.work_db
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.0.tokens
    }

    /// Makes a new signing key. This process uses it at once, each other one as soon as it learns of it; until then, and
    /// until the last token has expired that they sign before it, the key that signed so far verifies.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rotate_keys(&self) -> Result<String, DbError> {
        let (kid, rotation) = keys::rotate(self.0.config.identity.access_ttl);
        self.0.db.run(rotation).await?;
        self.0.learned.again(async || self.0.learn_keys().await).await?;
        Ok(kid)
    }

    /// What an access token or an API key says; also a token of a signing key that another process has made just now.
    pub(crate) async fn verify(&self, token: &str) -> Result<Option<Arc<Claims>>, DbError> {
        if token.starts_with(API_KEY_PREFIX) {
            return self.0.key_guard.claims(&self.0.db, token).await;
        }
        let tokens = &self.0.tokens;
        match tokens.verify(token) {
            None if tokens.is_of_unknown_key(token) => {
                self.0.learned.again(async || self.0.learn_keys().await).await?;
                Ok(tokens.verify(token))
            }
            claims => Ok(claims),
        }
    }

    pub(crate) fn key_guard(&self) -> &KeyGuard {
        &self.0.key_guard
    }

    pub(crate) fn denied_tries(&self) -> &DeniedTries {
        &self.0.denied_tries
    }

    /// Which fields of organizations' own lists are asked by.
    pub(crate) fn field_uses(&self) -> &FieldUses {
        &self.0.field_uses
    }

    pub(crate) fn operator_tokens(&self) -> &OperatorTokens {
        &self.0.operator_tokens
    }

    pub(crate) fn passwords(&self) -> &Passwords {
        &self.0.passwords
    }

    /// Seals the seeds of second factors.
    pub(crate) fn seed_seal(&self) -> &Seal {
        &self.0.seed_seal
    }

    /// Seals the answers that are kept for a replay.
    pub(crate) fn answer_seal(&self) -> &Seal {
        &self.0.answer_seal
    }

    /// What is promised to the outside.
    pub(crate) fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }

    /// Sends letters.
    pub(crate) fn mail(&self) -> &Mail {
        &self.0.mail
    }

    /// Sends requests to addresses that tenants have chosen.
    pub(crate) fn egress(&self) -> &Egress {
        &self.0.egress
    }

    /// What the secrets of webhooks are made with.
    pub(crate) fn webhook_key(&self) -> &hmac::Key {
        &self.0.webhook_key
    }

    /// Who listens to events in this process.
    pub fn live(&self) -> &Arc<Live> {
        &self.0.live
    }

    /// Sends text messages.
    pub(crate) fn sms(&self) -> &Sms {
        &self.0.sms
    }

    /// Posts notices.
    pub(crate) fn notify(&self) -> &Notify {
        &self.0.notify
    }

    /// Makes and reads the links that withdraw consent.
    pub(crate) fn feeds(&self) -> &Feeds {
        &self.0.feeds
    }

    pub(crate) fn unsubscribing(&self) -> &Unsubscribing {
        &self.0.unsubscribing
    }

    /// Knows addresses that get no letters.
    pub(crate) fn suppressing(&self) -> &Suppressing {
        &self.0.suppressing
    }

    pub(crate) fn cursor_key(&self) -> &hmac::Key {
        &self.0.cursor_key
    }

    pub(crate) fn refresh_key(&self) -> &hmac::Key {
        &self.0.refresh_key
    }
}

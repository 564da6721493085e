//! Configuration: one struct per area, with its defaults and its environment names.

mod attempts;
mod base_url;
mod bearer;
mod files;
mod live;
mod seal;
mod secret;
mod sms;

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;

pub use attempts::{Allowance, AttemptLimits};
pub use base_url::BaseUrl;
pub use bearer::BearerSecret;
pub use files::{BucketConfig, FilesConfig};
pub use live::LiveConfig;
pub use seal::Seal;
pub use secret::Secret;
pub use sms::{SmsConfig, SmsProvider, Wrong as SmsProviderFault};

use crate::mail::SmtpUrl;
use crate::tenancy::PoolConfig;

/// All that the server can be told.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address to listen on: `TENANTRY_BIND`, 127.0.0.1:8080.
    pub bind: SocketAddr,
    /// Limits of the HTTP edge.
    pub http: HttpConfig,
    /// The pool of tenant connections.
    pub pool: PoolConfig,
    /// Sign-in.
    pub identity: IdentityConfig,
    /// Mail.
    pub mail: MailConfig,
    /// Requests to addresses that tenants choose.
    pub egress: EgressConfig,
    /// Live events.
    pub live: LiveConfig,
    /// Text messages.
    pub sms: SmsConfig,
    /// Organizations' files.
    pub files: FilesConfig,
}

/// Requests to addresses that tenants choose.
#[derive(Clone, Debug, Default)]
pub struct EgressConfig {
    /// Networks that may be reached although they are not public, also by `http`: `TENANTRY_EGRESS_ALLOW`,
    /// comma-separated. For development.
    pub allow: Vec<IpNet>,
}

/// Limits of the HTTP edge.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Connections at once; more wait in the listener's queue. `TENANTRY_MAX_CONNECTIONS`.
    pub max_connections: usize,
    /// Time for a request's headers.
    pub header_timeout: Duration,
    /// Time for a request's body.
    pub body_timeout: Duration,
    /// Time for an answer.
    pub request_timeout: Duration,
    /// Bytes of a body, as sent and inflated. `TENANTRY_MAX_BODY_BYTES`.
    pub max_body: usize,
    /// Proxies whose `X-Forwarded-For` is believed: `TENANTRY_TRUSTED_PROXIES`, comma-separated networks.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins that browsers may call from: `TENANTRY_CORS_ORIGINS`, comma-separated.
    pub cors_origins: Vec<String>,
    /// Time to finish what is in flight when the server is told to stop.
    pub shutdown_grace: Duration,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            max_connections: 8192,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
            max_body: 1024 * 1024,
            trusted_proxies: Vec::new(),
            cors_origins: Vec::new(),
            shutdown_grace: Duration::from_secs(12),
        }
    }
}

/// Sign-in.
#[derive(Clone, Debug)]
pub struct IdentityConfig {
    /// Life of an access token.
    pub access_ttl: Duration,
    /// Life of a session that is not used.
    pub session_ttl: Duration,
    /// For how long a refresh token still gives its successor after it was used, as long as that one was not used itself:
    /// clients send it twice when an answer gets lost, or when two of their parts refresh at once.
    pub refresh_grace: Duration,
    /// Life of an operator's session.
    pub operator_ttl: Duration,
    /// How often a process deletes sessions that are long over.
    pub session_sweep: Duration,
    /// How often a process looks for new signing keys. It also does when it meets a token of one.
    pub key_refresh: Duration,
    /// How long it may take until the use of an API key is written down: never at the cost of a request.
    pub key_use_delay: Duration,
    /// How often one may try to sign in or to register.
    pub attempts: AttemptLimits,
    /// `iss` and the audience of the tokens: `TENANTRY_PUBLIC_URL`.
    pub issuer: String,
    /// What registering does: `TENANTRY_REGISTRATION`.
    pub registration: RegistrationMode,
}

/// What registering does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationMode {
    /// Signs in at once, and so tells where an address is taken: `open`.
    Open,
    /// Sends a letter, and tells nobody else whether the address was known: `verified`.
    Verified,
}

impl std::str::FromStr for RegistrationMode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "open" => Ok(Self::Open),
            "verified" => Ok(Self::Verified),
            _ => Err(()),
        }
    }
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self {
            access_ttl: Duration::from_secs(15 * 60),
            session_ttl: Duration::from_secs(30 * 24 * 3600),
            refresh_grace: Duration::from_secs(10),
            operator_ttl: Duration::from_secs(15 * 60),
            session_sweep: Duration::from_secs(600),
            key_refresh: Duration::from_secs(60),
            key_use_delay: Duration::from_secs(30),
            attempts: AttemptLimits::default(),
            issuer: "http://127.0.0.1:8080".to_owned(),
            registration: RegistrationMode::Open,
        }
    }
}

/// Mail.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The relay that takes letters: `TENANTRY_SMTP_URL`.
    pub smtp: Option<SmtpUrl>,
    /// Who writes them: `TENANTRY_MAIL_FROM`.
    pub from: lettre::message::Mailbox,
    /// Where the front end is that links in letters lead to: `TENANTRY_APP_URL`, or else `TENANTRY_PUBLIC_URL`.
    pub app_url: String,
    /// Whether letters go into a mailbox in memory where there is no relay. For development and tests only: no variable
    /// can switch it on, and it is off with `DATABASE_URL`.
    pub mailbox: bool,
    /// What the mail service proves itself with when it tells of letters that came back: `TENANTRY_BOUNCE_SECRET`.
    pub bounce_secret: Option<BearerSecret>,
}

impl Default for MailConfig {
    fn default() -> Self {
        let address = lettre::Address::new("tenantry", "localhost");
        #[allow(clippy::expect_used)] // a constant
        let address = address.expect("an address");
        Self {
            smtp: None,
            from: lettre::message::Mailbox::new(Some("Tenantry".to_owned()), address),
            app_url: IdentityConfig::default().issuer,
            mailbox: false,
            bounce_secret: None,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from(([127, 0, 0, 1], 8080)),
            http: HttpConfig::default(),
            pool: PoolConfig::default(),
            identity: IdentityConfig::default(),
            mail: MailConfig::default(),
            egress: EgressConfig::default(),
            live: LiveConfig::default(),
            sms: SmsConfig::default(),
            files: FilesConfig::default(),
        }
    }
}

/// A variable that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {name} is not valid: expected {expected}")]
pub struct ConfigError {
    name: &'static str,
    expected: &'static str,
}

impl Config {
    /// Reads the environment over the defaults.
    ///
    /// # Errors
    /// The first variable that cannot be read; its value is not shown.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(&|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Reads variables from any source.
    ///
    /// # Errors
    /// As [`Config::from_env`].
    pub fn read(env: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        set(env, "TENANTRY_BIND", "an address such as 127.0.0.1:8080", &mut config.bind)?;
        set(env, "TENANTRY_MAX_CONNECTIONS", "a number", &mut config.http.max_connections)?;
        set(env, "TENANTRY_LIVE_PER_SESSION", "a number", &mut config.live.per_session)?;
        set(env, "TENANTRY_LIVE_PER_ORGANIZATION", "a number", &mut config.live.per_organization)?;
        set(env, "TENANTRY_MAX_BODY_BYTES", "a number", &mut config.http.max_body)?;
        set(env, "TENANTRY_REGISTER_LIMIT", "a number", &mut config.identity.attempts.register.tries)?;
        set(env, "TENANTRY_DB_LANES", "a number", &mut config.pool.lanes)?;
        set(env, "TENANTRY_DB_SPREAD", "a number", &mut config.pool.spread)?;
        list(env, "TENANTRY_TRUSTED_PROXIES", "networks such as 10.0.0.0/8", &mut config.http.trusted_proxies)?;
        list(env, "TENANTRY_CORS_ORIGINS", "origins such as https://app.example.com", &mut config.http.cors_origins)?;
        list(env, "TENANTRY_EGRESS_ALLOW", "networks such as 127.0.0.0/8", &mut config.egress.allow)?;
        set(env, "TENANTRY_REGISTRATION", "open or verified", &mut config.identity.registration)?;
        let mut public = BaseUrl::of(config.bind);
        set(env, "TENANTRY_PUBLIC_URL", BaseUrl::EXPECTED, &mut public)?;
        config.identity.issuer = public.to_string();
        let mut app = public;
        set(env, "TENANTRY_APP_URL", BaseUrl::EXPECTED, &mut app)?;
        config.mail.app_url = app.to_string();
        config.mail.read(env)?;
        config.sms.read(env)?;
        config.files.read(env)?;
        Ok(config)
    }
}

impl MailConfig {
    /// The name that letters come from.
    pub(crate) fn sender_name(&self) -> String {
        self.from.name.clone().unwrap_or_else(|| self.from.email.domain().to_owned())
    }

    fn read(&mut self, env: Env<'_>) -> Result<(), ConfigError> {
        let secret = BearerSecret::EXPECTED;
        if let Some(text) = env("TENANTRY_BOUNCE_SECRET") {
            let fault = ConfigError { name: "TENANTRY_BOUNCE_SECRET", expected: secret };
            self.bounce_secret = Some(text.parse().map_err(|()| fault)?);
        }
        let Some(url) = env("TENANTRY_SMTP_URL") else { return Ok(()) };
        let fault = |name, expected| ConfigError { name, expected };
        let relay = "a relay such as smtps://user:password@mail.example.com or smtp://localhost:1025";
        self.smtp = Some(url.parse().map_err(|_| fault("TENANTRY_SMTP_URL", relay))?);
        let sender = "a sender such as Example <no-reply@example.com>; with TENANTRY_SMTP_URL it must be set";
        let from = env("TENANTRY_MAIL_FROM").and_then(|from| from.parse().ok());
        self.from = from.ok_or_else(|| fault("TENANTRY_MAIL_FROM", sender))?;
        Ok(())
    }
}

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

fn set<T: std::str::FromStr>(
    env: Env<'_>,
    name: &'static str,
    expected: &'static str,
    field: &mut T,
) -> Result<(), ConfigError> {
    if let Some(value) = env(name) {
        *field = value.parse().map_err(|_| ConfigError { name, expected })?;
    }
    Ok(())
}

fn list<T: std::str::FromStr>(
    env: Env<'_>,
    name: &'static str,
    expected: &'static str,
    field: &mut Vec<T>,
) -> Result<(), ConfigError> {
    if let Some(value) = env(name) {
        let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
        *field =
            items.map(|item| item.parse().map_err(|_| ConfigError { name, expected })).collect::<Result<_, _>>()?;
    }
    Ok(())
}

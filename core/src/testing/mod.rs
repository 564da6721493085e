//! The harness of tests: a real server on a real database, a new one for each test.
//!
//! ```no_run
//! # use tenantry_core::testing::TestPlatform;
//! # use serde_json::json;
//! # async fn test() {
//! let platform = TestPlatform::start(&["clinic", "real-estate"]).await;
//! let acme = platform.organization("Acme").await;
//! let made = acme.owner().post("/contacts", json!({ "last_name": "Lovelace" })).await.expect(201);
//! let viewer = acme.viewer().await;
//! viewer.get(&format!("/contacts/{}", made.id())).await.expect(200);
//! # }
//! ```
//! Feature `testing`. Faults of a test are panics here, as everywhere in tests.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod client;
mod database;
mod files;
mod listener;
mod neighbour;
mod operator;
mod organization;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::{OnceCell, oneshot};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub use client::{Reply, TestClient};
pub use database::TestDatabase;
pub use files::TestFiles;
pub use listener::TestListener;
pub use neighbour::Neighbour;
pub use operator::TestOperator;
pub use organization::TestOrganization;

use crate::config::{AttemptLimits, Config};
use crate::events;
use crate::http;
use crate::mail::{Delivered, Letter};
use crate::module::Modules;
use crate::platform::Platform;
use crate::sms::TextMessage;
use crate::tenancy::TenantId;
use crate::worker::Worker;

/// The hash of [`PASSWORD`], made once for all.
async fn password_hash(platform: &Platform) -> &'static str {
    static HASH: OnceCell<String> = OnceCell::const_new();
    HASH.get_or_init(async || platform.passwords().hash(PASSWORD.to_owned()).await.expect("a hash")).await
}

/// The password of everybody whom this harness registers.
pub const PASSWORD: &str = "correct horse battery staple";

/// A server with a database of its own. Both are gone when it is dropped.
pub struct TestPlatform {
    platform: Platform,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<http::server::Served>>,
    worker: JoinHandle<()>,
    database: TestDatabase,
    files: TestFiles,
}

impl TestPlatform {
    /// Starts a server with the configuration that tests have. `modules` are those that the test is linked with.
    pub async fn start(modules: &[&str]) -> Self {
        Self::start_with(modules, |_| {}).await
    }

    /// The same, with the configuration changed.
    pub async fn start_with(modules: &[&str], change: impl FnOnce(&mut Config)) -> Self {
        // An answer does not tell its cause; the log does, and cargo shows it with the test that failed.
        let log = tracing_subscriber::fmt().with_test_writer().with_ansi(false).with_max_level(tracing::Level::WARN);
        drop(log.try_init());
        let mut config = Config::default();
        config.pool.lanes = 4;
        // A machine that runs all tests at once is slow, and that is no finding.
        config.http.request_timeout = Duration::from_secs(60);
        // All tests come from one address.
        config.identity.attempts = AttemptLimits::none();
        config.mail.mailbox = true;
        // Each of a test's attacks may listen for a moment.
        config.live.per_session = 1000;
        let files = TestFiles::create();
        config.files.directory = Some(files.directory().to_owned());
        change(&mut config);
        let database = TestDatabase::create().await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let modules = Modules::collect(modules).expect("modules that fit together");
        let platform = start(&database, config, modules).await;
        hold_jobs(&platform, &database).await;
        let worker = database.servers().spawn(Worker::new(platform.clone()).run(std::future::pending()));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = serve(&database, &platform, listener, async move { drop(stopped.await) });
        Self { platform, address, stop: Some(stop), server: Some(server), worker, database, files }
    }

    /// Registers a person and founds an organization, over HTTP.
    pub async fn organization(&self, name: &str) -> TestOrganization {
        TestOrganization::register(self, name).await
    }

    /// A client that is not signed in.
    pub fn anonymous(&self) -> TestClient {
        TestClient::new(self.address, None)
    }

    /// Starts another server on the same database, as another process would be.
    pub async fn beside(&self) -> Neighbour {
        Neighbour::of(self).await
    }

    /// Makes an operator and signs it in.
    pub async fn operator(&self) -> TestOperator {
        TestOperator::sign_in(self).await
    }

    /// A client with any token.
    pub fn client(&self, token: &str) -> TestClient {
        TestClient::new(self.address, Some(token))
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The database, for a look behind the server.
    pub fn database(&self) -> &TestDatabase {
        &self.database
    }

    /// Where it keeps files, for a look behind the server.
    pub fn files(&self) -> &TestFiles {
        &self.files
    }

    /// The platform behind the server.
    pub fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Posts a letter, as operations do within their transactions.
    pub async fn post(&self, letter: Letter) {
        self.platform.db().run(self.platform.mail().post(letter)).await.expect("a letter that is posted");
    }

    /// Gives all that was written so far its place in the journals.
    pub async fn seal(&self) {
        let (worker, database) = (Worker::new(self.platform.clone()), self.database.superuser().await);
        let (waiting, began) = ("SELECT EXISTS (SELECT FROM platform.wakes)", Instant::now());
        // The worker beside may be at it, and then nobody else is.
        loop {
            worker.seal().await.expect("journals that can be sealed");
            if !database.query_one(waiting, &[]).await.expect("what waits").get::<_, bool>(0) {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(20), "something cannot be sealed");
        }
    }

    /// Has a job of a module come up, such as `clinic/remind`, and waits until it is done in each tenant that has the module.
    pub async fn run_job(&self, name: &str) {
        let (worker, database) = (Worker::new(self.platform.clone()), self.database.superuser().await);
        worker.look_at_clock().await.expect("a look at the clock");
        let due = "UPDATE platform.schedules SET due_at = now() WHERE job = $1";
        let found = database.execute(due, &[&name]).await.expect("the schedules");
        assert_eq!(found, 1, "there is no job {name}");
        worker.look_at_clock().await.expect("a look at the clock");
        hold_jobs(&self.platform, &self.database).await;
        let waiting = "SELECT count(*) FROM platform.outbox WHERE dead_at IS NULL AND topic = $1";
        while database.query_one(waiting, &[&name]).await.expect("what waits").get::<_, i64>(0) > 0 {
            worker.turn().await.expect("a turn");
        }
    }

    /// The letters to a person, the oldest first, once all that was posted so far has been delivered.
    ///
    /// ```no_run
    /// # async fn test(platform: tenantry_core::testing::TestPlatform) {
    /// let letters = platform.letters_to("ada@example.com").await;
    /// let token = letters.last().expect("a letter").token().expect("a token");
    /// # }
    /// ```
    pub async fn letters_to(&self, address: &str) -> Vec<Letter> {
        self.delivered_to(address).await.into_iter().map(|delivered| delivered.letter).collect()
    }

    /// The same with what stands around them.
    pub async fn delivered_to(&self, address: &str) -> Vec<Delivered> {
        self.all_is_done().await;
        let mailbox = self.platform.mail().mailbox().expect("a mailbox").letters();
        let mut letters: Vec<_> =
            mailbox.into_iter().rev().filter(|delivered| delivered.letter.to == address).collect();
        letters.sort_by_key(posted);
        letters
    }

    /// The text messages to a number, the oldest first, once all that was posted so far has been delivered.
    pub async fn texts_to(&self, number: &str) -> Vec<TextMessage> {
        self.all_is_done().await;
        let mailbox = self.platform.mail().mailbox().expect("a mailbox").texts();
        mailbox.into_iter().rev().map(|delivered| delivered.message).filter(|message| message.to == number).collect()
    }

    /// Until nothing waits in the outbox that is due within the hour.
    async fn all_is_done(&self) {
        let began = Instant::now();
        while self.platform.db().run(events::waiting()).await.expect("the outbox") {
            assert!(began.elapsed() < Duration::from_secs(20), "letters stay in the outbox");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The token of an unsubscribe link in a letter of an organization to an address.
    pub fn unsubscribe_token(&self, tenant: TenantId, address: &str) -> String {
        self.platform.unsubscribing().token(tenant, address).expect("a token")
    }

    /// The one-time token in the latest letter to a person.
    pub async fn token_to(&self, address: &str) -> String {
        let letters = self.letters_to(address).await;
        let letter = letters.last().unwrap_or_else(|| panic!("no letter to {address}"));
        letter.token().unwrap_or_else(|| panic!("no token in: {}", letter.text)).to_owned()
    }

    /// Stops the server as SIGTERM would, and tells how that went.
    pub async fn stop(&mut self) -> http::server::Served {
        drop(self.stop.take());
        self.server.take().expect("a server that was not stopped yet").await.expect("a server that did not panic")
    }
}

/// When a letter was posted, as its id tells. Several are delivered at once, so the one that was posted last need not arrive last.
fn posted(delivered: &Delivered) -> (i128, Option<Uuid>) {
    let id = delivered.reference.split('.').next().and_then(|id| Uuid::parse_str(id).ok());
    let since = id
        .and_then(|id| id.get_timestamp())
        .map(|stamp| i128::from(stamp.to_unix().0) * 1000 + i128::from(stamp.to_unix().1 / 1_000_000));
    (since.unwrap_or_else(|| delivered.at.unix_timestamp_nanos() / 1_000_000), id)
}

/// Starts a platform where the servers of a database run.
async fn start(database: &TestDatabase, config: Config, modules: Modules) -> Platform {
    let (logins, secret) = (database.logins().clone(), database.secret().clone());
    let starting = async move { Platform::start(config, logins, &secret, modules).await };
    let started = database.servers().spawn(starting).await.expect("a start that does not panic");
    started.expect("a platform that starts")
}

/// Serves a platform there.
/// Has no job of a module come up by itself: which of a test's rows it would find is chance. [`TestPlatform::run_job`] has one come up.
async fn hold_jobs(platform: &Platform, database: &TestDatabase) {
    Worker::new(platform.clone()).look_at_clock().await.expect("a look at the clock");
    let hold = "UPDATE platform.schedules SET due_at = '2999-01-01'";
    database.superuser().await.batch_execute(hold).await.expect("the schedules");
}

fn serve(
    database: &TestDatabase,
    platform: &Platform,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<http::server::Served> {
    let site = http::site(platform.clone()).expect("routes that fit together");
    let config = platform.config().http.clone();
    let live = Arc::clone(platform.live());
    // A listener belongs to the runtime that it was made on.
    let listener = listener.into_std().expect("a listener");
    database.servers().spawn(async move {
        let listener = TcpListener::from_std(listener).expect("a listener");
        http::server::serve(listener, http::server::edge(site, &config), &config, live.until(stop)).await
    })
}

impl Drop for TestPlatform {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.abort();
        }
        self.worker.abort();
    }
}

//! The program as operators run it: another process, on the test's database.

use std::process::{ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Client;
use serde_json::Value;
use tenantry_core::config::Secret;
use tenantry_core::testing::TestDatabase;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

/// Generous, for a machine under load.
pub const LONG: Duration = Duration::from_secs(20);

/// How the admin of a test's database connects.
pub fn url(database: &TestDatabase) -> String {
    let admin = database.logins().admin();
    let password = String::from_utf8(admin.get_password().unwrap().to_vec()).unwrap();
    let (user, name) = (admin.get_user().unwrap(), database.logins().database());
    format!("postgres://{user}:{password}@127.0.0.1:{}/{name}", admin.get_ports()[0])
}

/// A command of the program with nothing in its environment that was not put there.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenantry"));
    command.args(arguments).env_clear().kill_on_drop(true).stdin(Stdio::null());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    // Nothing of a test may end up in the home of whoever runs it.
    command.env("TENANTRY_DATA_DIR", "/dev/null/nowhere");
    command
}

/// The same, on a test's database.
pub fn command_on(database: &TestDatabase, secret: &str, arguments: &[&str]) -> Command {
    let mut command = command(arguments);
    command.env("DATABASE_URL", url(database)).env("TENANTRY_SECRET", secret);
    command
}

/// Runs a command to its end: its code, what it printed, what it said on the side.
pub async fn finish(mut command: Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = tokio::time::timeout(LONG, command.output()).await.unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// A server in another process.
pub struct Server {
    child: Child,
    address: String,
    said: Arc<Mutex<String>>,
    http: Client,
}

impl Server {
    /// Starts a server on a test's database and waits until it is ready.
    pub async fn start(database: &TestDatabase) -> Self {
        Self::run(command_on(database, &Secret::generate(), &[])).await
    }

    /// Starts what the command says.
    pub async fn run(mut command: Command) -> Self {
        command.env("TENANTRY_BIND", "127.0.0.1:0").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::default();
        listen(child.stdout.take().unwrap(), Arc::clone(&said));
        listen(child.stderr.take().unwrap(), Arc::clone(&said));
        let http = Client::builder().no_proxy().tls_certs_only([]).timeout(LONG).build().unwrap();
        let mut server = Self { child, address: String::new(), said, http };
        server.address = tokio::time::timeout(LONG, server.announced()).await.expect("a server that is ready");
        server
    }

    async fn announced(&mut self) -> String {
        loop {
            let said = self.said();
            let api = said.lines().find_map(|line| line.trim().strip_prefix("API"));
            if let Some(api) = api.and_then(|rest| rest.trim().strip_suffix("/api/v1")) {
                return api.to_owned();
            }
            assert!(self.child.try_wait().unwrap().is_none(), "the server ended:\n{said}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What it has printed so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    /// A request to it.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}{path}", self.address))
    }

    /// A POST of JSON: the status, or nothing where there was no answer, and the body.
    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        match self.request("POST", path).json(body).send().await {
            Ok(response) => (response.status().as_u16(), response.json().await.unwrap_or_default()),
            Err(_) => (0, Value::Null),
        }
    }

    /// `kill -9`, also while requests are waiting for their answers.
    pub async fn kill(&self) {
        self.signal("-KILL").await;
    }

    /// Ends it as an operator does, and tells how that went and what it has said.
    pub async fn terminate(mut self) -> (ExitStatus, String) {
        self.signal("-TERM").await;
        let status = tokio::time::timeout(LONG, self.child.wait()).await.expect("a server that ends").unwrap();
        // What it said last may still be on its way.
        tokio::time::sleep(Duration::from_millis(50)).await;
        (status, self.said())
    }

    async fn signal(&self, signal: &str) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().await.unwrap().success());
    }
}

fn listen(pipe: impl AsyncRead + Unpin + Send + 'static, said: Arc<Mutex<String>>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let mut said = said.lock().unwrap();
            said.push_str(&line);
            said.push('\n');
        }
    });
}

//! An installation of its own, from nothing: it loses its PostgreSQL, gets it back, stops and starts again.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use tenantry_core::embedded::{Cluster, Lifetime, Options, Profile};
use tokio::process::Command;

use super::program::{Server, command};

/// Each is a small part of that on an idle machine.
const LONG: Duration = Duration::from_secs(5);

/// The data of a private server, which is stopped and removed also where the test fails.
struct Installation(PathBuf);

impl Installation {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("tenantry-outage-{}", uuid::Uuid::new_v4().simple())))
    }

    fn command(&self) -> Command {
        let mut command = command(&[]);
        command.env("TENANTRY_DATA_DIR", &self.0);
        command
    }

    /// PostgreSQL, started where it does not run.
    async fn postgres(&self) -> Cluster {
        postgres(&self.0).await
    }
}

async fn postgres(data_dir: &Path) -> Cluster {
    let options = Options {
        data_dir: data_dir.to_owned(),
        profile: Profile::Disposable,
        lifetime: Lifetime::UntilStopped,
        settings: Vec::new(),
    };
    Cluster::ensure(&options, &|_| {}).await.unwrap()
}

impl Drop for Installation {
    fn drop(&mut self) {
        let dir = self.0.clone();
        // A runtime of its own: the test's cannot be waited on from here.
        let stopped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            if dir.join("cluster.json").exists() {
                runtime.block_on(async { postgres(&dir).await.stop().await }).unwrap();
            }
            std::fs::remove_dir_all(&dir)
        });
        drop(stopped.join());
    }
}

async fn status(server: &Server, token: &str, path: &str) -> (u16, String, Duration) {
    let began = Instant::now();
    let response = server.request("GET", path).bearer_auth(token).send().await.unwrap();
    let retry = response.headers().get("retry-after").map_or("", |value| value.to_str().unwrap()).to_owned();
    (response.status().as_u16(), retry, began.elapsed())
}

/// Without PostgreSQL the server lives, says that it is not ready, and refuses quickly; then it recovers by itself. A
/// start after a stop finds what was stored.
#[tokio::test]
async fn an_outage_passes() {
    let installation = Installation::new();
    let server = Server::run(installation.command()).await;
    let body = json!({
        "email": "ada@example.com", "password": "correct horse battery staple", "name": "Ada",
        "organization": { "name": "Acme" },
    });
    let (made, session) = server.post("/api/v1/auth/register", &body).await;
    assert_eq!(made, 201, "{session}");
    let token = session["access_token"].as_str().unwrap();
    assert_eq!(status(&server, token, "/api/v1/contacts").await.0, 200);

    installation.postgres().await.stop().await.unwrap();
    for path in ["/health/ready", "/api/v1/contacts", "/api/v1/users/me", "/api/v1/contacts"] {
        let (status, retry, took) = status(&server, token, path).await;
        assert_eq!((status, retry.as_str()), (503, "1"), "{path}");
        assert!(took < LONG, "{path} took {took:?}");
    }
    assert_eq!(server.post("/api/v1/auth/login", &json!({ "email": "ada@example.com", "password": "x" })).await.0, 503);
    assert_eq!(status(&server, token, "/health").await.0, 200);

    installation.postgres().await;
    let began = Instant::now();
    for path in ["/api/v1/contacts", "/health/ready", "/api/v1/users/me"] {
        while status(&server, token, path).await.0 != 200 {
            assert!(began.elapsed() < LONG, "{path} does not recover");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    let (ended, said) = server.terminate().await;
    assert!(ended.success() && said.contains("stopped"), "{said}");
    let server = Server::run(installation.command()).await;
    assert_eq!(status(&server, token, "/api/v1/contacts").await.0, 200, "the same people, the same keys");
    let (ended, said) = server.terminate().await;
    assert!(ended.success(), "{said}");
}

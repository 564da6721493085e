//! What tests of several resources need.

use std::net::SocketAddr;

use tenantry_core::testing::{TestOrganization, TestPlatform};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Lets a test take the last owner away, which nobody else can.
pub const ANY_OWNER: &str = "ALTER TABLE platform.memberships DISABLE TRIGGER memberships_keep_an_owner;";

/// A superuser's connection whose path is the schema of an organization.
pub async fn superuser_in(platform: &TestPlatform, organization: &TestOrganization) -> tokio_postgres::Client {
    let database = platform.database().superuser().await;
    let schema = organization.tenant().schema();
    database.batch_execute(&format!("SET search_path TO {schema}, extensions")).await.unwrap();
    database
}

/// One number out of the database.
pub async fn count(database: &tokio_postgres::Client, sql: &str) -> i64 {
    database.query_one(sql, &[]).await.unwrap().get(0)
}

/// An answer as it came over the wire.
pub struct RawAnswer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl RawAnswer {
    /// Fails the test unless this is a problem with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) {
        assert_eq!(self.status, status, "{}\n{}", self.head, self.body);
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        assert_eq!(body["code"], code, "{}\n{}", self.head, self.body);
        assert_eq!(body["status"], status, "{}", self.body);
        assert!(self.header("content-type") == "application/problem+json", "{}", self.head);
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(own, _)| own.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

/// Sends bytes that no well-behaved client would, and reads to the end of the connection.
pub async fn raw(address: SocketAddr, request: impl AsRef<[u8]>) -> RawAnswer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may refuse before it has read everything.
    drop(stream.write_all(request.as_ref()).await);
    let mut bytes = Vec::new();
    drop(stream.read_to_end(&mut bytes).await);
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    RawAnswer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Asks for a path exactly as it is spelled.
pub async fn raw_get(address: SocketAddr, token: &str, path: &str) -> RawAnswer {
    let head = format!("GET {path} HTTP/1.1\r\nhost: t\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
    raw(address, head).await
}

/// How often a race is run: what `TENANTRY_ROUNDS` says, or this often.
pub fn rounds(usually: usize) -> usize {
    std::env::var("TENANTRY_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usually)
}

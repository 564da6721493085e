//! Connections that are slow, or many.

use std::time::{Duration, Instant};

use tenantry_core::testing::TestPlatform;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Generous, for a machine under load.
const LONG: Duration = Duration::from_secs(10);

async fn impatient() -> TestPlatform {
    TestPlatform::start_with(tenantry::MODULES, |config| {
        config.http.header_timeout = Duration::from_millis(300);
        config.http.body_timeout = Duration::from_millis(300);
    })
    .await
}

async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    drop(tokio::time::timeout(LONG, stream.read_to_end(&mut bytes)).await.expect("the server closes it"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A client that never finishes its head is closed, however many there are, and the others are served meanwhile.
#[tokio::test]
async fn a_slow_head_is_closed() {
    let platform = impatient().await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(platform.address()).await.unwrap();
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: ").await.unwrap();
        slow.push(stream);
    }
    slow.push(TcpStream::connect(platform.address()).await.unwrap());
    platform.anonymous().get("/health").await.expect(200);
    for stream in slow {
        assert_eq!(rest(stream).await, "");
    }
}

/// A client that never finishes its body is told so with 408.
#[tokio::test]
async fn a_slow_body_is_408() {
    let platform = impatient().await;
    let mut stream = TcpStream::connect(platform.address()).await.unwrap();
    let head =
        "POST /api/v1/auth/login HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"request_timeout\""), "{answer}");
}

/// Connections over the limit wait for their turn, and get it.
#[tokio::test]
async fn connections_over_the_limit_wait() {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| config.http.max_connections = 2).await;
    let (first, second) = (TcpStream::connect(platform.address()).await, TcpStream::connect(platform.address()).await);
    let anonymous = platform.anonymous();
    let waiting = tokio::spawn(async move { anonymous.get("/health").await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished());

    let began = Instant::now();
    drop((first, second));
    waiting.await.unwrap().expect(200);
    assert!(began.elapsed() < LONG);
}

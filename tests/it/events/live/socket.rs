//! `GET /live/socket`

use std::time::{Duration, Instant};

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Method;
use serde_json::{Value, json};
use tenantry_core::testing::{TestClient, TestPlatform};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{contact, record};
use crate::platform;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(platform: &TestPlatform, query: &str, headers: &[(&'static str, &str)]) -> Result<Socket, u16> {
    let url = format!("ws://{}/api/v1/live/socket{query}", platform.address());
    let mut request = url.into_client_request().expect("a request");
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("no answer: {error}"),
    }
}

async fn open(platform: &TestPlatform, client: &TestClient, query: &str) -> Socket {
    connect(platform, query, &[("authorization", &format!("Bearer {}", client.token()))]).await.expect("a socket")
}

/// The next message that is none of the protocol's own.
async fn next(socket: &mut Socket) -> Message {
    let patience = Duration::from_secs(30);
    loop {
        let message = tokio::time::timeout(patience, socket.next()).await.expect("a message").expect("not the end");
        match message.expect("a message") {
            Message::Ping(_) | Message::Pong(_) => {}
            message => return message,
        }
    }
}

async fn event(socket: &mut Socket) -> Value {
    match next(socket).await {
        Message::Text(text) => serde_json::from_str(&text).expect("JSON"),
        other => panic!("no event: {other:?}"),
    }
}

/// The same is told as on a stream, and going on is the same.
#[tokio::test]
async fn it_tells_what_a_stream_tells() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    platform.seal().await;
    let mut live = viewer.listen("/live").await;
    live.missed().await;
    let mut socket = open(&platform, &viewer, "").await;
    let begin = event(&mut socket).await;
    assert!(begin["type"] == "begin" && begin["position"].is_i64(), "{begin}");
    // What one says is not read, and does no harm.
    socket.send(Message::text("hello")).await.expect("a word");
    let id = contact(acme.owner(), "Lovelace").await;
    let heard = event(&mut socket).await;
    assert_eq!(record(&heard), id);
    assert_eq!(heard, live.event().await);
    drop(socket);

    let second = contact(acme.owner(), "Byron").await;
    live.event().await;
    let ticket = viewer.post("/live/tickets", json!({})).await.expect(200).body["ticket"].clone();
    let query = format!("?ticket={}&after={}", ticket.as_str().expect("a ticket"), heard["position"]);
    let mut socket = connect(&platform, &query, &[]).await.expect("a socket");
    event(&mut socket).await;
    assert_eq!(record(&event(&mut socket).await), second);
    assert_eq!(connect(&platform, &query, &[]).await.err(), Some(401));
}

/// Who loses access is told, and hears no more.
#[tokio::test]
async fn it_ends_when_access_ends() {
    let platform = platform().await;
    let acme = platform.organization("Acme").await;
    let viewer = acme.viewer().await;
    // What was before is not told.
    platform.seal().await;
    let mut socket = open(&platform, &viewer, "").await;
    event(&mut socket).await;
    viewer.post("/auth/logout", json!({})).await.expect(204);
    let lost = Instant::now();
    match next(&mut socket).await {
        Message::Close(Some(frame)) => assert_eq!(frame.code, CloseCode::Policy),
        other => panic!("no end: {other:?}"),
    }
    println!("ended after {:?}", lost.elapsed());
    assert!(lost.elapsed() < Duration::from_millis(2500));
}

/// A server that stops says so, and does not wait.
#[tokio::test]
async fn it_ends_when_the_server_stops() {
    let mut platform = platform().await;
    let acme = platform.organization("Acme").await;
    let mut socket = open(&platform, acme.owner(), "").await;
    event(&mut socket).await;
    let began = Instant::now();
    platform.stop().await;
    match next(&mut socket).await {
        Message::Close(Some(frame)) => assert_eq!(frame.code, CloseCode::Away),
        other => panic!("no end: {other:?}"),
    }
    assert!(began.elapsed() < Duration::from_secs(5));
}

/// Nobody gets in who may not, nor from a page that is not known; and other protocols are told which one this is.
#[tokio::test]
async fn who_may_not_is_refused_before_it_begins() {
    let known =
        |config: &mut tenantry_core::config::Config| config.http.cors_origins = vec!["https://app.example".into()];
    let platform = TestPlatform::start_with(tenantry::MODULES, known).await;
    let acme = platform.organization("Acme").await;
    let bearer = format!("Bearer {}", acme.owner().token());
    let own = format!("http://{}", platform.address());
    assert_eq!(connect(&platform, "", &[]).await.err(), Some(401));
    for (origin, status) in [("https://evil.example", Some(403)), ("https://app.example", None), (own.as_str(), None)] {
        let headers = [("authorization", bearer.as_str()), ("origin", origin)];
        assert_eq!(connect(&platform, "", &headers).await.err(), status, "{origin}");
    }
    let reply = acme.owner().get("/live/socket").await.problem(426, "upgrade_required");
    assert_eq!(reply.header("upgrade"), "websocket");
    acme.with_permissions(&["contacts.read"]).await.get("/live/socket").await.problem(403, "forbidden");
    platform.anonymous().send(platform.anonymous().request(Method::GET, "/live/socket")).await.expect(401);
}

//! Handlers that fail in ways ours should not: the edge answers for them, and the server lives on.

use std::time::Duration;

use poem::endpoint::make;
use poem::error::InternalServerError;
use poem::{Request, Response, Result};
use tenantry_core::config::HttpConfig;
use tenantry_core::http::server;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::support::{RawAnswer, raw_get};

/// Serves one misbehaving handler and asks it for these paths in turn.
async fn ask(paths: &[&str]) -> Vec<RawAnswer> {
    let config = HttpConfig { request_timeout: Duration::from_millis(300), ..HttpConfig::default() };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        server::serve(listener, server::edge(make(misbehave), &config), &config, async { drop(stopped.await) }).await
    });
    let mut answers = Vec::new();
    for path in paths {
        answers.push(raw_get(address, "x", path).await);
    }
    drop(stop);
    serving.await.unwrap();
    answers
}

async fn misbehave(request: Request) -> Result<Response> {
    match request.uri().path() {
        "/panic" => panic!("canary"),
        "/error" => Err(InternalServerError(std::io::Error::other("canary"))),
        "/text" => Ok(Response::builder().status(poem::http::StatusCode::IM_A_TEAPOT).body("canary")),
        "/slow" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(Response::default())
        }
        _ => Ok("fine".into()),
    }
}

/// A panic or an error of unknown kind is a 500 that shows nothing; the next request is served.
#[tokio::test]
async fn a_panic_is_a_500_and_no_more() {
    let answers = ask(&["/panic", "/fine", "/error", "/fine"]).await;
    for failed in [&answers[0], &answers[2]] {
        failed.problem(500, "internal");
        assert!(!failed.body.contains("canary") && failed.body.contains("X-Request-Id"), "{}", failed.body);
        assert!(!failed.header("x-request-id").is_empty());
    }
    assert!(answers[1].body == "fine" && answers[3].body == "fine");
}

/// A handler that takes too long is dropped, and the client may come again.
#[tokio::test]
async fn a_handler_that_takes_too_long_is_dropped() {
    let answers = ask(&["/slow", "/fine"]).await;
    answers[0].problem(503, "unavailable");
    assert_eq!(answers[0].header("retry-after"), "1");
    assert_eq!(answers[1].body, "fine");
}

/// A refusal in plain text becomes a problem, and its words stay in here.
#[tokio::test]
async fn plain_text_becomes_a_problem() {
    let answers = ask(&["/text"]).await;
    answers[0].problem(418, "refused");
    assert!(!answers[0].body.contains("canary"), "{}", answers[0].body);
}

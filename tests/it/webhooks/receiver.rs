//! A receiver of webhooks in the test's process: keeps what it gets, and answers as it is told.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::{Endpoint, Request, Response, Server};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;
use standardwebhooks::Webhook;
use tokio::task::JoinHandle;

/// What it got, in the order in which it did.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
    /// What it answered.
    pub status: u16,
}

impl Received {
    pub fn id(&self) -> &str {
        self.headers["webhook-id"].to_str().unwrap()
    }

    pub fn kind(&self) -> &str {
        self.body["type"].as_str().unwrap_or_default()
    }

    pub fn record(&self) -> &str {
        self.body["data"]["record"].as_str().unwrap_or_default()
    }

    /// The signatures that it bears.
    pub fn signatures(&self) -> Vec<&str> {
        self.headers["webhook-signature"].to_str().unwrap().split(' ').collect()
    }

    /// Whether a library of others takes it for what the holder of a secret has sent.
    pub fn is_signed_with(&self, secret: &str) -> bool {
        Webhook::new(secret).unwrap().verify(self.text.as_bytes(), &self.headers).is_ok()
    }
}

/// The receiver.
pub struct Receiver {
    pub url: String,
    got: Arc<Mutex<Vec<Received>>>,
    heard: Arc<Mutex<BTreeSet<String>>>,
    server: JoinHandle<()>,
}

impl Receiver {
    /// One that is content with all that it gets.
    pub async fn content() -> Self {
        Self::answering(|_| (200, String::new())).await
    }

    /// One that answers with a status and a body.
    pub async fn answering(answer: impl Fn(&Received) -> (u16, String) + Send + Sync + 'static) -> Self {
        let got = Arc::<Mutex<Vec<Received>>>::default();
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
        let address = acceptor.local_addr()[0].as_socket_addr().unwrap().to_string();
        let heard = Arc::<Mutex<BTreeSet<String>>>::default();
        let endpoint = Answering { got: Arc::clone(&got), heard: Arc::clone(&heard), answer: Box::new(answer) };
        let server = tokio::spawn(async move {
            let _ = Server::new_with_acceptor(acceptor).run(endpoint).await;
        });
        Self { url: format!("http://{address}/hooks"), got, heard, server }
    }

    /// What it got so far.
    pub fn got(&self) -> Vec<Received> {
        self.got.lock().unwrap().clone()
    }

    /// How much it got so far.
    pub fn count(&self) -> usize {
        self.got.lock().unwrap().len()
    }

    /// How many events it has heard, of which some came more than once.
    pub fn events(&self) -> usize {
        self.heard.lock().unwrap().len()
    }

    /// What it got and was content with.
    pub fn heard(&self) -> Vec<Received> {
        self.got().into_iter().filter(|received| received.status < 300).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Answer = Box<dyn Fn(&Received) -> (u16, String) + Send + Sync>;

struct Answering {
    got: Arc<Mutex<Vec<Received>>>,
    heard: Arc<Mutex<BTreeSet<String>>>,
    answer: Answer,
}

impl Endpoint for Answering {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let text = request.take_body().into_string().await?;
        let body = serde_json::from_str(&text).unwrap_or_default();
        let mut received = Received { headers: request.headers().clone(), text, body, status: 0 };
        let (status, body) = (self.answer)(&received);
        received.status = status;
        if status < 300 {
            self.heard.lock().unwrap().insert(received.headers["webhook-id"].to_str().unwrap().to_owned());
        }
        self.got.lock().unwrap().push(received);
        let mut response = Response::builder().body(body);
        response.set_status(StatusCode::from_u16(status).unwrap());
        Ok(response)
    }
}

//! One request of an operation, with every value where it can be changed.

use reqwest::Method;
use serde_json::Value;
use tenantry_core::testing::{Reply, TestClient};

use super::document::{Operation, Place, Spot};

/// What asks for the WebSocket protocol.
const HANDSHAKE: [(&str, &str); 4] = [
    ("connection", "upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

/// A request that can be sent by anybody.
#[derive(Clone, Debug)]
pub struct Call {
    pub operation: String,
    pub method: Method,
    pub template: String,
    pub parameters: Vec<(Place, String, String)>,
    pub body: Option<Value>,
    /// A file in the place of JSON.
    pub file: Option<&'static str>,
    /// What whoever sends it says in the place of a token, where the operation asks for no sign-in but for a secret.
    pub secret: Option<&'static str>,
}

impl Call {
    pub fn new(operation: &Operation, body: Option<Value>) -> Self {
        Self {
            operation: operation.id.clone(),
            method: operation.method.clone(),
            template: operation.path.clone(),
            parameters: Vec::new(),
            body,
            file: operation.takes_file.then_some("last_name\nzebra\n"),
            secret: None,
        }
    }

    /// Puts a text into a place.
    #[must_use]
    pub fn with(mut self, spot: &Spot, value: &str) -> Self {
        self.set(spot, value);
        self
    }

    pub fn set(&mut self, spot: &Spot, value: &str) {
        if spot.place == Place::Body {
            let body = self.body.as_mut().expect("a body");
            *body.pointer_mut(&spot.name).unwrap_or_else(|| panic!("{}: no {}", self.operation, spot.name)) =
                value.into();
            return;
        }
        let known = self.parameters.iter_mut().find(|(place, name, _)| *place == spot.place && *name == spot.name);
        match known {
            Some((_, _, old)) => *old = value.to_owned(),
            None => self.parameters.push((spot.place, spot.name.clone(), value.to_owned())),
        }
    }

    /// Adds a parameter, also one that is there already.
    #[must_use]
    pub fn and(mut self, place: Place, name: &str, value: &str) -> Self {
        self.parameters.push((place, name.to_owned(), value.to_owned()));
        self
    }

    /// Asks for another protocol.
    #[must_use]
    pub fn with_handshake(self) -> Self {
        HANDSHAKE.iter().fold(self, |call, (name, value)| call.and(Place::Header, name, value))
    }

    /// Leaves out all parameters of a place.
    #[must_use]
    pub fn without(mut self, place: Place) -> Self {
        self.parameters.retain(|(other, _, _)| *other != place);
        self
    }

    /// The same request under another path.
    #[must_use]
    pub fn moved(mut self, from: &str, to: &str) -> Self {
        self.template = self.template.replacen(from, to, 1);
        self
    }

    /// The path and query as they are sent.
    pub fn target(&self) -> String {
        let mut target = self.template.clone();
        let mut query = Vec::new();
        for (place, name, value) in &self.parameters {
            match place {
                Place::Path => target = target.replace(&format!("{{{name}}}"), &encoded(value)),
                Place::Query => query.push(format!("{}={}", encoded(name), encoded(value))),
                Place::Header | Place::Body => {}
            }
        }
        assert!(!target.contains('{'), "{}: {target} has a parameter without a value", self.operation);
        if query.is_empty() { target } else { format!("{target}?{}", query.join("&")) }
    }

    /// Sends it.
    pub async fn send(&self, client: &TestClient) -> Reply {
        let client = &self.secret.map_or_else(|| client.clone(), |secret| client.with_token(secret));
        let mut request = client.request(self.method.clone(), &self.target());
        for (place, name, value) in &self.parameters {
            if *place == Place::Header {
                request = request.header(name, value);
            }
        }
        if let Some(body) = &self.body {
            request = request.json(body);
        }
        if let Some(file) = self.file {
            request = request.header("content-type", "text/csv").body(file);
        }
        client.send(request).await
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// What must be the same of two answers that may not be told apart.
pub fn essence(reply: &Reply) -> String {
    let mut headers: Vec<String> =
        reply.headers.iter().map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap_or("?"))).collect();
    headers.retain(|line| !line.starts_with("x-request-id:") && !line.starts_with("date:"));
    headers.sort();
    format!("{}\n{}\n{}", reply.status, headers.concat(), reply.text)
}

/// Whether a text stands anywhere in an answer.
pub fn holds(reply: &Reply, text: &str) -> bool {
    reply.text.contains(text)
        || reply.headers.iter().any(|(_, value)| String::from_utf8_lossy(value.as_bytes()).contains(text))
}

/// Whether a list has nothing in it, as a page or as a file, of which the line of names is left.
pub fn lists_nothing(reply: &Reply) -> bool {
    match reply.header("content-type").starts_with("text/csv") {
        true => reply.text.lines().count() == 1,
        false => reply.body["items"] == serde_json::json!([]),
    }
}

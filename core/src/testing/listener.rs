//! One who listens to a stream of server-sent events.

use std::time::Duration;

use serde_json::Value;

/// Longer than anything should take, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream that is read block by block.
pub struct TestListener {
    response: reqwest::Response,
    buffer: String,
    /// The id of the last block that had one.
    pub last: Option<i64>,
}

/// What stands between two empty lines.
#[derive(Debug, Default)]
pub struct Block {
    /// Its `id`.
    pub id: Option<i64>,
    /// Its `event`, or nothing.
    pub event: String,
    /// Its `data`; null where it has none.
    pub data: Value,
    /// Its comments.
    pub comment: String,
    /// As it came.
    pub text: String,
}

impl TestListener {
    pub(super) fn new(response: reqwest::Response) -> Self {
        Self { response, buffer: String::new(), last: None }
    }

    /// The next block; none where the stream has ended.
    pub async fn next(&mut self) -> Option<Block> {
        loop {
            if let Some((text, rest)) = self.buffer.split_once("\n\n") {
                let block = Block::parse(text);
                self.buffer = rest.to_owned();
                self.last = block.id.or(self.last);
                return Some(block);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await.expect("a stream that goes on");
            match chunk {
                Ok(Some(bytes)) => self.buffer.push_str(std::str::from_utf8(&bytes).expect("UTF-8")),
                Ok(None) | Err(_) => return None,
            }
        }
    }

    /// The next event.
    pub async fn event(&mut self) -> Value {
        loop {
            let block = self.next().await.expect("an event, and not the end");
            if !block.data.is_null() {
                return block.data;
            }
        }
    }

    /// What was missed, until all of it was told.
    pub async fn missed(&mut self) -> Vec<Value> {
        let mut missed = Vec::new();
        loop {
            let block = self.next().await.expect("what was missed, and not the end");
            if block.comment == "live" {
                return missed;
            }
            missed.extend(Some(block.data).filter(|data| !data.is_null()));
        }
    }

    /// What is told until the stream ends, and why it does.
    pub async fn end(&mut self) -> (Vec<Value>, String) {
        let (mut told, mut why) = (Vec::new(), String::new());
        while let Some(block) = self.next().await {
            told.extend(Some(block.data).filter(|data| !data.is_null()));
            why = block.comment;
        }
        (told, why)
    }

    /// What is told at once, as it came.
    pub(super) async fn beginning(mut self) -> String {
        let mut text = String::new();
        while let Some(block) = self.next().await {
            text.push_str(&block.text);
            text.push_str("\n\n");
            if block.comment == "live" {
                break;
            }
        }
        text
    }
}

impl Block {
    fn parse(text: &str) -> Self {
        let mut block = Self { text: text.to_owned(), ..Self::default() };
        for line in text.lines() {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "" => block.comment.push_str(value),
                "id" => block.id = Some(value.parse().expect("a position")),
                "event" => value.clone_into(&mut block.event),
                "data" => block.data = serde_json::from_str(value).expect("JSON"),
                "retry" => {}
                other => panic!("a field {other}: {text}"),
            }
        }
        block
    }
}

//! A tiny SMTP relay that does what the address says: refuses, puts off, or takes a letter and never confirms it.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

#[derive(Default)]
pub struct Taken {
    messages: Mutex<Vec<String>>,
    hung: Notify,
}

/// A relay on this machine, for as long as the test runs.
pub struct Relay {
    pub url: String,
    taken: Arc<Taken>,
}

impl Relay {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let taken = Arc::<Taken>::default();
        let relay = Self { url, taken: Arc::clone(&taken) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&taken)));
            }
        });
        relay
    }

    /// The messages that were taken, as they came.
    pub fn messages(&self) -> Vec<String> {
        self.taken.messages.lock().unwrap().clone()
    }

    /// Resolves when a letter to `hang…` has arrived, which is not confirmed.
    pub async fn hangs(&self) {
        self.taken.hung.notified().await;
    }
}

async fn converse(mut stream: TcpStream, taken: Arc<Taken>) -> Option<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let mut to = String::new();
    write.write_all(b"220 relay\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-relay\r\n250 8BITMIME",
            "RCPT" if line.contains("refused") => "550 5.1.1 canary is unknown here",
            "RCPT" if line.contains("later") && taken.messages.lock().unwrap().is_empty() => "451 4.7.1 canary, later",
            "RCPT" => {
                to = line.clone();
                "250 ok"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut message = Vec::new();
                loop {
                    match lines.next_line().await.ok()?? {
                        end if end == "." => break,
                        line => message.push(line),
                    }
                }
                if to.contains("hang") {
                    taken.hung.notify_one();
                    std::future::pending::<()>().await;
                }
                taken.messages.lock().unwrap().push(message.join("\n"));
                "250 taken"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}

//! Who reads more slowly than things happen.

use serde_json::Value;
use tenantry_core::testing::TestPlatform;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;

use super::record;
use crate::support::superuser_in;

const CONTACTS: usize = 15_000;

/// A client that does not read is left behind, is told so, and goes on where it was: it has then heard each change once.
#[tokio::test]
async fn who_falls_behind_goes_on_later() {
    let platform = TestPlatform::start_with(tenantry::MODULES, |config| config.live.queue = 4).await;
    let acme = platform.organization("Acme").await;
    let database = superuser_in(&platform, &acme).await;
    platform.seal().await;
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let mut stream = socket.connect(platform.address()).await.expect("a connection");
    let token = acme.owner().token();
    let request =
        format!("GET /api/v1/live HTTP/1.1\r\nhost: t\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
    let mut bytes = vec![0; 4096];
    let mut text = String::new();
    while !text.contains(": live") {
        let read = stream.read(&mut bytes).await.expect("a beginning");
        text.push_str(std::str::from_utf8(&bytes[..read]).expect("UTF-8"));
    }
    // One who reads, at the same time.
    let mut quick = acme.owner().listen("/live").await;
    quick.missed().await;

    let insert = format!(
        "INSERT INTO contacts (id, last_name) SELECT gen_random_uuid(), 'X' FROM generate_series(1, {CONTACTS})"
    );
    database.batch_execute(&insert).await.expect("many contacts");
    let mut heard: Vec<Value> = Vec::new();
    while heard.len() < CONTACTS {
        match quick.next().await {
            Some(block) if !block.data.is_null() => heard.push(block.data),
            Some(_) => {}
            // It may be left behind, too, when the machine is busy.
            None => quick = acme.owner().listen(&format!("/live?after={}", quick.last.expect("an id"))).await,
        }
    }

    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.expect("the end");
    text.push_str(&String::from_utf8_lossy(&rest));
    assert!(
        text.contains(": end: too far behind; go on from the last id"),
        "{} bytes, {:?}",
        text.len(),
        text.get(text.len() - 300..)
    );
    // Without the lines that say how long each chunk is.
    let mut ids = text.lines().filter_map(|line| line.strip_prefix("id: "));
    let last: i64 = ids.next_back().expect("an id").parse().expect("a position");
    let slow = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let mut told: Vec<Value> = slow.map(|data| serde_json::from_str(data).expect("JSON")).collect();
    let before = told.len();
    assert!(before < CONTACTS);
    println!("{before} of {CONTACTS} before it was left behind");
    let mut again = acme.owner().listen(&format!("/live?after={last}")).await;
    told.extend(again.missed().await);
    let records = |events: &[Value]| events.iter().map(|event| record(event).to_owned()).collect::<Vec<_>>();
    assert!(records(&told) == records(&heard), "{} and {} events, or others", told.len(), heard.len());
}

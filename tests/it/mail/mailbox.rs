//! `GET /dev/mailbox`

use tenantry_core::testing::TestDatabase;

use super::letter;
use crate::operations::program::Server;
use crate::platform;

/// A letter that was posted can be read, newest first, by whoever sits at the machine.
#[tokio::test]
async fn letters_are_shown_to_this_machine() {
    let platform = platform().await;
    for address in ["ada@example.com", "bob@example.com"] {
        platform.post(letter(address)).await;
        assert_eq!(platform.letters_to(address).await, [letter(address)]);
    }

    let shown = platform.anonymous().get("/dev/mailbox").await.expect(200);
    assert_eq!(shown.column("to"), ["bob@example.com", "ada@example.com"]);
    assert_eq!(shown.items()[0]["text"], "canary zoë");
    assert_eq!(shown.header("cache-control"), "no-store");
}

/// Another site's page, in a browser on this machine, may have made its own name point here; it gets nothing.
#[tokio::test]
async fn another_sites_name_shows_nothing() {
    let platform = platform().await;
    platform.post(letter("ada@example.com")).await;
    let client = platform.anonymous();
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example:8080"] {
        let request = client.request(reqwest::Method::GET, "/dev/mailbox").header("host", host);
        client.send(request).await.problem(404, "not_found");
    }
    for host in ["localhost", "localhost:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]:8080"] {
        let request = client.request(reqwest::Method::GET, "/dev/mailbox").header("host", host);
        client.send(request).await.expect(200);
    }
}

/// With a database of the operator's there is no such page, whatever else is configured.
#[tokio::test]
async fn it_is_not_there_in_production() {
    let database = TestDatabase::create().await;
    let server = Server::start(&database).await;
    assert_eq!(server.request("GET", "/dev/mailbox").send().await.unwrap().status(), 404);
    let said = server.terminate().await.1;
    assert!(said.contains("none is sent until TENANTRY_SMTP_URL is set"), "{said}");
}

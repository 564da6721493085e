//! The guard, with names that lead where they should not, and that change where they lead.

use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::dns::{Addrs, Name, Resolving};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// Names that lead to the next address of a list each time that they are asked for.
struct Script {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Script {
    fn of(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |line: &&[&str]| line.iter().map(|text| text.parse().unwrap()).collect();
        Arc::new(Self { answers: Mutex::new(answers.iter().map(parse).collect()), asked: AtomicUsize::new(0) })
    }
}

struct Names(Arc<Script>);

impl Resolve for Names {
    fn resolve(&self, _: Name) -> Resolving {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.0.answers.lock().unwrap();
        let now = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(async move { Ok(Box::new(now.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs) })
    }
}

fn egress(allow: &[&str], script: &Arc<Script>) -> Egress {
    let allow = allow.iter().map(|net| net.parse().unwrap()).collect();
    Egress::resolving(&EgressConfig { allow }, Arc::new(Names(Arc::clone(script)))).unwrap()
}

/// A receiver of plain HTTP on this machine, with the same answer for everybody; counts the connections.
async fn receiver(answer: String) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let met = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&met);
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let answer = answer.clone();
            tokio::spawn(async move {
                let _ = socket.read(&mut [0; 4096]).await;
                let _ = socket.write_all(answer.as_bytes()).await;
            });
        }
    });
    (port, met)
}

const PATIENCE: Duration = Duration::from_secs(5);

async fn post(egress: &Egress, url: &str) -> Result<Answered, EgressError> {
    let target = egress.target(url).unwrap();
    egress.post(&target, HeaderMap::new(), b"{}".to_vec(), PATIENCE).await.result
}

#[tokio::test]
async fn a_name_that_leads_inside_is_never_connected_to() {
    let (port, met) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    for inside in ["127.0.0.1", "::ffff:127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "64:ff9b::7f00:1"] {
        let egress = egress(&[], &Script::of(&[&[inside]]));
        let sent = post(&egress, &format!("https://hooks.example.com:{port}/")).await;
        assert_eq!(sent.unwrap_err(), EgressError::NotPublic, "{inside}");
    }
    assert_eq!(met.load(Ordering::SeqCst), 0);
}

/// Asked for once, each time that a connection is made: what is connected to is what was checked.
#[tokio::test]
async fn a_name_that_changes_between_check_and_connection_gains_nothing() {
    let (port, met) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    // Public for whoever asks first, and this machine from then on; 192.0.2.0/24 stands for the internet, where nobody is.
    let script = Script::of(&[&["192.0.2.1"], &["127.0.0.1"]]);
    let egress = egress(&["192.0.2.0/24"], &script);
    let target = egress.target(&format!("http://hooks.example.com:{port}/")).unwrap();
    let first = egress.post(&target, HeaderMap::new(), Vec::new(), Duration::from_millis(200)).await.result;
    assert!(matches!(first, Err(EgressError::TimedOut | EgressError::Unreachable)), "{first:?}");
    assert_eq!(script.asked.load(Ordering::SeqCst), 1, "asked for again after the check");
    let second = egress.post(&target, HeaderMap::new(), Vec::new(), PATIENCE).await.result;
    assert_eq!(second.unwrap_err(), EgressError::NotPublic);
    assert_eq!(met.load(Ordering::SeqCst), 0);
}

/// Of several addresses only the open ones are tried.
#[tokio::test]
async fn what_is_private_among_addresses_is_left_out() {
    let (port, met) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    let egress = egress(&["127.0.0.2/32"], &Script::of(&[&["127.0.0.1", "10.0.0.1", "127.0.0.2"]]));
    let sent = post(&egress, &format!("http://hooks.example.com:{port}/")).await;
    // The receiver listens on 127.0.0.1, which is left out.
    assert_eq!(sent.unwrap_err(), EgressError::Unreachable);
    assert_eq!(met.load(Ordering::SeqCst), 0);
}

#[test]
fn no_spelling_of_a_private_number_is_taken() {
    let egress = egress(&[], &Script::of(&[&["1.1.1.1"]]));
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7F.1",
        "017700000001",
        "0177.0.0.01",
        "127.0.0.1.",
        "127。0。0。1",
        "１２７.0.0.1",
        "%31%32%37.0.0.1",
        "0",
        "0.0.0.0",
        "10.1",
        "0xa9fea9fe",
        "169.254.43518",
        "192.168.257",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
    ] {
        let refused = egress.target(&format!("https://{host}/")).expect_err(host);
        assert!(refused.starts_with("this address is not a public one"), "{host}: {refused}");
    }
    for text in [
        "",
        "example.com",
        "/hooks",
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "https://",
        "https:///",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://:secret@example.com/",
        "https://example.com/#part",
        "https://exa mple.com/",
        "https://example.com/\n",
        "https://[::1",
        "https://[fe80::1%25eth0]/",
        "https://256.256.256.256/",
        "javascript:alert(1)",
    ] {
        assert!(egress.target(text).is_err(), "{text}");
    }
    assert!(egress.target(&format!("https://example.com/{}", "a".repeat(1980))).is_ok());
    assert!(egress.target(&format!("https://example.com/{}", "a".repeat(1981))).is_err());
    assert!(
        egress.target(&format!("https://example.com/{}", "ä".repeat(700))).is_err(),
        "longer once it is written out"
    );
    assert_eq!(
        egress.target("https://EXAMPLE.com:8443/a b".replace(' ', "+").as_str()).unwrap().as_str(),
        "https://example.com:8443/a+b"
    );
}

#[tokio::test]
async fn what_operators_allow_is_reached_without_encryption_too() {
    let (port, _) = receiver("HTTP/1.1 201 Made\r\ncontent-length: 2\r\n\r\nok".to_owned()).await;
    let egress = egress(&["127.0.0.0/8"], &Script::of(&[&["127.0.0.1"]]));
    for host in ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "hooks.example.com"] {
        let url = format!("http://{host}:{port}/");
        if host.starts_with('[') {
            // Allowed, though nobody listens there where the machine has no IPv6.
            assert!(egress.target(&url).is_ok());
            continue;
        }
        let answered = post(&egress, &url).await.unwrap();
        assert_eq!((answered.status, answered.body.as_slice(), answered.is_success()), (201, b"ok".as_slice(), true));
    }
    // Not beyond, and the internet not without encryption.
    assert!(egress.target("http://10.0.0.1/").is_err());
    assert!(egress.target("https://10.0.0.1/").is_err());
    assert!(egress.target("http://1.1.1.1/").is_err());
}

#[tokio::test]
async fn redirects_are_answers_and_long_answers_are_cut() {
    let (inner, met) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_owned()).await;
    let moved = format!("HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:{inner}/\r\ncontent-length: 0\r\n\r\n");
    let (port, _) = receiver(moved).await;
    let script = Script::of(&[&["127.0.0.1"]]);
    let egress = egress(&["127.0.0.0/8"], &script);
    let answered = post(&egress, &format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!((answered.status, answered.is_success()), (307, false));
    assert_eq!(met.load(Ordering::SeqCst), 0, "a redirect was followed");

    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(ANSWER_READ * 3));
    let (port, _) = receiver(endless).await;
    let answered = post(&egress, &format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!(answered.body.len(), ANSWER_READ);
}

#[tokio::test]
async fn failures_have_words_of_ours() {
    let (garbage, _) = receiver("SSH-2.0-OpenSSH_9.2\r\n".to_owned()).await;
    let (half, _) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nab".to_owned()).await;
    let egress = egress(&["127.0.0.0/8"], &Script::of(&[&[]]));
    for (url, expected) in [
        (format!("http://127.0.0.1:{garbage}/"), EgressError::Broken),
        (format!("http://127.0.0.1:{half}/"), EgressError::Broken),
        (format!("https://127.0.0.1:{garbage}/"), EgressError::Insecure),
        ("http://127.0.0.1:1/".to_owned(), EgressError::Unreachable),
        ("https://nobody.example.com/".to_owned(), EgressError::Unknown),
    ] {
        assert_eq!(post(&egress, &url).await.unwrap_err(), expected, "{url}");
    }
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = egress.target(&format!("http://{}/", silent.local_addr().unwrap())).unwrap();
    let outcome = egress.post(&target, HeaderMap::new(), Vec::new(), Duration::from_millis(50)).await;
    assert_eq!(outcome.result.unwrap_err(), EgressError::TimedOut);
}

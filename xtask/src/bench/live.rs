//! Who listens: what thousands of them cost the server, and how soon they hear.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Serialize;
use tenantry_core::identity::{Home, Subject};
use tenantry_core::permission::Role;
use tenantry_core::tenancy::Shard;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::Outcome;
use crate::bed::Bed;
use crate::load::Connection;
use crate::options::Options;
use crate::usage::resident_mb;

/// What is found.
#[derive(Debug, Serialize)]
pub(crate) struct Live {
    listeners: usize,
    resident_mb_before: f64,
    resident_mb: f64,
    resident_mb_after_changes: f64,
    kb_each: f64,
    seconds_to_connect: f64,
    /// From sending a change until somebody hears of it, and until all do who listen to that tenant.
    first_ms: f64,
    last_ms: f64,
    /// Of one core, while nothing happens: mostly the question who may still listen.
    idle_server_percent: f64,
    idle_database_percent: f64,
}

/// The most megabytes that a server with this many may have: 200 for 5,000, and what it has without any for fewer.
fn bar(before: f64, listeners: usize) -> f64 {
    if listeners >= 5000 { 200.0 } else { before + listeners as f64 * 0.04 }
}

/// Tenants are of at most this many, as the server wants it.
pub(crate) const PER_TENANT: usize = 1000;
const AT_ONCE: usize = 32;
const ROUNDS: usize = 5;
const IDLE: Duration = Duration::from_secs(10);

pub(crate) async fn measure(bed: &Bed, listeners: usize, options: &Options) -> Outcome<bool> {
    let tokens = tokens(bed, listeners).await?;
    let pid = bed.server.pid();
    let resident = || resident_mb(pid).ok_or("the memory of the server cannot be read");
    // What a server needs to answer at all is there.
    change(bed, 0).await?;
    let before = resident()?;
    let began = Instant::now();
    let (heard, mut hears) = mpsc::unbounded_channel();
    let opened: Vec<()> = stream::iter(tokens.iter().enumerate())
        .map(|(number, token)| {
            listen(bed.server.address(), number % bed.members.len(), token, options.sockets, heard.clone())
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let seconds_to_connect = began.elapsed().as_secs_f64();
    eprintln!("  {} listen", opened.len());
    tokio::time::sleep(Duration::from_secs(2)).await;
    // What was made before.
    while hears.try_recv().is_ok() {}
    let resident_now = resident()?;
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS * bed.members.len() {
        let tenant = round % bed.members.len();
        let here = (0..listeners).filter(|number| number % bed.members.len() == tenant).count();
        let began = Instant::now();
        change(bed, tenant).await?;
        for number in 0..here {
            let heard = tokio::time::timeout(Duration::from_secs(30), hears.recv()).await;
            let at: Instant =
                heard.map_err(|_| format!("{number} of {here} have heard of a change"))?.ok_or("nobody")?;
            let millis = at.duration_since(began).as_secs_f64() * 1e3;
            if number == 0 {
                first.push(millis);
            }
            if number + 1 == here {
                last.push(millis);
            }
        }
    }
    let usage = bed.usage()?;
    tokio::time::sleep(IDLE).await;
    let idle = bed.usage()?.since(usage);
    let percent = |micros: f64| micros / IDLE.as_secs_f64() / 1e4;
    let live = Live {
        listeners,
        resident_mb_before: before,
        resident_mb: resident_now,
        resident_mb_after_changes: resident()?,
        kb_each: (resident_now - before) * 1024.0 / listeners as f64,
        seconds_to_connect,
        first_ms: crate::report::median(first),
        last_ms: crate::report::median(last),
        idle_server_percent: percent(idle.server),
        idle_database_percent: percent(idle.database),
    };
    live.print(options)?;
    Ok(live.resident_mb_after_changes <= bar(before, listeners))
}

impl Live {
    fn print(&self, options: &Options) -> Outcome<()> {
        if options.json {
            println!("{}", serde_json::to_string_pretty(self)?);
            return Ok(());
        }
        println!("{} listen, after {:.1} s", self.listeners, self.seconds_to_connect);
        println!(
            "  memory    {:.0} MB, {:.0} MB before, {:.0} MB after changes: {:.1} kB each",
            self.resident_mb, self.resident_mb_before, self.resident_mb_after_changes, self.kb_each
        );
        println!(
            "  a change  heard after {:.0} ms, by all who listen to it after {:.0} ms",
            self.first_ms, self.last_ms
        );
        println!(
            "  idle      {:.1} % of a core in the server, {:.1} % in the database",
            self.idle_server_percent, self.idle_database_percent
        );
        Ok(())
    }
}

/// A session of its own for each who listens, of the owners of the tenants in turn.
async fn tokens(bed: &Bed, listeners: usize) -> Outcome<Vec<String>> {
    let sql = "INSERT INTO platform.sessions (id, user_id, tenant_id, role, tenant_status, expires_at)
        SELECT gen_random_uuid(), m.user_id, m.tenant_id, m.role, 'active', now() + interval '1 day'
        FROM platform.memberships m, generate_series(1, $2) WHERE m.tenant_id = $1
        RETURNING id, user_id, (SELECT shard FROM platform.tenants t WHERE t.id = $1)";
    let mut by_tenant = Vec::new();
    for member in &bed.members {
        let each = i32::try_from(listeners.div_ceil(bed.members.len()))?;
        let rows = bed.superuser().query(sql, &[&member.tenant, &each]).await?;
        let sign = |row: &tokio_postgres::Row| -> Outcome<String> {
            let home = Home { tenant: member.tenant, shard: Shard(row.try_get(2)?), role: Role::Owner.into() };
            let (session, user) = (row.try_get(0)?, row.try_get(1)?);
            Ok(bed.tokens.sign(&Subject { user, session, home: Some(home), support: false })?)
        };
        by_tenant.push(rows.iter().map(sign).collect::<Outcome<Vec<_>>>()?);
    }
    let nth = |number: usize| by_tenant.get(number % bed.members.len())?.get(number / bed.members.len()).cloned();
    Ok((0..listeners).filter_map(nth).collect())
}

/// Makes a contact.
async fn change(bed: &Bed, tenant: usize) -> Outcome<()> {
    let token = &bed.members.get(tenant).ok_or("no tenant")?.token;
    let body = r#"{"last_name":"Heard"}"#;
    let request = format!(
        "POST /api/v1/contacts HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    match Connection::open(bed.server.address()).await?.exchange(request.as_bytes()).await?.status {
        201 => Ok(()),
        status => Err(format!("a change was answered with {status}").into()),
    }
}

/// Opens a connection and tells, from then on, whenever a contact was made.
async fn listen(
    address: SocketAddr,
    tenant: usize,
    token: &str,
    socket: bool,
    heard: mpsc::UnboundedSender<Instant>,
) -> Outcome<()> {
    let mut stream = TcpStream::connect(address).await?;
    let (path, how, begun) = if socket {
        let how = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        ("/live/socket", how, &b"\"begin\""[..])
    } else {
        ("/live", "accept: text/event-stream\r\n", &b": live"[..])
    };
    let request = format!("GET /api/v1{path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n{how}\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut received = Vec::with_capacity(1024);
    while !holds(&received, begun) {
        if stream.read_buf(&mut received).await? == 0 {
            return Err(format!("tenant {tenant}: {}", String::from_utf8_lossy(&received)).into());
        }
    }
    tokio::spawn(async move {
        received.clear();
        while stream.read_buf(&mut received).await.is_ok_and(|read| read > 0) {
            if holds(&received, b"contact.created") {
                received.clear();
                let _ = heard.send(Instant::now());
            }
        }
    });
    Ok(())
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

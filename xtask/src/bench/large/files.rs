//! Files: an import, one in the middle of which the server is killed, and exports.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::bed::Bed;
use crate::load::Connection;
use crate::usage::{peak_mb, reset_peak, resident_mb};

/// Rows a second that an import has to make.
const IMPORT_BAR: f64 = 10_000.0;
/// Megabytes that the server may need more than before while it writes a file.
const EXPORT_BAR: f64 = 64.0;

/// What an import came to.
#[derive(Debug, Serialize)]
pub(super) struct Imported {
    rows: u32,
    killed: bool,
    seconds_to_send: f64,
    per_second: f64,
    resident_mb_before: f64,
    peak_mb: f64,
}

/// What an export came to.
#[derive(Debug, Serialize)]
pub(super) struct Exported {
    format: &'static str,
    records: usize,
    megabytes: f64,
    per_second: f64,
    resident_mb_before: f64,
    peak_mb: f64,
}

impl Imported {
    pub(super) fn missed(&self) -> Option<String> {
        let missed = !self.killed && self.per_second < IMPORT_BAR;
        missed.then(|| format!("import {:.0} of {IMPORT_BAR:.0} rows a second", self.per_second))
    }

    pub(super) fn print(&self) {
        let Self { rows, killed, seconds_to_send, per_second, resident_mb_before, peak_mb } = self;
        println!(
            "  import of {rows} rows{}: {per_second:.0} a second, sent in {seconds_to_send:.1} s, server {resident_mb_before:.0} MB, \
             at most {peak_mb:.0} MB (bar {IMPORT_BAR:.0} a second)",
            if *killed { ", killed in the middle and resumed, none lost, none twice" } else { "" }
        );
    }
}

impl Exported {
    pub(super) fn missed(&self) -> Option<String> {
        let more = self.peak_mb - self.resident_mb_before;
        (more > EXPORT_BAR).then(|| format!("export {} with {more:.0} of {EXPORT_BAR:.0} MB", self.format))
    }

    pub(super) fn print(&self) {
        let Self { format, records, megabytes, per_second, resident_mb_before, peak_mb } = self;
        println!(
            "  export of {records} records as {format}: {per_second:.0} a second, {megabytes:.0} MB, server {resident_mb_before:.0} MB, \
             at most {peak_mb:.0} MB (bar {EXPORT_BAR:.0} MB more)"
        );
    }
}

/// Imports so many rows, from the first byte of the file to the last record. Where it is to be killed, the server dies without a
/// word when a third is done, and another one starts.
pub(super) async fn import(bed: &mut Bed, prefix: &str, rows: u32, kill: bool) -> Outcome<Imported> {
    let mut file = String::from("Last name,First name,E-mail,Phone,Company,Notes\n");
    for n in 0..rows {
        writeln!(
            file,
            "Imported {n},Ada,{prefix}{n}@example.com,+4940{},Company {},Comes from a file",
            2_000_000 + n,
            n / 10
        )?;
    }
    let before = count(bed).await?;
    let new = json!({ "resource": "contacts", "mapping": [
        { "column": "Last name", "field": "last_name" }, { "column": "First name", "field": "first_name" },
        { "column": "E-mail", "field": "email" }, { "column": "Phone", "field": "phone" },
        { "column": "Company", "field": "company" }, { "column": "Notes", "field": "notes" },
    ]});
    let made = call(bed, "POST", "/imports", "application/json", new.to_string().as_bytes(), 201).await?;
    let path = format!("/imports/{}", made.get("id").and_then(Value::as_str).ok_or("an import without an id")?);
    let resident = resident_mb(bed.server.pid()).ok_or("the memory of the server cannot be read")?;
    reset_peak(bed.server.pid())?;
    let began = Instant::now();
    call(bed, "PUT", &format!("{path}/file"), "text/csv", file.as_bytes(), 200).await?;
    let seconds_to_send = began.elapsed().as_secs_f64();
    let mut killed = false;
    loop {
        let import = call(bed, "GET", &path, "application/json", b"", 200).await?;
        if import.get("state") == Some(&json!("done")) {
            if import.get("created") != Some(&json!(rows)) {
                return Err(format!("an import ended wrongly: {import}").into());
            }
            break;
        }
        let done = import.get("rows_done").and_then(Value::as_u64).unwrap_or_default();
        if kill && !killed && done >= u64::from(rows / 3) {
            bed.restart().await?;
            killed = true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    let after = count(bed).await?;
    if after - before != i64::from(rows) || kill != killed {
        return Err(format!("{rows} rows became {} contacts", after - before).into());
    }
    let peak = peak_mb(bed.server.pid()).ok_or("the memory of the server cannot be read")?;
    let per_second = f64::from(rows) / seconds;
    Ok(Imported { rows, killed, seconds_to_send, per_second, resident_mb_before: resident, peak_mb: peak })
}

/// Exports all contacts, and reads them as fast as they come.
pub(super) async fn export(bed: &Bed, format: &'static str, path: &str) -> Outcome<Exported> {
    let pid = bed.server.pid();
    let resident = resident_mb(pid).ok_or("the memory of the server cannot be read")?;
    reset_peak(pid)?;
    let token = &bed.members.first().ok_or("no tenant")?.token;
    let began = Instant::now();
    let mut stream = TcpStream::connect(bed.server.address()).await?;
    // In the old protocol, in which a body ends with the connection and is nothing but itself.
    let request = format!("GET /api/v1{path} HTTP/1.0\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let (mut bytes, mut lines, mut head) = (0, 0, Vec::new());
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = stream.read(&mut buffer).await?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
        if head.len() < 256 {
            head.extend_from_slice(part.get(..256.min(part.len())).unwrap_or_default());
        }
        bytes += read;
        lines += part.iter().filter(|byte| **byte == b'\n').count();
    }
    let seconds = began.elapsed().as_secs_f64();
    if !head.starts_with(b"HTTP/1.0 200") && !head.starts_with(b"HTTP/1.1 200") {
        return Err(format!("an export was answered {}", String::from_utf8_lossy(&head)).into());
    }
    let peak = peak_mb(pid).ok_or("the memory of the server cannot be read")?;
    Ok(Exported {
        format,
        records: lines,
        megabytes: bytes as f64 / 1e6,
        per_second: lines as f64 / seconds,
        resident_mb_before: resident,
        peak_mb: peak,
    })
}

async fn count(bed: &Bed) -> Outcome<i64> {
    let schema = bed.members.first().ok_or("no tenant")?.tenant.schema();
    Ok(bed.superuser().query_one(&format!("SELECT count(*) FROM {schema}.contacts"), &[]).await?.try_get(0)?)
}

/// A request with a body, and the JSON that answers it.
async fn call(bed: &Bed, method: &str, path: &str, kind: &str, body: &[u8], expected: u16) -> Outcome<Value> {
    let token = &bed.members.first().ok_or("no tenant")?.token;
    let length = body.len();
    let mut request = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\ncontent-type: {kind}\r\n\
         content-length: {length}\r\n\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    let answer = Connection::open(bed.server.address()).await?.exchange(&request).await?;
    let text = String::from_utf8_lossy(&answer.body);
    if answer.status != expected {
        return Err(format!("{method} {path} was answered {}: {text}", answer.status).into());
    }
    Ok(serde_json::from_slice(&answer.body)?)
}

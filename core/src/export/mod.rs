//! Whole lists as files: CSV or a JSON object a line, written as they are read, however long they are.
//!
//! - this file: the answer; `walk.rs`: how a list is read; `lines.rs`: how its records are written; `seats.rs`: how many go on at once.
//!
//! A list is read in batches, each by a statement of its own through the door. So nothing is held while the client is slow, an
//! export ends where the session does, and it is no picture of one moment: each record is as it was when its batch was read. What is
//! there all the time and keeps its place in the order comes once; what is made, deleted or moves in the order meanwhile may be
//! missing, and what moves to a later place comes twice.

mod lines;
mod seats;
mod walk;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use http::header;
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::Type as _;

pub(crate) use lines::FORMULA;
pub(crate) use seats::Exports;
pub(crate) use walk::export;

use crate::choice;
use crate::http::{CSV, NDJSON};

choice! {
    /// How a list is written.
    pub enum ExportFormat {
        /// Comma-separated, with a line of names first. A cell that a spreadsheet would take for a formula begins with `'`.
        Csv = "csv",
        /// A JSON object a line, as the operation on one record has it.
        Ndjson = "ndjson",
    }
}

/// 200 with a file.
pub struct Export {
    name: &'static str,
    format: ExportFormat,
    content: BoxStream<'static, std::io::Result<Bytes>>,
}

impl IntoResponse for Export {
    fn into_response(self) -> Response {
        let (kind, end) = match self.format {
            ExportFormat::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
            ExportFormat::Ndjson => (NDJSON, "ndjson"),
        };
        Response::builder()
            .content_type(kind)
            .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.{end}\"", self.name))
            .body(Body::from_bytes_stream(self.content))
    }
}

impl ApiResponse for Export {
    fn meta() -> MetaResponses {
        let content = |content_type| MetaMediaType { content_type, schema: String::schema_ref() };
        let disposition = MetaHeader {
            name: "Content-Disposition".to_owned(),
            description: Some("A name for the file.".to_owned()),
            required: true,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let response = MetaResponse {
            description: "The records. Where the body breaks off, it is not whole.",
            status: Some(200),
            status_range: None,
            content: vec![content(CSV), content(NDJSON)],
            headers: vec![disposition],
        };
        MetaResponses { responses: vec![response] }
    }

    fn register(_: &mut Registry) {}
}

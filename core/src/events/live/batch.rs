//! Events that are told: written down once, for all who hear them.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::events::feed::Heard;
use crate::module::Modules;

/// Events in their order, and how far they reach.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) told: Vec<Told>,
    /// The position of the last one.
    pub(super) last: Option<i64>,
    /// Whether there may be more to read.
    pub(super) is_full: bool,
}

/// One event.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) position: i64,
    /// What kind of record it is of.
    pub(super) resource: &'static str,
    /// As server-sent events have it.
    frame: Bytes,
    /// How much of the frame stands before the event.
    head: usize,
}

const END: &[u8] = b"\n\n";

impl Batch {
    pub(super) fn new(heard: Vec<Heard>, modules: &Modules, page: i64) -> Self {
        let is_full = i64::try_from(heard.len()).is_ok_and(|count| count >= page);
        let last = heard.last().map(|heard| heard.position);
        Self { last, is_full, told: heard.into_iter().filter_map(|heard| Told::new(heard, modules)).collect() }
    }
}

impl Told {
    fn new(heard: Heard, modules: &Modules) -> Option<Self> {
        let event = heard.event(modules)?;
        let source = modules.events().find(|source| source.resource == event.resource)?;
        let mut frame = BytesMut::with_capacity(512);
        frame.extend_from_slice(format!("id: {}\ndata: ", event.position).as_bytes());
        let head = frame.len();
        // JSON has no line breaks, which would end the field.
        if let Err(error) = serde_json::to_writer((&mut frame).writer(), &event) {
            tracing::error!(error = &error as &dyn std::error::Error, "an event cannot be written");
            return None;
        }
        frame.extend_from_slice(END);
        Some(Self { position: event.position, resource: source.resource, frame: frame.freeze(), head })
    }

    pub(super) fn frame(&self) -> Bytes {
        self.frame.clone()
    }

    /// The event alone.
    pub(super) fn json(&self) -> Bytes {
        self.frame.slice(self.head..self.frame.len() - END.len())
    }
}

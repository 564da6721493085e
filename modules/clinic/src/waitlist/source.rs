//! What the descriptor says of the waitlist. Nothing of it is undone: who waits no more is taken off it.

use tenantry_core::events::EventSource;
use tenantry_core::permission::Permission as _;

use crate::WaitlistRead;

pub(crate) const SOURCE: EventSource =
    EventSource { name: "waitlist-entry", resource: "waitlist", read: &WaitlistRead::INFO, undo: None };

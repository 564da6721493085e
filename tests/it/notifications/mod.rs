//! Notices: in whose words, to whom, and when.

mod bounces;
mod consents;
mod delivery;
mod log;
mod preview;
mod quiet_hours;
mod settings;
mod sms;
mod templates;
mod unsubscribe;

use tenantry_core::notify::{ANNOUNCEMENT, Destination, Notice, TASK_DUE};

fn to(address: &str) -> Destination {
    Destination::parse(address).unwrap()
}

/// A task that is due, for whoever has an address.
fn task(address: &str) -> Notice {
    Notice::new(&TASK_DUE, to(address)).with("name", "Ada").with("task", "Call Charles").with("due", "at noon")
}

/// News.
fn news(address: &str) -> Notice {
    let notice = Notice::new(&ANNOUNCEMENT, to(address)).with("name", "Ada");
    notice.with("headline", "We have moved").with("text", "From Monday on.\nCome and see.")
}

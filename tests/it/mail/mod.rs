//! Mail: from the outbox to a relay, or to the mailbox of development.

mod mailbox;
mod outbox;
pub mod relay;
mod smtp;

use tenantry_core::mail::Letter;

fn letter(to: &str) -> Letter {
    Letter {
        to: to.to_owned(), subject: "Ein Brief\r\nBcc: eve@example.com".to_owned(), text: "canary zoë".to_owned()
    }
}

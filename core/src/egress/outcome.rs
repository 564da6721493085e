//! What came of a request, in words of ours: neither the other side nor a library writes into a tenant's log.

use std::error::Error;
use std::time::Duration;

use super::guard::{NotPublic, Unknown};

/// What came of a request, and how long it took.
#[derive(Debug)]
pub struct Outcome {
    /// From the first look at the name until the answer was read, or that was given up.
    pub took: Duration,
    /// The answer, or why there is none.
    pub result: Result<Answered, EgressError>,
}

/// An answer.
#[derive(Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Its first bytes, at most [`ANSWER_READ`](super::ANSWER_READ).
    pub body: Vec<u8>,
}

impl Answered {
    /// Whether it says that all is well.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The guard's refusal.
    #[error("the address is not public")]
    NotPublic,
    /// No such name.
    #[error("the host's name is not known")]
    Unknown,
    /// Nobody listens, or nobody is there.
    #[error("the host cannot be connected to")]
    Unreachable,
    /// No certificate, one of somebody else's, one that is over.
    #[error("there is no secure connection to the host")]
    Insecure,
    /// The time is over.
    #[error("there was no whole answer in time")]
    TimedOut,
    /// Something else than HTTP, or half of it.
    #[error("the answer cannot be read")]
    Broken,
}

impl EgressError {
    pub(super) fn of(error: &reqwest::Error) -> Self {
        let causes = || std::iter::successors(error.source(), below).take(16);
        if causes().any(|cause| cause.is::<NotPublic>()) {
            Self::NotPublic
        } else if causes().any(|cause| cause.is::<Unknown>()) {
            Self::Unknown
        } else if error.is_timeout() {
            Self::TimedOut
        } else if causes().any(is_of_tls) {
            Self::Insecure
        } else if error.is_connect() {
            Self::Unreachable
        } else {
            Self::Broken
        }
    }
}

fn below<'a>(cause: &&'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    (*cause).source()
}

/// An error of TLS travels inside one of input and output, which does not show it among its sources.
fn is_of_tls(cause: &(dyn Error + 'static)) -> bool {
    let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    cause.is::<rustls::Error>() || inner.is_some_and(|inner| is_of_tls(inner))
}

//! The server: connections, and what each request meets before and after its handler.

mod accept;
mod body;
mod client;
mod cors;
mod edge;
mod finish;
mod limits;
mod mapper;
mod observe;
mod parameter;
mod pulse;
mod refusals;
mod socket;

pub use accept::{Served, serve};
pub use client::{ClientAddr, RequestId};
pub use edge::edge;
pub use observe::metrics_handle;
pub(in crate::http) use parameter::expectation;

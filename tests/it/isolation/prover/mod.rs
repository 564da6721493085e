//! The isolation prover: reads the document of the running server and attacks every operation in it.
//!
//! `document` reads, `sample` makes values with `hints`, `call` is a request, `world` has two tenants and their records,
//! `snapshot` sees every row. The other files are attacks; each covers all operations of the document, so a new
//! operation is attacked from the day it exists, and one that the prover cannot call fails it.

mod appointments;
mod calendar;
mod call;
mod clinic;
mod document;
mod handover;
mod hints;
mod notices;
mod origin;
mod own_fields;
mod people;
mod sample;
mod second_factor;
mod snapshot;
mod tidy;
mod tokens;
mod viewings;
mod webhooks;
mod world;

mod audited;
mod borrowed;
mod callers;
mod deals;
mod disabled;
mod foreign;
mod injection;
mod keys;
mod real_estate;
mod restored;
mod scoped;

pub use injection::assert_no_insides;

//! What all operations share: refusals, bodies, paths, headers, connections.

mod bodies;
mod connections;
mod cors;
mod edge;
mod headers;
mod idempotency;
mod paths;
mod refusals;

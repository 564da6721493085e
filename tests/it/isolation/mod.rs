//! Isolation: what one tenant has, no other can see, change, or notice.

mod audit;
mod database;
mod fence;
mod keys;
mod memberships;
mod prover;
mod revocation;
mod storm;
mod timing;

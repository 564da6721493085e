//! Isolation: what one tenant has, no other can see, change, or notice.

mod prover;

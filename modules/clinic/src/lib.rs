//! The clinic vertical.

//! The workshop menu.
fn main() {}

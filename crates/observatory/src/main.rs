//! The observatory command.
fn main() {}

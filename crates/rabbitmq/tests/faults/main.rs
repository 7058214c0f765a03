//! What the bus does when its broker does not.

mod alarm;
mod encryption;
mod frozen;
mod missing;
mod restart;
mod support;

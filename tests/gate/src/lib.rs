//! The whole system in containers: infrastructure from the images of `tests/images`, our services from images of our
//! own, on a private network.
//!
//! [`System`] brings it up, [`run`] runs checks against one system and keeps the logs of every container when one fails.

mod api;
mod containers;
mod harness;
mod patience;
mod system;

pub use api::{Answer, Api};
pub use harness::{Check, run};
pub use patience::{PATIENCE, eventually};
pub use system::{Role, Server, System};

//! `observatory up --target kind`, `down`, `status` and `doctor`: the whole observatory on Kubernetes.
//!
//! The command knows nothing of the manifests: what it has to know beside them is in their `cluster.json` (`spec`). Every
//! step looks at what is there first, so that it can be taken again after whatever ended it.

mod access;
mod apply;
mod args;
mod create;
mod doctor;
mod down;
mod failure;
mod images;
mod memory;
mod node;
mod report;
mod secrets;
mod spec;
mod status;
mod tool;
mod tools;
mod up;
mod wait;

pub use args::{ClusterArgs, DoctorArgs, DownArgs, StatusArgs};
pub(crate) use doctor::run as doctor;
pub(crate) use down::run as down;
pub(crate) use status::run as status;
pub(crate) use up::run as up;

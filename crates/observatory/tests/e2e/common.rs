//! What every topic needs: an observatory to ask, and the ways to ask it.

mod command;
mod http;
mod jobs;
mod observatory;
mod ports;
mod process;
mod shared;
mod site;
mod stream;

pub(crate) use command::Ran;
pub(crate) use http::{Answer, Api, json_request};
pub(crate) use jobs::{count, metric, moment, text};
pub(crate) use observatory::Observatory;
pub(crate) use ports::{PORTS, free_offset};
pub(crate) use process::Process;
pub(crate) use shared::Shared;
pub(crate) use site::Site;
pub(crate) use stream::{Message, Stream};

use std::time::Duration;

/// Longer than anything here takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

//! The live stream: what happens, as it happens, to everybody who listens.
//!
//! One `poller` follows the event log while somebody listens and hands each event to the `buffer` of every client
//! that wants it; a `client` writes what is in its buffer as its peer reads. Nobody waits for anybody: a buffer that
//! is full ends its client, and the pipeline knows nothing of all this, since the log is only ever read.
//!
//! A client that comes back names the last event that it saw (`place`). It reads what it missed from the log by
//! itself, page by page as it takes them, until it meets what the poller hands out; `seam` is that meeting.

mod buffer;
mod catch_up;
mod client;
mod frame;
mod hub;
mod item;
mod log_reader;
mod numbers;
mod place;
mod poller;
mod seam;
mod wants;

pub(crate) use client::{Client, Seat};
pub(crate) use hub::{Hub, MAX_CLIENTS};
pub(crate) use place::Place;
pub(crate) use wants::{PARAMETERS, Wants};

//! What the log does when its server does not, and what it promises beyond the suite.
//!
//! The server is MongoDB-compatible (`FerretDB`).

mod away;
mod dropped;
mod followers;
mod gaps;
mod support;
mod texts;

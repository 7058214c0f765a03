//! A small HTTP/1.1 client for our own servers: no TLS, no redirects.
//!
//! [`Session`] is for load and for many questions: one keep-alive connection, one request at a time, reused buffers,
//! nothing parsed but the status and the length. A load generator that shares two cores with the server must cost a
//! fraction of it; a general client costs about as much per request as the server does.
//!
//! [`call()`] is for commands of a person: any method, any header, answers that are read as they come.

mod call;
mod error;
mod head;
mod percent;
mod session;
mod target;

pub(crate) use call::{Reply, call};
pub(crate) use error::ClientError;
pub(crate) use percent::encoded;
pub(crate) use session::{Answer, Session};
pub(crate) use target::Target;

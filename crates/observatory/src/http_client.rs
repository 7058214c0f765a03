//! A small HTTP/1.1 client for load and for questions: one keep-alive connection per [`Session`], one request
//! at a time, reused buffers, nothing parsed but the status and the length.
//!
//! It exists because a load generator that shares two cores with the server must cost a fraction of it; a
//! general client costs about as much per request as the server does. It speaks to our own servers: no TLS,
//! no redirects, no chunked bodies.

mod error;
mod head;
mod session;
mod target;

pub(crate) use error::ClientError;
pub(crate) use session::{Answer, Session};
pub(crate) use target::Target;

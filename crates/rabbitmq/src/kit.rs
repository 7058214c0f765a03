//! What the client library needs of the runtime: Tokio's tasks and timers, over sockets of ours.
//!
//! The library's own encryption comes with a second cryptography provider or with fixed authorities, so it is given
//! connections that are encrypted already.

use std::future::Future;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use async_compat::{Compat, CompatExt};
use async_rs::traits::Reactor;
use async_rs::util::RuntimeParts;
use async_rs::{Runtime, Tokio};
use futures::Stream;
use tokio::io::{AsyncRead, AsyncWrite};

/// A connection, encrypted or not.
pub(crate) trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

/// A connection as the library takes it.
pub(crate) type Wire = Compat<Box<dyn Bytes>>;

/// The runtime of the library.
pub(crate) type Kit = RuntimeParts<Tokio, Sockets>;

/// Tokio's timers, and sockets that are connected elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Sockets(Tokio);

/// The runtime of the caller.
pub(crate) fn runtime() -> Runtime<Kit> {
    Runtime::new(RuntimeParts::new(Tokio::current(), Sockets(Tokio::current())))
}

/// Hands a connection over.
pub(crate) fn wire(stream: impl Bytes + 'static) -> Wire {
    let stream: Box<dyn Bytes> = Box::new(stream);
    stream.compat()
}

impl Reactor for Sockets {
    type TcpStream = Wire;
    type Sleep = <Tokio as Reactor>::Sleep;

    fn register<H: Read + Write + Send + 'static>(
        &self,
        _socket: H,
    ) -> io::Result<impl futures::AsyncRead + futures::AsyncWrite + Send + Unpin + 'static> {
        Err::<Wire, _>(io::ErrorKind::Unsupported.into())
    }

    fn sleep(&self, duration: Duration) -> Self::Sleep {
        self.0.sleep(duration)
    }

    fn interval(&self, duration: Duration) -> impl Stream<Item = Instant> + Send + 'static {
        self.0.interval(duration)
    }

    fn tcp_connect_addr(
        &self,
        _address: SocketAddr,
    ) -> impl Future<Output = io::Result<Wire>> + Send + 'static {
        std::future::ready(Err(io::ErrorKind::Unsupported.into()))
    }
}

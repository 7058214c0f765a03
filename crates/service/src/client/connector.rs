//! Connects to addresses that a policy allows.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::{AddressPolicy, ClientError};

/// How many addresses of one name are tried.
const MAX_ADDRESSES: usize = 8;

/// Looks names up itself, so that the addresses that were checked are the ones connected to.
#[derive(Clone)]
pub(super) struct GuardedConnector {
    policy: Option<AddressPolicy>,
    limit: Duration,
}

impl GuardedConnector {
    pub(super) fn new(policy: Option<AddressPolicy>, limit: Duration) -> Self {
        Self { policy, limit }
    }

    async fn connect(self, uri: Uri) -> Result<TokioIo<TcpStream>, ClientError> {
        let limit = self.limit;
        match tokio::time::timeout(limit, self.try_addresses(&uri)).await {
            Ok(connected) => connected.map(TokioIo::new),
            Err(_) => Err(ClientError::Connect(format!(
                "not connected within {} s",
                limit.as_secs_f64()
            ))),
        }
    }

    async fn try_addresses(&self, uri: &Uri) -> Result<TcpStream, ClientError> {
        let mut last = ClientError::Connect("the name has no address".to_owned());
        for address in resolve(uri).await?.into_iter().take(MAX_ADDRESSES) {
            if !self.allows(address.ip()) {
                last = ClientError::Refused(address.ip());
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(stream) => return settle(stream),
                Err(error) => last = ClientError::Connect(error.to_string()),
            }
        }
        Err(last)
    }

    fn allows(&self, address: IpAddr) -> bool {
        self.policy
            .as_ref()
            .is_none_or(|policy| policy(address.to_canonical()))
    }
}

fn settle(stream: TcpStream) -> Result<TcpStream, ClientError> {
    stream.set_nodelay(true).map_err(failed)?;
    Ok(stream)
}

async fn resolve(uri: &Uri) -> Result<Vec<SocketAddr>, ClientError> {
    let host = uri.host().unwrap_or_default();
    let host = host
        .strip_prefix('[')
        .and_then(|inner| inner.strip_suffix(']'))
        .unwrap_or(host);
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") {
        443
    } else {
        80
    });
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found = tokio::net::lookup_host((host, port)).await.map_err(failed)?;
    Ok(found.collect())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn failed(error: io::Error) -> ClientError {
    ClientError::Connect(error.to_string())
}

impl Service<Uri> for GuardedConnector {
    type Response = TokioIo<TcpStream>;
    type Error = ClientError;
    type Future = BoxFuture<'static, Result<Self::Response, ClientError>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), ClientError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

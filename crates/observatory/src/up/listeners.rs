//! The ports, all bound before anything else starts, so that a taken one is told before any work is done.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, anyhow};
use tokio::net::TcpListener;

/// A port of the published system, before the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Port {
    pub(super) role: &'static str,
    pub(super) number: u16,
}

pub(super) const GATEWAY: Port = Port {
    role: "gateway",
    number: 3000,
};
pub(super) const READ_MODEL: Port = Port {
    role: "read model",
    number: 8080,
};
pub(super) const WEB: Port = Port {
    role: "web page",
    number: 8081,
};
pub(super) const PROCESSOR: Port = Port {
    role: "processor metrics",
    number: 8000,
};

/// The bound ports.
pub(super) struct Listeners {
    pub(super) gateway: TcpListener,
    pub(super) read_model: TcpListener,
    pub(super) web: TcpListener,
    pub(super) processor: TcpListener,
    points: AccessPoints,
}

/// Where everything answers.
#[derive(Clone, Copy, Debug)]
pub(super) struct AccessPoints {
    pub(super) gateway: SocketAddr,
    pub(super) read_model: SocketAddr,
    pub(super) web: SocketAddr,
    pub(super) processor: SocketAddr,
}

impl Listeners {
    pub(super) fn access_points(&self) -> AccessPoints {
        self.points
    }
}

/// The pages that may call the APIs from a browser: our own, by either name of this machine.
pub(super) fn origins(page: SocketAddr) -> Vec<String> {
    let port = page.port();
    vec![
        format!("http://localhost:{port}"),
        format!("http://127.0.0.1:{port}"),
    ]
}

/// Binds every port, each moved by `offset`.
///
/// # Errors
/// Names the port, what it is for and the option that moves it.
pub(super) async fn bind(address: IpAddr, offset: u16) -> anyhow::Result<Listeners> {
    let gateway = one(address, GATEWAY, offset).await?;
    let read_model = one(address, READ_MODEL, offset).await?;
    let web = one(address, WEB, offset).await?;
    let processor = one(address, PROCESSOR, offset).await?;
    let points = AccessPoints {
        gateway: gateway.local_addr()?,
        read_model: read_model.local_addr()?,
        web: web.local_addr()?,
        processor: processor.local_addr()?,
    };
    Ok(Listeners {
        gateway,
        read_model,
        web,
        processor,
        points,
    })
}

/// The number of a port, moved by `offset`.
///
/// # Errors
/// When there is no such port.
pub(super) fn moved(port: Port, offset: u16) -> anyhow::Result<u16> {
    let Port { role, number } = port;
    number
        .checked_add(offset)
        .ok_or_else(|| anyhow!("--port-offset {offset} moves port {number} ({role}) beyond 65535"))
}

/// Binds one port.
///
/// # Errors
/// As [`bind`].
pub(super) async fn one(address: IpAddr, port: Port, offset: u16) -> anyhow::Result<TcpListener> {
    let (role, moved) = (port.role, moved(port, offset)?);
    TcpListener::bind((address, moved)).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "port {moved} ({role}) is taken by another program; move every port with --port-offset N, e.g. \
             --port-offset {}",
            suggestion(offset)
        ),
        _ => anyhow!(error),
    })
    .with_context(|| format!("cannot listen on {address}"))
}

fn suggestion(offset: u16) -> u16 {
    if offset < 50_000 { offset + 10_000 } else { 100 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_the_option_that_moves_it() {
        let local = IpAddr::from([127, 0, 0, 1]);
        let taken = TcpListener::bind((local, 0)).await.unwrap();
        let number = taken.local_addr().unwrap().port();
        let error = one(
            local,
            Port {
                role: "gateway",
                number,
            },
            0,
        )
        .await
        .unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains(&format!("port {number} (gateway)")), "{text}");
        assert!(text.contains("--port-offset"), "{text}");
    }

    #[tokio::test]
    async fn an_offset_beyond_the_last_port_is_refused() {
        let error = bind(IpAddr::from([127, 0, 0, 1]), 60_000)
            .await
            .err()
            .map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("beyond 65535")));
    }
}

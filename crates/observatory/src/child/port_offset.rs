//! Ports that nobody else uses.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::bail;

/// The gateway's port, before the offset.
pub(super) const GATEWAY: u16 = 3000;
/// The read model's port, before the offset.
pub(super) const READ_MODEL: u16 = 8080;
/// The ports of an observatory in one process, before the offset: of the processor's metrics and of the web page, too.
pub(super) const EMBEDDED: [u16; 4] = [GATEWAY, READ_MODEL, 8000, 8081];

/// Offsets keep every port below 32768, where systems begin to give ports to outgoing connections.
const OFFSETS: std::ops::Range<u16> = 100..24_000;
/// How many offsets are tried.
const TRIES: usize = 100;

/// The offset that was asked for, if it leads to free ports, or one that does.
///
/// # Errors
/// When a port under the wanted offset is taken, or no offset was found under which all are free.
pub(crate) fn choose(wanted: Option<u16>, ports: &[u16]) -> anyhow::Result<u16> {
    if let Some(offset) = wanted {
        return match taken(offset, ports) {
            None => Ok(offset),
            Some(port) => bail!("port {port} is taken; choose another --port-offset, or none"),
        };
    }
    (0..TRIES)
        .map(|_| rand::random_range(OFFSETS))
        .find(|offset| taken(*offset, ports).is_none())
        .ok_or_else(|| anyhow::anyhow!("found no free ports; name some with --port-offset"))
}

/// The first port that is not free under `offset`.
fn taken(offset: u16, ports: &[u16]) -> Option<u32> {
    ports
        .iter()
        .map(|port| u32::from(*port) + u32::from(offset))
        .find(|port| !free(*port))
}

fn free(port: u32) -> bool {
    u16::try_from(port).is_ok_and(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named() {
        let offset = choose(None, &EMBEDDED).unwrap();
        let _holder = TcpListener::bind((Ipv4Addr::LOCALHOST, READ_MODEL + offset)).unwrap();
        let error = choose(Some(offset), &EMBEDDED).unwrap_err().to_string();
        assert!(error.contains(&(READ_MODEL + offset).to_string()), "{error}");
        assert!(error.contains("--port-offset"), "{error}");
        assert!(choose(Some(offset), &[GATEWAY]).is_ok(), "nobody wants that port");
    }

    #[test]
    fn an_offset_past_the_last_port_is_refused() {
        assert!(choose(Some(u16::MAX), &EMBEDDED).is_err());
    }
}

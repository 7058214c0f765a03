//! Addresses of this machine.

use std::net::IpAddr;

use crate::config::{Effective, Given, Kind};

/// An IP address to listen on.
#[derive(Clone, Copy, Debug)]
pub struct Address;

impl Kind for Address {
    type Value = IpAddr;

    const PLACEHOLDER: &'static str = "ADDRESS";

    fn read(&self, given: &Given) -> Result<IpAddr, String> {
        given
            .text()?
            .parse()
            .map_err(|_| format!("expected an {}", self.allowed()))
    }

    fn show(&self, value: &IpAddr) -> Effective {
        Effective::text(value)
    }

    fn allowed(&self) -> String {
        "IP address, e.g. 127.0.0.1, 0.0.0.0 or ::".to_owned()
    }
}

//! Where a role listens.

use std::net::{IpAddr, SocketAddr};

use crate::config::kinds::{Address, Count};
use crate::config::{About, Key, Preset, Settings, Values};

/// What is allowed as a port.
pub const PORT: Count = Count {
    min: 1,
    max: u16::MAX as usize,
};

static ADDRESS: Key<Address> = Key {
    about: About {
        path: "listen.address",
        variables: &["OBSERVATORY_BIND"],
        option: "bind",
        preset: Preset::Value("127.0.0.1"),
        meaning: "The address to listen on; nothing asks who you are, so think before you open it to a network",
    },
    kind: Address,
};

static MAX_CONNECTIONS: Key<Count> = Key {
    about: About {
        path: "listen.max_connections",
        variables: &["OBSERVATORY_MAX_CONNECTIONS"],
        option: "max-connections",
        preset: Preset::Value("1024"),
        meaning: "The most connections at once; further ones wait to be accepted",
    },
    kind: Count { min: 1, max: 65_535 },
};

/// Where a role listens.
#[derive(Clone, Copy, Debug)]
pub struct Listen {
    /// The address and port.
    pub address: SocketAddr,
    /// The most connections at once.
    pub max_connections: usize,
}

impl Listen {
    pub(super) fn settings() -> Settings {
        vec![&ADDRESS, &MAX_CONNECTIONS]
    }

    pub(super) fn read(values: &mut Values<'_>, port: &Key<Count>) -> Option<Self> {
        let address: Option<IpAddr> = values.get(&ADDRESS);
        let max_connections = values.get(&MAX_CONNECTIONS);
        let port = values.get(port).and_then(|port| u16::try_from(port).ok());
        Some(Self {
            address: (address?, port?).into(),
            max_connections: max_connections?,
        })
    }
}

//! Ports that nobody else uses.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};

/// The ports of an observatory before its offset: gateway, read model, web page, metrics of the processor.
pub(crate) const PORTS: [u16; 4] = [3000, 8080, 8081, 8000];

/// The distance between two offsets. No difference between two of [`PORTS`] is a multiple of it, so no two
/// observatories of one run ever meet.
const STEP: u32 = 7;

/// How many offsets there are: with the last one every port is still below 32768, where systems begin to give
/// ports to outgoing connections.
const OFFSETS: u32 = 3_400;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// An offset that was never given in this process and under which all ports are free now.
pub(crate) fn free_offset() -> u16 {
    let candidates = std::iter::repeat_with(candidate).take(100);
    candidates
        .into_iter()
        .find(|offset| PORTS.iter().all(|port| is_free(port + offset)))
        .expect("some ports are free")
}

/// Runs that follow each other, or run side by side, begin at different places.
fn candidate() -> u16 {
    let place = std::process::id().wrapping_mul(61) + NEXT.fetch_add(1, Ordering::Relaxed);
    u16::try_from(100 + place % OFFSETS * STEP).expect("a small number")
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

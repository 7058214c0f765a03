//! The machine: its memory, its limits, its ports.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use super::super::failure::Failure;
use super::super::spec::Spec;
use super::super::tools::{SHORT, Tools};
use super::Finding;

/// The small profile is limited to 4 GB; Kubernetes itself takes about 1.5.
const MEMORY: u64 = 6_000_000_000;
/// kind's own advice, in files that may be watched.
const WATCHES: [(&str, u64); 2] = [("max_user_watches", 524_288), ("max_user_instances", 512)];

pub(super) async fn memory(tools: &Tools) -> Finding {
    let asked = tools
        .docker
        .ask(&["info", "--format", "{{.MemTotal}}"], SHORT)
        .await;
    let Some(bytes) = asked.ok().and_then(|text| text.trim().parse::<u64>().ok()) else {
        return Finding::doubtful("memory", "unknown", "the engine does not say how much it has");
    };
    let found = gigabytes(bytes);
    if bytes < MEMORY {
        let hint = format!("{} are needed; give the engine more", gigabytes(MEMORY));
        return Finding::doubtful("memory", found, hint);
    }
    Finding::good("memory", found)
}

fn gigabytes(bytes: u64) -> String {
    format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10)
}

pub(super) fn watches() -> Finding {
    let low = WATCHES.iter().filter(|(name, wanted)| {
        let path = format!("/proc/sys/fs/inotify/{name}");
        let limit = std::fs::read_to_string(path)
            .ok()
            .and_then(|text| text.trim().parse::<u64>().ok());
        limit.is_some_and(|limit| limit < *wanted)
    });
    let commands: Vec<_> = low
        .map(|(name, wanted)| format!("sysctl fs.inotify.{name}={wanted}"))
        .collect();
    if commands.is_empty() {
        return Finding::good("watches", "enough");
    }
    Finding::doubtful(
        "watches",
        "the node may run out of watched files",
        commands.join("; "),
    )
}

pub(super) fn ports(spec: &Spec) -> Finding {
    let points = spec
        .access_points
        .iter()
        .filter_map(|point| Some((point.port()?, &point.name)));
    let taken: Vec<_> = points
        .filter(|(port, _)| is_taken(*port))
        .map(|(port, name)| format!("{port} ({name})"))
        .collect();
    if taken.is_empty() {
        return Finding::good("ports", "all free");
    }
    let failure = Failure::new(format!("taken: {}", taken.join(", ")));
    Finding::bad(
        "ports",
        failure
            .hint("end what holds them (`ss -ltnp` shows it), or change `hostPorts` in k8s/values/kind.nix"),
    )
}

fn is_taken(port: u16) -> bool {
    matches!(TcpListener::bind((Ipv4Addr::LOCALHOST, port)), Err(error) if error.kind() == ErrorKind::AddrInUse)
}

//! The machine: its memory, its limits, its ports.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use super::super::failure::Failure;
use super::super::spec::Spec;
use super::super::tools::{SHORT, Tools};
use super::Finding;

/// The small profile is limited to 4 GB; Kubernetes itself takes about 1.5.
const MEMORY: u64 = 6_000_000_000;
/// The node's image and ours, which are on disk twice, and room for data.
const DISK: u64 = 10_000_000_000;
/// kind's own advice, in files that may be watched.
const WATCHES: [(&str, u64); 2] = [("max_user_watches", 524_288), ("max_user_instances", 512)];

pub(super) async fn memory(tools: &Tools) -> Finding {
    let asked = info(tools, ["{{.MemTotal}}", "{{.Host.MemTotal}}"]).await;
    let Some(bytes) = asked.and_then(|text| text.parse::<u64>().ok()) else {
        return Finding::doubtful("memory", "unknown", "the engine does not say how much it has");
    };
    let found = gigabytes(bytes);
    if bytes < MEMORY {
        let hint = format!("{} are needed; give the engine more", gigabytes(MEMORY));
        return Finding::doubtful("memory", found, hint);
    }
    Finding::good("memory", found)
}

/// What the engine says of itself, as Docker calls it and as Podman does.
async fn info(tools: &Tools, templates: [&str; 2]) -> Option<String> {
    for template in templates {
        if let Ok(text) = tools.docker.ask(&["info", "--format", template], SHORT).await {
            return Some(text.trim().to_owned());
        }
    }
    None
}

/// Where the engine keeps images and volumes. One on another machine, or in a virtual one, is not looked at.
#[cfg(unix)]
pub(super) async fn disk(tools: &Tools) -> Finding {
    let root = info(tools, ["{{.DockerRootDir}}", "{{.Store.GraphRoot}}"]).await;
    let free = root
        .as_ref()
        .and_then(|root| rustix::fs::statvfs(root.as_str()).ok());
    let (Some(root), Some(free)) = (root, free) else {
        return Finding::good("disk", "not this machine's");
    };
    room(&root, free.f_bavail.saturating_mul(free.f_frsize))
}

/// Nothing says it here.
#[cfg(not(unix))]
pub(super) async fn disk(_tools: &Tools) -> Finding {
    Finding::good("disk", "unknown")
}

fn room(root: &str, free: u64) -> Finding {
    let found = format!("{} free in {root}", gigabytes(free));
    if free < DISK {
        let hint = format!(
            "{} are needed; `docker system df` shows what takes it",
            gigabytes(DISK)
        );
        return Finding::doubtful("disk", found, hint);
    }
    Finding::good("disk", found)
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

#[cfg(test)]
mod tests {
    use super::super::Grade;
    use super::*;

    #[test]
    fn a_full_disk_is_told() {
        let full = room("/var/lib/docker", 2_500_000_000);
        assert_eq!(full.grade, Grade::Doubtful);
        assert_eq!(full.found, "2.5 GB free in /var/lib/docker");
        assert_eq!(room("/", DISK).grade, Grade::Good);
    }
}

//! Installs and starts what container tests need on a bare machine that runs Debian.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::park_timeout;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::run::{program, say, succeeds};

/// Programs, and the packages that bring them.
const NEEDED: [(&str, &str); 4] = [
    ("dockerd", "docker.io"),
    ("iptables", "iptables"),
    ("mmdebstrap", "mmdebstrap"),
    ("nix-instantiate", "nix-bin"),
];
/// Where the engine writes what it does.
const LOG: &str = "/var/log/observatory-dockerd.log";
/// What an engine leaves behind that was killed: the number of a process that may be another one's by now.
const STALE: [&str; 2] = ["/var/run/docker.pid", "/var/run/docker/containerd"];
/// The longest an engine may take until it answers.
const START: Duration = Duration::from_mins(1);

/// Brings the machine to where images can be made and run.
pub(crate) fn provision() -> Result<()> {
    install()?;
    if !answers() {
        start()?;
    }
    Ok(())
}

fn install() -> Result<()> {
    let missing = NEEDED.into_iter().filter(|(name, _)| !is_installed(name));
    let missing: Vec<&str> = missing.map(|(_, package)| package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    program("apt-get", &["update", "--quiet"])?;
    let install = ["install", "--yes", "--quiet", "--no-install-recommends"];
    program("apt-get", &[&install[..], &missing].concat())
}

fn is_installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<_> = std::env::split_paths(&path).collect();
    places.extend(["/usr/sbin", "/sbin"].map(Into::into));
    places.iter().any(|place| place.join(name).is_file())
}

/// Whether an engine answers.
pub(crate) fn answers() -> bool {
    succeeds("docker", &["info"])
}

/// Starts the engine, unless one is on its way. Two of them on one machine would take each other's network away.
fn start() -> Result<()> {
    if !is_running() {
        for left in STALE.map(Path::new) {
            remove(left).with_context(|| format!("cannot remove {}", left.display()))?;
        }
        say("$ dockerd");
        let log = File::create(LOG).with_context(|| format!("cannot write {LOG}"))?;
        // In a session of its own, so that it goes on when this task and its terminal end.
        Command::new("setsid")
            .args(["--fork", "dockerd"])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .status()
            .context("cannot start dockerd")?;
    }
    let since = Instant::now();
    while !answers() {
        if since.elapsed() > START {
            bail!("the container engine does not answer within {START:?}; see {LOG}");
        }
        park_timeout(Duration::from_millis(200));
    }
    Ok(())
}

/// Whether a process is called `dockerd`, whether it answers or not.
fn is_running() -> bool {
    let Ok(processes) = fs::read_dir("/proc") else {
        return false;
    };
    processes.flatten().any(|process| {
        let name = fs::read_to_string(process.path().join("comm"));
        name.is_ok_and(|name| name.trim() == "dockerd")
    })
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_absent) => Ok(()),
    }
}

//! The processes of the roles, found as the children of the process that supervises them.
//!
//! Only Linux shows them to us, in /proc.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use anyhow::Context;

use super::shape::Post;
use crate::up::{self, Role};

/// The variable by which a role is told its port, which tells copies of a role apart.
const PORT: &str = "OBSERVATORY_LISTEN_PORT=";

/// What the program of a role is told when it is to serve, see `up::supervisor`.
const SERVES: &str = "--until-end-of-input";

/// A process, told from a later one of the same number by the moment at which it was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    /// Its number.
    pub(crate) pid: u32,
    /// When it was started, in ticks since the machine was.
    started: u64,
}

/// Who serves which post.
pub(crate) type Roster = BTreeMap<Post, Process>;

/// The roles that run below a supervisor.
///
/// # Errors
/// When the system does not tell.
pub(super) fn of(supervisor: u32, port_offset: u16) -> anyhow::Result<Roster> {
    let mut roster = Roster::new();
    for pid in children(supervisor).context("cannot see the processes of the roles in /proc")? {
        if let Some(process) = process(pid)
            && let Some(post) = post(pid, port_offset)
        {
            roster.insert(post, process);
        }
    }
    Ok(roster)
}

impl Process {
    /// Whether it has ended. One that nobody has waited for yet has, too, once its last thread is out: only then are its
    /// ports and connections gone.
    pub(super) fn is_gone(self) -> bool {
        match life(self.pid) {
            Some(Life { started, has_ended }) => {
                started != self.started || (has_ended && threads(self.pid) <= 1)
            }
            None => true,
        }
    }
}

fn children(parent: u32) -> io::Result<Vec<u32>> {
    let mut all = Vec::new();
    for task in std::fs::read_dir(format!("/proc/{parent}/task"))? {
        let listed = std::fs::read_to_string(task?.path().join("children"))?;
        all.extend(
            listed
                .split_whitespace()
                .filter_map(|pid| pid.parse::<u32>().ok()),
        );
    }
    Ok(all)
}

/// A process that runs.
fn process(pid: u32) -> Option<Process> {
    let Life { started, has_ended } = life(pid)?;
    (!has_ended).then_some(Process { pid, started })
}

/// When a process was started, and whether its first thread has ended since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Life {
    started: u64,
    has_ended: bool,
}

fn life(pid: u32) -> Option<Life> {
    life_of(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// By a process's line of numbers.
fn life_of(stat: &str) -> Option<Life> {
    // The name stands in parentheses and may have anything in it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    // The 22nd field of the line; the state is the third.
    let started = fields.nth(18)?.parse().ok()?;
    let has_ended = matches!(state, "Z" | "X");
    Some(Life { started, has_ended })
}

/// How many threads of a process there are, an ended first one among them.
fn threads(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count)
}

fn post(pid: u32, port_offset: u16) -> Option<Post> {
    let read = |file: &str| {
        let bytes = std::fs::read(format!("/proc/{pid}/{file}")).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    post_of(&read("cmdline")?, &read("environ")?, port_offset)
}

/// Which post a process serves, by its command line and its variables, both separated by zeros.
fn post_of(command_line: &str, variables: &str, port_offset: u16) -> Option<Post> {
    // A script stands behind its interpreter.
    let program = |word: &str| {
        let name = Path::new(word).file_stem()?.to_str()?;
        Role::ALL.into_iter().find(|role| role.program() == name)
    };
    // One that only checks its configuration serves nobody.
    let serves = command_line.split('\0').any(|word| word == SERVES);
    let role = command_line
        .split('\0')
        .take(2)
        .find_map(program)
        .filter(|_| serves)?;
    let port = variables.split('\0').find_map(|line| line.strip_prefix(PORT))?;
    let port = port.parse::<u16>().ok()?.checked_sub(port_offset)?;
    (0..64)
        .find(|copy| up::role_port(role, *copy) == port)
        .map(|copy| Post { role, copy })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_known_by_its_program_and_its_port() {
        let of = |line: &str, port: &str| post_of(line, &format!("A=b\0{port}\0"), 100);
        let second = Post {
            role: Role::Processor,
            copy: 1,
        };
        let line = "/opt/observatory-processor\0--until-end-of-input\0";
        assert_eq!(of(line, "OBSERVATORY_LISTEN_PORT=8111"), Some(second));
        let script = "/bin/sh\0/opt/observatory-web-ui\0--until-end-of-input\0";
        let page = of(script, "OBSERVATORY_LISTEN_PORT=8181").map(Post::name);
        assert_eq!(page.as_deref(), Some("web-ui"));
        assert_eq!(
            of(line, "OBSERVATORY_LISTEN_PORT=8181"),
            None,
            "another role's port"
        );
        assert_eq!(of(line, "PORT=8111"), None);
        let checks = "/opt/observatory-processor\0check-config\0--quiet\0";
        assert_eq!(
            of(checks, "OBSERVATORY_LISTEN_PORT=8111"),
            None,
            "it serves nobody"
        );
        assert_eq!(of("/bin/sleep\x005\0", "OBSERVATORY_LISTEN_PORT=8111"), None);
    }

    #[test]
    fn a_process_that_has_ended_is_told_from_one_that_runs() {
        let line = |state: &str| {
            let rest = (4..22)
                .map(|field| field.to_string())
                .collect::<Vec<_>>()
                .join(" ");
            format!("7 (a) b) {state} {rest} 4711 23")
        };
        let of = |has_ended| {
            Some(Life {
                started: 4711,
                has_ended,
            })
        };
        assert_eq!(life_of(&line("S")), of(false));
        assert_eq!(life_of(&line("Z")), of(true));
        assert_eq!(life_of("7 (short) S 1"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_children_of_a_process_are_found_and_seen_to_end() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        assert!(children(std::process::id()).unwrap().contains(&child.id()));
        let running = process(child.id()).unwrap();
        assert!(!running.is_gone());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(running.is_gone());
        assert!(of(std::process::id(), 0).unwrap().is_empty(), "no role of ours");
    }
}

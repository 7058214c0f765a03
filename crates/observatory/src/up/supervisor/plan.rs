//! Which processes there are, and what each is told.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::programs::Programs;
use super::role::Role;
use crate::up::UpArgs;
use crate::up::banner::url;
use crate::up::listeners::{self, Port};

/// Where the metrics engine answers. The published system's has no port.
const METRICS_ENGINE: Port = Port {
    role: "metrics engine",
    number: 8002,
};

/// Where the second processor answers; further ones follow. The first has the published system's port.
const SECOND_PROCESSOR: Port = Port {
    role: "processor metrics",
    number: 8011,
};

/// One process.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) role: Role,
    /// Its name for people, with a number where there are several.
    pub(super) name: String,
    /// Its program.
    pub(super) program: PathBuf,
    /// Where it listens.
    pub(super) address: SocketAddr,
    /// What it is told.
    pub(super) environment: Vec<(&'static str, String)>,
}

/// Plans every process.
///
/// # Errors
/// When the offset moves a port beyond the last one.
pub(super) fn plan(args: &UpArgs, programs: &Programs) -> anyhow::Result<Vec<Member>> {
    let mut members = Vec::new();
    for role in Role::ALL {
        let copies = if role == Role::Processor {
            args.services.processors
        } else {
            1
        };
        for copy in 0..copies {
            let port = listeners::moved(port(role, copy), args.port_offset)?;
            members.push(Member {
                role,
                name: name(role, copy, copies),
                program: programs.of(role).to_owned(),
                address: (args.bind, port).into(),
                environment: Vec::new(),
            });
        }
    }
    let shared = shared(args, &members);
    for member in &mut members {
        member.environment.clone_from(&shared);
        let port = member.address.port().to_string();
        member.environment.push(("OBSERVATORY_LISTEN_PORT", port));
    }
    Ok(members)
}

pub(super) fn port(role: Role, copy: u16) -> Port {
    match (role, copy) {
        (Role::Gateway, _) => listeners::GATEWAY,
        (Role::Processor, 0) => listeners::PROCESSOR,
        (Role::Processor, copy) => Port {
            number: SECOND_PROCESSOR.number + copy - 1,
            ..SECOND_PROCESSOR
        },
        (Role::MetricsEngine, _) => METRICS_ENGINE,
        (Role::ReadModel, _) => listeners::READ_MODEL,
        (Role::WebUi, _) => listeners::WEB,
    }
}

fn name(role: Role, copy: u16, copies: u16) -> String {
    if copies == 1 {
        return role.name().to_owned();
    }
    format!("{} {}", role.name(), copy + 1)
}

/// What every process is told. Each takes what is a setting of its own; settings that nobody gave are not told, since
/// a variable wins over the file.
fn shared(args: &UpArgs, members: &[Member]) -> Vec<(&'static str, String)> {
    let mut variables = args.forwarded();
    variables.push(("OBSERVATORY_BIND", args.bind.to_string()));
    for member in members {
        match member.role {
            Role::Gateway => variables.push(("OBSERVATORY_GATEWAY_URL", url(member.address))),
            Role::ReadModel => variables.push(("OBSERVATORY_READ_MODEL_URL", url(member.address))),
            // At its usual port the page is allowed by default.
            Role::WebUi if args.port_offset > 0 && std::env::var_os(ORIGINS).is_none() => {
                variables.push((ORIGINS, listeners::origins(member.address).join(",")));
            }
            _ => {}
        }
    }
    variables
}

const ORIGINS: &str = "OBSERVATORY_ALLOWED_ORIGINS";

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: UpArgs,
    }

    fn planned(words: &[&str]) -> Vec<Member> {
        let line = Line::parse_from(std::iter::once("up").chain(words.iter().copied()));
        plan(&line.args, &Programs::default()).unwrap()
    }

    fn told<'m>(member: &'m Member, name: &str) -> Option<&'m str> {
        let mut told = member.environment.iter().rev();
        told.find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    #[test]
    fn every_process_has_a_port_of_its_own() {
        let members = planned(&["--processors", "64", "--port-offset", "100"]);
        let mut ports: Vec<u16> = members.iter().map(|member| member.address.port()).collect();
        assert_eq!(ports[..3], [3100, 8100, 8111]);
        assert_eq!(ports[65..], [8102, 8180, 8181]);
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 68);
    }

    #[test]
    fn one_processor_needs_no_number_and_several_have_one() {
        let names = |words: &[&str]| {
            planned(words)
                .into_iter()
                .map(|member| member.name)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&[])[1], "processor");
        assert_eq!(
            names(&["--processors", "2"])[1..3],
            ["processor 1", "processor 2"]
        );
    }

    #[test]
    fn what_was_given_is_told_and_what_was_not_is_left_to_the_file() {
        let members = planned(&["--concurrency", "7", "--port-offset", "5", "--config", "o.toml"]);
        let page = members.last().unwrap();
        assert_eq!(told(page, "OBSERVATORY_CONCURRENCY"), Some("7"));
        assert_eq!(told(page, "OBSERVATORY_RETENTION"), None);
        assert_eq!(told(page, "OBSERVATORY_CONFIG"), Some("o.toml"));
        assert_eq!(told(page, "OBSERVATORY_LISTEN_PORT"), Some("8086"));
        assert_eq!(
            told(page, "OBSERVATORY_GATEWAY_URL"),
            Some("http://localhost:3005")
        );
        assert_eq!(told(page, "OBSERVATORY_BIND"), Some("127.0.0.1"));
        assert_eq!(
            told(page, ORIGINS),
            Some("http://localhost:8086,http://127.0.0.1:8086")
        );
    }
}

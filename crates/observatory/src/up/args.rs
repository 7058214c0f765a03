//! What `observatory up` can be told.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::bail;
use clap::Args;
use domain::duration::Span;
use processor::HandlerRegistry;
use processor::handlers::{Echo, Exec, Http, Sleep};

/// What `observatory up` can be told.
#[derive(Args, Clone, Debug)]
pub struct UpArgs {
    /// Where the data is kept [default: the platform's place for data, e.g. ~/.local/share/task-observatory]
    #[arg(long, value_name = "DIR", env = "OBSERVATORY_DATA_DIR")]
    pub data_dir: Option<PathBuf>,

    /// Added to every port: gateway 3000, read model 8080, web page 8081, processor metrics 8000
    #[arg(long, value_name = "N", default_value_t = 0, env = "OBSERVATORY_PORT_OFFSET")]
    pub port_offset: u16,

    /// The address to listen on; nothing asks who you are, so think before you open it to a network
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), env = "OBSERVATORY_BIND")]
    pub bind: IpAddr,

    /// How many jobs run at once
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u16).range(1..), env = "OBSERVATORY_CONCURRENCY")]
    pub concurrency: u16,

    /// How long ended jobs, events and dead letters are kept, e.g. 12h or 30d
    #[arg(
        long,
        value_name = "TIME",
        default_value = "7d",
        env = "OBSERVATORY_RETENTION"
    )]
    pub retention: Span,

    /// How long running jobs may go on after the first Ctrl-C before they are handed back
    #[arg(long, value_name = "TIME", default_value = "5s", env = "OBSERVATORY_DRAIN")]
    pub drain: Span,

    /// A program that `exec` jobs may run, under the name that they use (repeatable); none by default
    #[arg(long = "allow-exec", value_name = "NAME=PATH")]
    pub allow_exec: Vec<Program>,

    /// The job type whose handler runs jobs of types that nobody handles, instead of failing them
    #[arg(long, value_name = "TYPE", env = "OBSERVATORY_FALLBACK")]
    pub fallback: Option<String>,

    /// Let `http` jobs call private, loopback and link-local addresses
    #[arg(long, env = "OBSERVATORY_ALLOW_PRIVATE_ADDRESSES")]
    pub allow_private_addresses: bool,
}

/// The built-in handlers, as the arguments allow them.
///
/// # Errors
/// When an allowed program does not exist, or a name is given twice.
pub fn builtin_handlers(args: &UpArgs) -> anyhow::Result<HandlerRegistry> {
    let mut programs = BTreeMap::new();
    for Program { name, path } in &args.allow_exec {
        if !path.is_absolute() || !path.is_file() {
            bail!(
                "--allow-exec {name}={}: not the absolute path of a program",
                path.display()
            );
        }
        if programs.insert(name.clone(), path.clone()).is_some() {
            bail!("--allow-exec names `{name}` twice");
        }
    }
    let at_once = std::thread::available_parallelism().map_or(2, usize::from) * 2;
    let handlers = HandlerRegistry::new()
        .with("echo", Echo)
        .with("sleep", Sleep)
        .with("http", Http::new(args.allow_private_addresses)?)
        .with("exec", Exec::new(programs, at_once));
    let Some(fallback) = &args.fallback else {
        return Ok(handlers);
    };
    match handlers.with_fallback(fallback) {
        Ok(handlers) => Ok(handlers),
        Err(handlers) => {
            bail!(
                "--fallback {fallback}: no such type (known: {})",
                handlers.job_types().join(", ")
            )
        }
    }
}

/// A program under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What jobs call it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

impl FromStr for Program {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok(Self {
                name: name.to_owned(),
                path: PathBuf::from(path),
            }),
            _ => Err("expected NAME=PATH, e.g. backup=/usr/local/bin/backup".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_have_a_name_and_a_path() {
        let program = Program {
            name: "true".into(),
            path: "/bin/true".into(),
        };
        assert_eq!("true=/bin/true".parse(), Ok(program));
        assert!("/bin/true".parse::<Program>().is_err() && "=x".parse::<Program>().is_err());
    }
}

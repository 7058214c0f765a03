//! What `observatory up` can be told.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;
use domain::duration::Span;
use processor::HandlerRegistry;
use processor::handlers::{Builtin, BuiltinError, Program};

use super::{ServicesArgs, Target};
use crate::cluster::ClusterArgs;

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

    /// How many jobs run at once, in every processor [default: 1024]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), env = "OBSERVATORY_CONCURRENCY")]
    pub concurrency: Option<u16>,

    /// How long ended jobs, events and dead letters are kept, e.g. 12h or 30d [default: 7d]
    #[arg(long, value_name = "TIME", env = "OBSERVATORY_RETENTION")]
    pub retention: Option<Span>,

    /// How long running jobs may go on after the first Ctrl-C before they are handed back [default: 5s]
    #[arg(long, value_name = "TIME", env = "OBSERVATORY_DRAIN")]
    pub drain: Option<Span>,

    /// A program that `exec` jobs may run, under the name that they use (repeatable); none by default
    #[arg(long = "allow-exec", value_name = "NAME=PATH")]
    pub allow_exec: Vec<Program>,

    /// The job type whose handler runs jobs of types that nobody handles, instead of failing them
    #[arg(long, value_name = "TYPE", env = "OBSERVATORY_FALLBACK")]
    pub fallback: Option<String>,

    /// Let `http` jobs call private, loopback and link-local addresses
    #[arg(long, env = "OBSERVATORY_ALLOW_PRIVATE_ADDRESSES")]
    pub allow_private_addresses: bool,

    /// Stop as soon as the standard input ends, as it does when whoever started us is gone
    #[arg(long, hide = true)]
    pub until_end_of_input: bool,

    /// Where the roles run
    #[arg(long, value_enum, default_value_t, env = "OBSERVATORY_TARGET")]
    pub target: Target,

    /// What is for roles in processes of their own.
    #[command(flatten)]
    pub services: ServicesArgs,

    /// What is for a cluster.
    #[command(flatten)]
    pub cluster: ClusterArgs,
}

/// An option that says nothing to the target, and the targets that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stray {
    pub(super) option: &'static str,
    pub(super) targets: &'static str,
}

impl UpArgs {
    /// The first option that was given and that says nothing to the target.
    pub(super) fn stray(&self) -> Option<Stray> {
        let cluster = &self.cluster;
        let of_both_clusters = [
            ("--manifests", cluster.manifests.is_some()),
            ("--json", cluster.json),
        ];
        let of_kind = [
            ("--images", cluster.images.is_some()),
            ("--kind-config", cluster.kind_config.is_some()),
        ];
        let of_cluster = [("--context", cluster.context.is_some())];
        let of_services = [
            ("--bin-dir", self.services.bin_dir.is_some()),
            ("--processors", self.services.processors > 1),
        ];
        let of_processes = [
            ("--data-dir", self.data_dir.is_some()),
            ("--port-offset", self.port_offset != 0),
            ("--bind", self.bind != IpAddr::V4(Ipv4Addr::LOCALHOST)),
            ("--concurrency", self.concurrency.is_some()),
            ("--retention", self.retention.is_some()),
            ("--drain", self.drain.is_some()),
            ("--allow-exec", !self.allow_exec.is_empty()),
            ("--fallback", self.fallback.is_some()),
            ("--allow-private-addresses", self.allow_private_addresses),
            ("--config", self.services.config.is_some()),
        ];
        let given = |targets, options: &[(&'static str, bool)]| {
            let option = options.iter().find(|(_, given)| *given)?.0;
            Some(Stray { option, targets })
        };
        let clusters = || given("kind or cluster", &of_both_clusters);
        let kind = || given("kind", &of_kind);
        let cluster = || given("cluster", &of_cluster);
        let services = || given("services", &of_services);
        // What runs on a cluster is told by its manifests.
        let processes = || given("embedded or services", &of_processes);
        match self.target {
            Target::Embedded => services().or_else(clusters).or_else(kind).or_else(cluster),
            Target::Services => clusters().or_else(kind).or_else(cluster),
            Target::Kind => services().or_else(processes).or_else(cluster),
            Target::Cluster => services().or_else(processes).or_else(kind),
        }
    }

    /// What was given that the programs of the roles have settings for, as the variables that set them. What was not
    /// given is not among them: their file may have it.
    pub(super) fn forwarded(&self) -> Vec<(&'static str, String)> {
        let programs: Vec<String> = self.allow_exec.iter().map(Program::to_string).collect();
        let config = self.services.config.as_ref();
        let given = [
            (
                "OBSERVATORY_CONCURRENCY",
                self.concurrency.map(|number| number.to_string()),
            ),
            (
                "OBSERVATORY_RETENTION",
                self.retention.map(|span| span.to_string()),
            ),
            ("OBSERVATORY_DRAIN", self.drain.map(|span| span.to_string())),
            (
                "OBSERVATORY_ALLOW_EXEC",
                (!programs.is_empty()).then(|| programs.join(",")),
            ),
            ("OBSERVATORY_FALLBACK", self.fallback.clone()),
            (
                "OBSERVATORY_ALLOW_PRIVATE_ADDRESSES",
                self.allow_private_addresses.then(|| true.to_string()),
            ),
            (
                "OBSERVATORY_CONFIG",
                config.map(|file| file.display().to_string()),
            ),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.collect()
    }
}

/// The built-in handlers, as the arguments allow them.
///
/// # Errors
/// When an allowed program does not exist, a name is given twice, or the fallback is no type.
pub fn builtin_handlers(args: &UpArgs) -> anyhow::Result<HandlerRegistry> {
    let builtin = Builtin {
        programs: args.allow_exec.clone(),
        fallback: args.fallback.clone(),
        allow_private_addresses: args.allow_private_addresses,
    };
    builtin.registry().map_err(|error| match error {
        BuiltinError::NoProgram(_) | BuiltinError::TwoPrograms(_) => anyhow!("--allow-exec: {error}"),
        BuiltinError::NoSuchType { .. } => anyhow!("--fallback: {error}"),
        BuiltinError::Client(_) => anyhow!(error),
    })
}

//! Where the parts of the observatory run.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Where the parts of the observatory run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// All in this process, on one SQLite file
    #[default]
    Embedded,
    /// Each in a process of its own, on RabbitMQ, PostgreSQL, Redis and MongoDB
    Services,
    /// On Kubernetes, servers included, in a kind cluster that is made if it is not there
    Kind,
    /// On a Kubernetes cluster that is there
    Cluster,
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.to_possible_value();
        formatter.write_str(name.as_ref().map_or("", |value| value.get_name()))
    }
}

/// What `observatory up --target services` can be told besides.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "With --target services")]
pub struct ServicesArgs {
    /// Where the programs of the roles are [default: beside this program, then in PATH]
    #[arg(long, value_name = "DIR", env = "OBSERVATORY_BIN_DIR")]
    pub bin_dir: Option<PathBuf>,

    /// How many processors share the work
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64), env = "OBSERVATORY_PROCESSORS")]
    pub processors: u16,

    /// The file of settings (TOML) of the roles; where the servers are stands there or in variables
    #[arg(long, value_name = "FILE", env = "OBSERVATORY_CONFIG")]
    pub config: Option<PathBuf>,
}

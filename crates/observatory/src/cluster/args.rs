//! What the commands of the cluster can be told.

use std::path::PathBuf;

use clap::Args;

/// What `observatory up --target kind|cluster` can be told besides.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "With --target kind or cluster")]
pub struct ClusterArgs {
    /// The manifests: files of YAML and a cluster.json, e.g. k8s/rendered/kind
    #[arg(long, value_name = "DIR")]
    pub manifests: Option<PathBuf>,

    /// The images: an archive NAME.tar or NAME.tar.gz for each
    #[arg(long, value_name = "DIR")]
    pub images: Option<PathBuf>,

    /// The configuration of the kind cluster, e.g. k8s/rendered/kind-config.yaml
    #[arg(long, value_name = "FILE")]
    pub kind_config: Option<PathBuf>,

    /// The context of kubectl, with --target cluster
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,

    /// Say what happens as JSON, one object in a line
    #[arg(long)]
    pub json: bool,
}

/// What `observatory down` can be told.
#[derive(Args, Clone, Debug)]
pub struct DownArgs {
    /// The manifests of the cluster, which name it
    #[arg(long, value_name = "DIR", env = "OBSERVATORY_MANIFESTS")]
    pub manifests: PathBuf,

    /// Do not ask
    #[arg(long, short)]
    pub yes: bool,
}

/// What `observatory status` can be told.
#[derive(Args, Clone, Debug)]
pub struct StatusArgs {
    /// The manifests of the cluster
    #[arg(long, value_name = "DIR", env = "OBSERVATORY_MANIFESTS")]
    pub manifests: PathBuf,

    /// The context of kubectl, where it is no kind cluster
    #[arg(long, value_name = "NAME")]
    pub context: Option<String>,

    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What `observatory doctor` can be told.
#[derive(Args, Clone, Debug)]
pub struct DoctorArgs {
    /// The manifests of the cluster
    #[arg(long, value_name = "DIR", env = "OBSERVATORY_MANIFESTS")]
    pub manifests: PathBuf,

    /// The images; without them it is not looked whether they are there
    #[arg(long, value_name = "DIR", env = "OBSERVATORY_IMAGES")]
    pub images: Option<PathBuf>,

    /// Print one JSON object in a line for each finding
    #[arg(long)]
    pub json: bool,
}

//! `cluster.json`: what has to be known beside the manifests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::failure::Failure;

/// A cluster.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spec {
    /// The namespace in which everything is.
    pub(super) namespace: String,
    /// The kind cluster; none where the manifests are for one that is there.
    pub(super) cluster: Option<String>,
    /// The image of its node.
    pub(super) node_image: Option<String>,
    /// The Secrets that are made where they are missing.
    #[serde(default)]
    pub(super) secrets: Vec<Secret>,
    /// What has to become ready.
    pub(super) workloads: Vec<Workload>,
    /// The images that the manifests name.
    pub(super) images: Vec<String>,
    /// What answers on this machine.
    #[serde(default)]
    pub(super) access_points: Vec<AccessPoint>,
}

/// A Secret: keys with fixed values, with random ones, and with ones that have `${KEY}` of it in them.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Secret {
    pub(super) name: String,
    #[serde(default)]
    pub(super) fixed: BTreeMap<String, String>,
    /// How many letters and digits.
    #[serde(default)]
    pub(super) random: BTreeMap<String, usize>,
    #[serde(default)]
    pub(super) derived: BTreeMap<String, String>,
}

/// Something that makes pods.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Workload {
    pub(super) kind: String,
    pub(super) name: String,
    /// Those of a lower tier are waited for first.
    pub(super) tier: u32,
}

/// A place where something answers.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct AccessPoint {
    pub(super) name: String,
    pub(super) url: String,
    /// What answers with a good status once it is there.
    pub(super) probe: String,
}

impl AccessPoint {
    /// The port of this machine, if it is one.
    pub(super) fn port(&self) -> Option<u16> {
        self.url.parse::<http::Uri>().ok()?.port_u16()
    }
}

impl Spec {
    /// Reads the one beside the manifests.
    pub(super) fn read(manifests: &Path) -> Result<Self, Failure> {
        let path = manifests.join("cluster.json");
        let text = std::fs::read(&path).map_err(|error| {
            Failure::new(format!("cannot read {}: {error}", path.display()))
                .hint("--manifests names the directory of the manifests, e.g. k8s/rendered/kind")
        })?;
        serde_json::from_slice(&text).map_err(|error| {
            Failure::new(format!("{}: {error}", path.display()))
                .hint("it belongs to another version of this command, or was changed by hand")
        })
    }

    /// The context of kubectl that leads to the cluster.
    pub(super) fn context(&self, given: Option<&str>) -> Result<String, Failure> {
        let own = self.cluster.as_ref().map(|name| format!("kind-{name}"));
        given.map(str::to_owned).or(own).ok_or_else(|| {
            Failure::new("these manifests name no cluster")
                .hint("--context names one of `kubectl config get-contexts`")
        })
    }
}

/// The files of YAML among the manifests, in the order of application.
pub(super) fn files(manifests: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error| Failure::new(format!("cannot read {}: {error}", manifests.display()));
    let entries = std::fs::read_dir(manifests).map_err(unreadable)?;
    let mut files: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    Ok(files)
}

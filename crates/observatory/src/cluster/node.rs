//! The nodes of a kind cluster, which are containers.

use super::failure::Failure;
use super::tools::{SHORT, Tools};

/// Their names, at least one.
pub(super) async fn names(tools: &Tools, cluster: &str) -> Result<Vec<String>, Failure> {
    let listed = tools
        .kind
        .ask(&["get", "nodes", "--name", cluster], SHORT)
        .await?;
    let names = listed.lines().map(str::trim).filter(|name| !name.is_empty());
    let names: Vec<_> = names.map(str::to_owned).collect();
    if names.is_empty() {
        return Err(Failure::new(format!("kind cluster {cluster} has no nodes")).hint(format!(
            "`kind delete cluster --name {cluster}` removes what is left of it; then run the same command again"
        )));
    }
    Ok(names)
}

/// Starts those that were stopped, as they are after the engine was; says whether there were any.
pub(super) async fn start(tools: &Tools, cluster: &str) -> Result<bool, Failure> {
    let names = names(tools, cluster).await?;
    let mut stopped = Vec::new();
    for name in &names {
        let inspect = ["inspect", "--format", "{{.State.Running}}", name];
        if tools.docker.ask(&inspect, SHORT).await?.trim() == "false" {
            stopped.push(name.as_str());
        }
    }
    for name in &stopped {
        tools.docker.ask(&["start", name], SHORT).await?;
    }
    Ok(!stopped.is_empty())
}

//! The programs that are called: whether they are there, and fit each other.

use serde_json::Value;

use super::super::failure::Failure;
use super::super::tools::{SHORT, Tools};
use super::Finding;

/// The kind that the node's image was made for, and how far kubectl may be from a cluster (Kubernetes' version skew policy).
const KIND: &str = "v0.31";
const SKEW: u64 = 1;

pub(super) async fn docker(tools: &Tools) -> Finding {
    let mut asked = version(tools, "{{.Server.Version}}").await;
    if asked.is_err() {
        // Podman without a service is its own server. Docker without one fails at this, too.
        asked = version(tools, "{{.Client.Version}}").await.or(asked);
    }
    match asked {
        Ok(version) => Finding::good("docker", version.trim()),
        Err(failure) if failure.message.starts_with("cannot start") => Finding::bad("docker", failure),
        Err(failure) => Finding::bad(
            "docker",
            failure.hint("start the engine; `docker version` has to answer"),
        ),
    }
}

async fn version(tools: &Tools, template: &str) -> Result<String, Failure> {
    tools.docker.ask(&["version", "--format", template], SHORT).await
}

pub(super) async fn kind(tools: &Tools, node: Option<&str>) -> Finding {
    match tools.kind.ask(&["version"], SHORT).await {
        Err(failure) => Finding::bad("kind", failure),
        Ok(version) if version.contains(KIND) => Finding::good("kind", version.trim()),
        Ok(version) => Finding::doubtful(
            "kind",
            version.trim(),
            format!(
                "the node's image ({}) was made for kind {KIND}; others may not start it",
                node.unwrap_or("none")
            ),
        ),
    }
}

pub(super) async fn kubectl(tools: &Tools, node: Option<&str>) -> Finding {
    let version = match tools
        .kubectl
        .ask(&["version", "--client", "--output", "json"], SHORT)
        .await
    {
        Ok(version) => version,
        Err(failure) => return Finding::bad("kubectl", failure),
    };
    let Some((text, minor)) = client(&version) else {
        return Finding::doubtful("kubectl", "says no version", "`kubectl version --client` should");
    };
    match node.and_then(minor_of) {
        Some(wanted) if minor + SKEW < wanted => {
            let old = Failure::new(format!("{text} is too old for Kubernetes 1.{wanted}"));
            Finding::bad(
                "kubectl",
                old.hint(format!("install 1.{} or newer", wanted - SKEW)),
            )
        }
        Some(wanted) if minor > wanted + SKEW => Finding::doubtful(
            "kubectl",
            text,
            format!("it is much newer than Kubernetes 1.{wanted}"),
        ),
        _ => Finding::good("kubectl", text),
    }
}

/// The version that kubectl says it is, and its minor number.
fn client(output: &str) -> Option<(String, u64)> {
    let output: Value = serde_json::from_str(output).ok()?;
    let text = output["clientVersion"]["gitVersion"].as_str()?.to_owned();
    let minor = minor_of(&text)?;
    Some((text, minor))
}

/// `v1.35.0` or `kindest/node:v1.35.0@sha256:…` → 35.
fn minor_of(text: &str) -> Option<u64> {
    let (_, version) = text.split_once("v1.")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(minor_of("kindest/node:v1.35.0@sha256:00"), Some(35));
        let output = r#"{"clientVersion":{"gitVersion":"v1.34.2"}}"#;
        assert_eq!(client(output), Some(("v1.34.2".to_owned(), 34)));
        assert_eq!(client("{}"), None);
        assert_eq!(minor_of("latest"), None);
    }
}

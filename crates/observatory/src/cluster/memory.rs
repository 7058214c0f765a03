//! What a kind cluster remembers of how it was made. Ports and node are set when it is made, and never after.

use serde_json::{Value, json};

use super::failure::Failure;
use super::tools::{SHORT, Tools};

const NAMESPACE: &str = "kube-system";
const NAME: &str = "observatory-kind-config";
/// How many lines that differ are told.
const TOLD: usize = 8;

/// The configuration that it was made from; none where nobody has told it.
pub(super) async fn recall(tools: &Tools) -> Result<Option<String>, Failure> {
    let get = [
        "get",
        "configmap",
        NAME,
        "--namespace",
        NAMESPACE,
        "--ignore-not-found",
        "--output",
        "json",
    ];
    let text = tools.kubectl.ask(&get, SHORT).await?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let found: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("what kubectl says of {NAME} does not read: {error}")))?;
    Ok(found["data"]["config"].as_str().map(str::to_owned))
}

/// Has it remember.
pub(super) async fn keep(tools: &Tools, config: &str) -> Result<(), Failure> {
    let object = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": NAMESPACE},
        "data": {"config": config},
    });
    let apply = [
        "apply",
        "--namespace",
        NAMESPACE,
        "--server-side",
        "--force-conflicts",
        "--field-manager=observatory",
        "--filename",
        "-",
    ];
    let text = object.to_string();
    tools.kubectl.tell(&apply, Some(text.as_bytes()), SHORT).await?;
    Ok(())
}

/// The lines of which one has more than the other: `- ` those of `old`, `+ ` those of `new`.
pub(super) fn changes(old: &str, new: &str) -> Vec<String> {
    let more = |mark: char, one: &str, other: &str| {
        let mut others: Vec<&str> = other.lines().map(str::trim).collect();
        let mut more = Vec::new();
        for line in one.lines().map(str::trim) {
            match others.iter().position(|other| *other == line) {
                Some(place) => drop(others.swap_remove(place)),
                None => more.push(format!("{mark} {line}")),
            }
        }
        more
    };
    let mut changes = more('-', old, new);
    changes.extend(more('+', new, old));
    let left_out = changes.len().saturating_sub(TOLD);
    changes.truncate(TOLD);
    if left_out > 0 {
        changes.push(format!("and {left_out} more"));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_differ_are_told() {
        let old = "kind: Cluster\nports:\n  - host: 1\n  - host: 2\n  - host: 2\n";
        let new = "kind: Cluster\nports:\n  - host: 2\n  - host: 3\n";
        assert_eq!(changes(old, new), ["- - host: 1", "- - host: 2", "+ - host: 3"]);
        assert_eq!(changes(old, old), [] as [&str; 0]);
    }

    #[test]
    fn of_many_lines_some_are_told() {
        let many: Vec<_> = (0..20).map(|line| line.to_string()).collect();
        let changes = changes(&many.join("\n"), "");
        assert_eq!(changes.len(), TOLD + 1);
        assert_eq!(changes.last().map(String::as_str), Some("and 12 more"));
    }
}

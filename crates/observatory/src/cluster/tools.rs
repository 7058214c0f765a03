//! The three programs that are called.

use std::time::Duration;

use super::tool::Tool;

/// For a question that is answered from what is known.
pub(super) const SHORT: Duration = Duration::from_secs(30);
/// For what moves gigabytes, or starts a machine.
pub(super) const LONG: Duration = Duration::from_mins(10);

/// The programs.
#[derive(Clone, Debug)]
pub(super) struct Tools {
    pub(super) docker: Tool,
    pub(super) kind: Tool,
    /// Of one context, where one is known.
    pub(super) kubectl: Tool,
}

impl Tools {
    pub(super) fn new(context: Option<&str>) -> Self {
        let kubectl = Tool::new("kubectl", "https://kubernetes.io/docs/tasks/tools");
        Self {
            docker: Tool::new("docker", "https://docs.docker.com/engine/install"),
            kind: Tool::new("kind", "https://kind.sigs.k8s.io"),
            kubectl: match context {
                Some(context) => kubectl.always(&["--context", context]),
                None => kubectl,
            },
        }
    }
}

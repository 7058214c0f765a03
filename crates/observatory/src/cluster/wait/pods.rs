//! Pods that will not become ready by waiting.

use serde_json::Value;

/// Reasons for which a container waits that pass by themselves seldom or never.
const HOPELESS: [&str; 6] = [
    "CreateContainerConfigError",
    "CreateContainerError",
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
];
const UNSCHEDULABLE: &str = "Unschedulable";
/// A container that has ended so often while others became ready will do so again.
const RESTARTS: u64 = 3;

/// What is wrong with a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cluster) struct Trouble {
    pub(in crate::cluster) pod: String,
    /// Which of its containers it is, where it is one.
    pub(in crate::cluster) container: Option<String>,
    pub(in crate::cluster) reason: String,
    pub(in crate::cluster) message: String,
}

impl Trouble {
    /// Whether it may pass without anybody's doing: a pod is looked at before its volume is made, or while another one
    /// gives way to it.
    pub(super) fn may_pass(&self) -> bool {
        self.reason == UNSCHEDULABLE
    }

    /// What usually is behind it.
    pub(super) fn hint(&self, namespace: &str) -> String {
        match self.reason.as_str() {
            UNSCHEDULABLE => {
                "the node has no room for it: give Docker more memory, or end what else runs there".to_owned()
            }
            "ErrImagePull" | "ImagePullBackOff" | "ErrImageNeverPull" | "InvalidImageName" => {
                "its image is not on the node: run the same command again, which loads what is missing"
                    .to_owned()
            }
            "CreateContainerConfigError" => {
                "a Secret or ConfigMap that it names is missing: run the same command again, which makes them"
                    .to_owned()
            }
            _ => format!(
                "its log says why: kubectl logs --namespace {namespace} {} --previous",
                self.pod
            ),
        }
    }
}

/// The troubles of a workload's pods, one of each pod.
pub(in crate::cluster) fn troubles(items: &[Value], workload: &str) -> Vec<Trouble> {
    pods(items, workload).filter_map(of_pod).collect()
}

/// How often containers of a workload's pods have been started again.
pub(in crate::cluster) fn restarts(items: &[Value], workload: &str) -> u64 {
    let counts = pods(items, workload).flat_map(containers);
    counts
        .map(|container| container["restartCount"].as_u64().unwrap_or(0))
        .sum()
}

/// Those that are on their way out have been replaced already.
fn pods<'a>(items: &'a [Value], workload: &'a str) -> impl Iterator<Item = &'a Value> {
    items.iter().filter(move |item| {
        let meta = &item["metadata"];
        item["kind"] == "Pod"
            && meta["labels"]["app.kubernetes.io/name"] == *workload
            && meta["deletionTimestamp"].is_null()
    })
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    let status = &pod["status"];
    [&status["initContainerStatuses"], &status["containerStatuses"]]
        .into_iter()
        .filter_map(Value::as_array)
        .flatten()
}

fn of_pod(pod: &Value) -> Option<Trouble> {
    let name = text(&pod["metadata"]["name"]);
    let conditions = pod["status"]["conditions"].as_array().into_iter().flatten();
    let mut conditions = conditions.filter(|condition| condition["reason"] == UNSCHEDULABLE);
    if let Some(condition) = conditions.next() {
        return Some(Trouble {
            pod: name,
            container: None,
            reason: UNSCHEDULABLE.to_owned(),
            message: text(&condition["message"]),
        });
    }
    let (container, reason) = containers(pod).find_map(|container| {
        let reason = text(&container["state"]["waiting"]["reason"]);
        let crashes = reason == "CrashLoopBackOff" && container["restartCount"].as_u64() >= Some(RESTARTS);
        (crashes || HOPELESS.contains(&reason.as_str())).then_some((container, reason))
    })?;
    Some(Trouble {
        pod: name,
        container: container["name"].as_str().map(str::to_owned),
        reason,
        message: text(&container["state"]["waiting"]["message"]) + &end(container),
    })
}

/// How the container ended the last time.
fn end(container: &Value) -> String {
    let ended = &container["lastState"]["terminated"];
    match (ended["reason"].as_str(), ended["exitCode"].as_i64()) {
        (Some(reason), Some(code)) => format!(" (ended before: {reason}, exit code {code})"),
        _ => String::new(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(status: &Value) -> Value {
        json!({"kind": "Pod", "metadata": {"name": "gateway-1", "labels": {"app.kubernetes.io/name": "gateway"}},
            "status": status})
    }

    fn one(pod: &Value) -> Trouble {
        let mut found = troubles(std::slice::from_ref(pod), "gateway");
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    fn waiting(reason: &str, restarts: u64) -> Value {
        pod(&json!({"containerStatuses": [
            {"restartCount": restarts, "state": {"waiting": {"reason": reason, "message": "so it is"}}}
        ]}))
    }

    #[test]
    fn pods_that_wait_for_what_will_not_come_are_in_trouble() {
        for reason in HOPELESS {
            let found = one(&waiting(reason, 0));
            assert_eq!((found.pod.as_str(), found.reason.as_str()), ("gateway-1", reason));
        }
        assert_eq!(troubles(&[waiting("ContainerCreating", 0)], "gateway"), []);
        assert_eq!(
            troubles(&[waiting("ErrImagePull", 0)], "processor"),
            [],
            "another one's pod"
        );
    }

    #[test]
    fn a_container_may_fail_a_few_times() {
        assert_eq!(troubles(&[waiting("CrashLoopBackOff", 2)], "gateway"), []);
        let found = one(&waiting("CrashLoopBackOff", 3));
        let hint = found.hint("elsewhere");
        assert!(hint.contains("gateway-1") && hint.contains("elsewhere"), "{hint}");
        assert_eq!(restarts(&[waiting("CrashLoopBackOff", 3)], "gateway"), 3);
    }

    #[test]
    fn a_pod_for_which_there_is_no_room_is_in_trouble() {
        let status = json!({"conditions": [{"type": "PodScheduled", "reason": "Unschedulable",
            "message": "0/1 nodes are available: 1 Insufficient memory."}]});
        let found = one(&pod(&status));
        assert!(
            found.message.contains("Insufficient memory") && found.hint("observatory").contains("memory"),
            "{found:?}"
        );
        assert!(found.may_pass() && !one(&waiting("ErrImagePull", 0)).may_pass());
    }

    #[test]
    fn how_it_ended_is_told() {
        let killed = json!({"initContainerStatuses": [{"name": "prepare", "restartCount": 4,
            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}},
            "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}}}]});
        let found = one(&pod(&killed));
        assert_eq!(found.container.as_deref(), Some("prepare"));
        assert_eq!(
            found.message,
            "back-off 40s (ended before: OOMKilled, exit code 137)"
        );
    }

    #[test]
    fn a_pod_on_its_way_out_counts_no_more() {
        let mut leaving = waiting("CrashLoopBackOff", 5);
        leaving["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
        assert_eq!(troubles(&[leaving], "gateway"), []);
    }
}

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
/// A container that has ended so often while others became ready will do so again.
const RESTARTS: u64 = 3;

/// What is wrong with a pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cluster) struct Trouble {
    pub(in crate::cluster) pod: String,
    pub(in crate::cluster) reason: String,
    pub(in crate::cluster) message: String,
}

impl Trouble {
    /// What usually is behind it.
    pub(in crate::cluster) fn hint(&self) -> String {
        match self.reason.as_str() {
            "Unschedulable" => {
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
                "its log says why: kubectl logs --namespace observatory {} --previous",
                self.pod
            ),
        }
    }
}

/// The first trouble of a workload's pods.
pub(in crate::cluster) fn trouble(items: &[Value], workload: &str) -> Option<Trouble> {
    pods(items, workload).find_map(of_pod)
}

/// How often containers of a workload's pods have been started again.
pub(in crate::cluster) fn restarts(items: &[Value], workload: &str) -> u64 {
    let counts = pods(items, workload).flat_map(containers);
    counts
        .map(|container| container["restartCount"].as_u64().unwrap_or(0))
        .sum()
}

fn pods<'a>(items: &'a [Value], workload: &'a str) -> impl Iterator<Item = &'a Value> {
    items.iter().filter(move |item| {
        item["kind"] == "Pod" && item["metadata"]["labels"]["app.kubernetes.io/name"] == *workload
    })
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    pod["status"]["containerStatuses"]
        .as_array()
        .into_iter()
        .flatten()
}

fn of_pod(pod: &Value) -> Option<Trouble> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = text(&pod["metadata"]["name"]);
    let conditions = pod["status"]["conditions"].as_array().into_iter().flatten();
    let mut conditions = conditions.filter(|condition| condition["reason"] == "Unschedulable");
    if let Some(condition) = conditions.next() {
        let (reason, message) = ("Unschedulable".to_owned(), text(&condition["message"]));
        return Some(Trouble {
            pod: name,
            reason,
            message,
        });
    }
    containers(pod).find_map(|container| {
        let waiting = &container["state"]["waiting"];
        let reason = text(&waiting["reason"]);
        let crashes = reason == "CrashLoopBackOff" && container["restartCount"].as_u64() >= Some(RESTARTS);
        let hopeless = HOPELESS.contains(&reason.as_str());
        let message = text(&waiting["message"]);
        (crashes || hopeless).then(|| Trouble {
            pod: name.clone(),
            reason,
            message,
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(status: &Value) -> Value {
        json!({"kind": "Pod", "metadata": {"name": "gateway-1", "labels": {"app.kubernetes.io/name": "gateway"}},
            "status": status})
    }

    fn waiting(reason: &str, restarts: u64) -> Value {
        pod(&json!({"containerStatuses": [
            {"restartCount": restarts, "state": {"waiting": {"reason": reason, "message": "so it is"}}}
        ]}))
    }

    #[test]
    fn pods_that_wait_for_what_will_not_come_are_in_trouble() {
        for reason in HOPELESS {
            let found = trouble(&[waiting(reason, 0)], "gateway").unwrap();
            assert_eq!((found.pod.as_str(), found.reason.as_str()), ("gateway-1", reason));
        }
        assert_eq!(trouble(&[waiting("ContainerCreating", 0)], "gateway"), None);
        assert_eq!(
            trouble(&[waiting("ErrImagePull", 0)], "processor"),
            None,
            "another one's pod"
        );
    }

    #[test]
    fn a_container_may_fail_a_few_times() {
        assert_eq!(trouble(&[waiting("CrashLoopBackOff", 2)], "gateway"), None);
        let found = trouble(&[waiting("CrashLoopBackOff", 3)], "gateway").unwrap();
        assert!(found.hint().contains("gateway-1"), "{found:?}");
        assert_eq!(restarts(&[waiting("CrashLoopBackOff", 3)], "gateway"), 3);
    }

    #[test]
    fn a_pod_for_which_there_is_no_room_is_in_trouble() {
        let status = json!({"conditions": [{"type": "PodScheduled", "reason": "Unschedulable",
            "message": "0/1 nodes are available: 1 Insufficient memory."}]});
        let found = trouble(&[pod(&status)], "gateway").unwrap();
        assert!(
            found.message.contains("Insufficient memory") && found.hint().contains("memory"),
            "{found:?}"
        );
    }
}

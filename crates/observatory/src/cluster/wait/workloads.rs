//! How much of a workload is ready.

use serde_json::Value;

use crate::cluster::spec::Workload;

/// How many pods of the present version are ready, of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cluster) struct Readiness {
    pub(in crate::cluster) ready: u64,
    pub(in crate::cluster) wanted: u64,
}

impl Readiness {
    pub(in crate::cluster) fn is_ready(self) -> bool {
        self.wanted > 0 && self.ready >= self.wanted
    }
}

/// Looks a workload up among what `kubectl get` gave. What its controller has not seen yet is not ready.
pub(in crate::cluster) fn readiness(items: &[Value], workload: &Workload) -> Readiness {
    let Some(item) = find(items, workload) else {
        return Readiness { ready: 0, wanted: 1 };
    };
    let wanted = item["spec"]["replicas"].as_u64().unwrap_or(1);
    let status = &item["status"];
    let count = |name: &str| status[name].as_u64().unwrap_or(0);
    let seen = status["observedGeneration"].as_u64() >= item["metadata"]["generation"].as_u64();
    let ready = if seen {
        count("readyReplicas").min(count("updatedReplicas"))
    } else {
        0
    };
    // Pods of the old version have to be gone.
    let old = count("replicas").saturating_sub(wanted);
    Readiness {
        ready: ready.saturating_sub(old),
        wanted,
    }
}

/// The images that a workload runs, as the cluster has it; empty where it is not there.
pub(in crate::cluster) fn images(items: &[Value], workload: &Workload) -> String {
    let containers = find(items, workload).and_then(|item| {
        let pod = &item["spec"]["template"]["spec"];
        pod["containers"].as_array()
    });
    let images = containers.into_iter().flatten();
    let images: Vec<_> = images
        .filter_map(|container| container["image"].as_str())
        .collect();
    images.join(", ")
}

fn find<'a>(items: &'a [Value], workload: &Workload) -> Option<&'a Value> {
    items
        .iter()
        .find(|item| item["kind"] == *workload.kind && item["metadata"]["name"] == *workload.name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(status: &Value) -> Readiness {
        let workload: Workload =
            serde_json::from_value(json!({"kind": "Deployment", "name": "gateway", "tier": 2})).unwrap();
        let item = json!({"kind": "Deployment", "metadata": {"name": "gateway", "generation": 4},
            "spec": {"replicas": 2}, "status": status});
        readiness(&[item], &workload)
    }

    #[test]
    fn pods_count_that_are_ready_and_of_the_present_version() {
        let whole = json!({"observedGeneration": 4, "replicas": 2, "readyReplicas": 2, "updatedReplicas": 2});
        assert!(of(&whole).is_ready());
        for partial in [
            json!({}),
            json!({"observedGeneration": 3, "replicas": 2, "readyReplicas": 2, "updatedReplicas": 2}),
            json!({"observedGeneration": 4, "replicas": 2, "readyReplicas": 1, "updatedReplicas": 2}),
            json!({"observedGeneration": 4, "replicas": 2, "readyReplicas": 2, "updatedReplicas": 1}),
            json!({"observedGeneration": 4, "replicas": 3, "readyReplicas": 3, "updatedReplicas": 2}),
        ] {
            assert!(!of(&partial).is_ready(), "{partial}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_ready() {
        let workload: Workload =
            serde_json::from_value(json!({"kind": "Deployment", "name": "gateway", "tier": 2})).unwrap();
        assert!(!readiness(&[], &workload).is_ready());
    }
}

//! What pods may do.

use manifests::{Object, Workload};
use serde_json::Value;

use crate::hold;

/// Paths into a pod's specification, and what must be there.
fn demands() -> Vec<(&'static str, Value)> {
    vec![
        ("/automountServiceAccountToken", false.into()),
        ("/enableServiceLinks", false.into()),
        ("/securityContext/runAsNonRoot", true.into()),
        ("/securityContext/runAsUser", 65532.into()),
        ("/securityContext/seccompProfile/type", "RuntimeDefault".into()),
    ]
}

#[test]
fn no_pod_is_root_or_has_a_token() {
    hold(|objects| {
        let mut wrong = Vec::new();
        for workload in Workload::all(objects) {
            for (path, wanted) in demands() {
                if workload.pod().pointer(path) != Some(&wanted) {
                    wrong.push(format!("{}: {path} is not {wanted}", workload.0));
                }
            }
        }
        wrong
    });
}

/// A pod that is told to stop gets all the time that its program says it takes, and what precedes it.
#[test]
fn pods_have_the_time_to_stop() {
    hold(|objects| {
        let stopping = |workload: &Workload<'_>| {
            workload.pod()["terminationGracePeriodSeconds"]
                .as_u64()
                .unwrap_or(0)
        };
        let drain = drain(objects);
        let ours = Workload::all(objects).filter(|workload| is_role(workload.0.name()));
        let late = ours.filter(|workload| {
            let farewell =
                workload.pod()["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"].as_u64();
            stopping(workload) <= farewell.unwrap_or(0) + drain + 10
        });
        late.map(|workload| format!("{}: {} s", workload.0, stopping(&workload)))
            .collect()
    });
}

#[test]
fn several_pods_are_spread_and_not_evicted_together() {
    hold(|objects| {
        let guarded = |workload: &Workload<'_>| {
            objects.iter().any(|object| {
                object.kind() == "PodDisruptionBudget"
                    && workload.is_meant_by(object.at("/spec/selector/matchLabels"))
            })
        };
        let mut wrong = Vec::new();
        for workload in Workload::all(objects) {
            let several = workload.replicas() > 1 || workload.0.at("/spec/replicas").is_null();
            if several && !(guarded(&workload) && workload.pod()["topologySpreadConstraints"].is_array()) {
                wrong.push(workload.0.to_string());
            }
            if !several && guarded(&workload) {
                wrong.push(format!("{}: a budget that nothing can be taken from", workload.0));
            }
        }
        wrong
    });
}

fn is_role(name: &str) -> bool {
    ["gateway", "processor", "metrics-engine", "read-model", "web-ui"].contains(&name)
}

/// The drain of the shared configuration, in seconds.
fn drain(objects: &[Object]) -> u64 {
    let config = objects
        .iter()
        .find(|object| object.kind() == "ConfigMap" && object.name() == "observatory");
    let text = config
        .map(|config| config.at("/data/observatory.toml"))
        .and_then(Value::as_str);
    let drain = text.and_then(|text| text.split("drain = \"").nth(1)?.split('s').next()?.parse().ok());
    drain.expect("a drain in seconds")
}

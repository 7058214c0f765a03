//! Whatever an object names is there.

use std::collections::HashSet;

use manifests::{Container, Object, Workload};
use serde_json::Value;

use crate::hold;

fn of_kind<'a>(objects: &'a [Object], kind: &'a str) -> impl Iterator<Item = &'a Object> {
    objects.iter().filter(move |object| object.kind() == kind)
}

#[test]
fn services_lead_to_ports_of_one_workload() {
    hold(|objects| {
        of_kind(objects, "Service")
            .filter_map(|service| led(service, objects))
            .collect()
    });
}

fn led(service: &Object, objects: &[Object]) -> Option<String> {
    let meant: Vec<_> = Workload::all(objects)
        .filter(|workload| workload.is_meant_by(service.at("/spec/selector")))
        .collect();
    let [workload] = meant[..] else {
        return Some(format!("{service}: leads to {} workloads", meant.len()));
    };
    let ports: Vec<_> = workload.containers().flat_map(Container::ports).collect();
    let astray = service.list("/spec/ports").iter().find(|port| {
        let named = port["targetPort"].as_str();
        !ports.iter().any(|(name, number)| {
            Some(*name) == named && (port["port"] == *number || port["nodePort"].is_u64())
        })
    });
    astray.map(|port| format!("{service}: {port} leads nowhere"))
}

#[test]
fn stateful_sets_and_ingresses_name_services_that_are_there() {
    hold(|objects| {
        let services: HashSet<_> = of_kind(objects, "Service").map(Object::name).collect();
        let governed = of_kind(objects, "StatefulSet").map(|set| (set, set.at("/spec/serviceName")));
        let routed = of_kind(objects, "Ingress").map(|ingress| {
            (
                ingress,
                ingress.at("/spec/rules/0/http/paths/0/backend/service/name"),
            )
        });
        let missing = governed
            .chain(routed)
            .filter(|(_, name)| !name.as_str().is_some_and(|name| services.contains(name)));
        missing
            .map(|(object, name)| format!("{object}: no service {name}"))
            .collect()
    });
}

#[test]
fn mounted_files_are_keys_of_config_maps_that_are_there() {
    hold(|objects| {
        let mut wrong = Vec::new();
        for workload in Workload::all(objects) {
            let volumes = workload.pod()["volumes"].as_array().cloned().unwrap_or_default();
            for volume in volumes.iter().filter(|volume| volume["configMap"].is_object()) {
                wrong.extend(
                    unmounted(&volume["configMap"], objects).map(|what| format!("{}: {what}", workload.0)),
                );
            }
        }
        wrong
    });
}

fn unmounted(volume: &Value, objects: &[Object]) -> Option<String> {
    let map = of_kind(objects, "ConfigMap").find(|map| volume["name"] == map.name());
    let Some(map) = map else {
        return Some(format!("no ConfigMap {}", volume["name"]));
    };
    let items = volume["items"].as_array().into_iter().flatten();
    let mut keys = items.filter_map(|item| item["key"].as_str());
    keys.find(|key| map.at("/data").get(key).is_none())
        .map(|key| format!("no key {key} in {map}"))
}

#[test]
fn mounts_have_volumes_and_workloads_have_accounts() {
    hold(|objects| {
        let accounts: HashSet<_> = of_kind(objects, "ServiceAccount").map(Object::name).collect();
        let mut wrong = Vec::new();
        for workload in Workload::all(objects) {
            let account = workload.pod()["serviceAccountName"].as_str().unwrap_or_default();
            if !accounts.contains(account) {
                wrong.push(format!("{}: no account {account}", workload.0));
            }
            let volumes = workload.pod()["volumes"].as_array().into_iter().flatten();
            let claims = workload
                .0
                .list("/spec/volumeClaimTemplates")
                .iter()
                .map(|claim| &claim["metadata"]["name"]);
            let there: Vec<_> = volumes.map(|volume| &volume["name"]).chain(claims).collect();
            for container in workload.containers() {
                let mounts = container.at("/volumeMounts").as_array().into_iter().flatten();
                let lacking = mounts.filter(|mount| !there.contains(&&mount["name"]));
                wrong.extend(lacking.map(|mount| format!("{}: no volume for {mount}", workload.0)));
            }
        }
        wrong
    });
}

/// Whatever is scaled or guarded is there.
#[test]
fn scalers_and_budgets_mean_workloads_that_are_there() {
    hold(|objects| {
        let names: HashSet<_> = Workload::all(objects).map(|workload| workload.0.name()).collect();
        let scalers = objects
            .iter()
            .filter(|object| matches!(object.kind(), "HorizontalPodAutoscaler" | "ScaledObject"));
        let astray = scalers.filter(|scaler| {
            !scaler
                .at("/spec/scaleTargetRef/name")
                .as_str()
                .is_some_and(|name| names.contains(name))
        });
        let idle = of_kind(objects, "PodDisruptionBudget").filter(|budget| {
            !Workload::all(objects).any(|it| it.is_meant_by(budget.at("/spec/selector/matchLabels")))
        });
        astray.chain(idle).map(ToString::to_string).collect()
    });
}

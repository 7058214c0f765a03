//! Who may talk to whom.

use manifests::{Container, Object, Workload};
use serde_json::{Value, json};

use crate::hold;

fn policies(objects: &[Object]) -> impl Iterator<Item = &Object> {
    objects.iter().filter(|object| object.kind() == "NetworkPolicy")
}

#[test]
fn nothing_is_allowed_that_no_policy_names() {
    hold(|objects| {
        let denies_all = |policy: &Object| {
            *policy.at("/spec/podSelector") == json!({})
                && *policy.at("/spec/policyTypes") == json!(["Ingress", "Egress"])
                && policy.at("/spec/ingress").is_null()
                && policy.at("/spec/egress").is_null()
        };
        let denied = policies(objects).any(denies_all);
        (!denied)
            .then(|| "no policy that denies everything".to_owned())
            .into_iter()
            .collect()
    });
}

#[test]
fn every_workload_has_a_policy_of_its_own() {
    hold(|objects| {
        let alone = Workload::all(objects).filter(|workload| {
            !policies(objects).any(|policy| workload.is_meant_by(policy.at("/spec/podSelector/matchLabels")))
        });
        alone.map(|workload| workload.0.to_string()).collect()
    });
}

/// An arrow has two ends: where one side may talk, the other one listens, on that port, and lets it in.
#[test]
fn arrows_lead_from_workload_to_workload_and_are_allowed_at_both_ends() {
    hold(|objects| {
        let mut wrong = Vec::new();
        for workload in Workload::all(objects) {
            for (peer, ports) in allowed(objects, workload, "egress", "to") {
                wrong.extend(broken(objects, workload, &peer, &ports));
            }
        }
        wrong
    });
}

fn broken(objects: &[Object], from: Workload<'_>, peer: &Value, ports: &[u64]) -> Option<String> {
    // Addresses beyond the cluster have no other end here.
    let selector = peer.get("podSelector")?.get("matchLabels")?;
    let Some(to) = Workload::all(objects).find(|workload| workload.is_meant_by(selector)) else {
        return Some(format!("{}: {selector} is nobody", from.0));
    };
    let open: Vec<_> = to
        .containers()
        .flat_map(Container::ports)
        .map(|(_, port)| port)
        .collect();
    // Members of a broker's cluster find each other by ports that are nobody else's.
    let closed = ports
        .iter()
        .find(|port| !open.contains(port) && from.0.name() != to.0.name());
    if let Some(port) = closed {
        return Some(format!("{}: {} does not listen on {port}", from.0, to.0.name()));
    }
    let let_in = allowed(objects, to, "ingress", "from")
        .into_iter()
        .any(|(peer, open)| {
            peer["podSelector"]["matchLabels"].is_object()
                && from.is_meant_by(&peer["podSelector"]["matchLabels"])
                && ports.iter().all(|port| open.contains(port))
        });
    (!let_in).then(|| format!("{}: {} does not let it in", from.0, to.0.name()))
}

/// Peers and ports of a workload's policies, in one direction.
fn allowed(objects: &[Object], workload: Workload<'_>, direction: &str, end: &str) -> Vec<(Value, Vec<u64>)> {
    let own =
        policies(objects).filter(|policy| workload.is_meant_by(policy.at("/spec/podSelector/matchLabels")));
    let rules = own.flat_map(|policy| policy.list(&format!("/spec/{direction}")));
    rules
        .flat_map(|rule| {
            let ports = rule["ports"].as_array().into_iter().flatten();
            let ports: Vec<_> = ports.filter_map(|port| port["port"].as_u64()).collect();
            let peers = rule[end].as_array().cloned().unwrap_or_default();
            peers.into_iter().map(move |peer| (peer, ports.clone()))
        })
        .collect()
}

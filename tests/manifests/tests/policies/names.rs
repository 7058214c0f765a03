//! Ports of the machine: what the cluster's configuration maps is what Services offer and people are told.

use std::collections::BTreeSet;

use manifests::{Profile, root};
use serde_json::Value;

fn kind_config() -> Value {
    let path = root().join("k8s/rendered/kind-config.yaml");
    let text = std::fs::read_to_string(path).expect("the configuration of kind");
    serde_saphyr::from_str(&text).expect("YAML")
}

fn mappings() -> Vec<Value> {
    kind_config()["nodes"][0]["extraPortMappings"]
        .as_array()
        .cloned()
        .expect("mapped ports")
}

#[test]
fn every_mapped_port_is_a_node_port_and_the_other_way_round() {
    let objects = Profile::Kind.objects();
    let services = objects.iter().filter(|object| object.kind() == "Service");
    let offered: BTreeSet<_> = services
        .flat_map(|service| service.list("/spec/ports"))
        .filter_map(|port| port["nodePort"].as_u64())
        .collect();
    let mapped: BTreeSet<_> = mappings()
        .iter()
        .filter_map(|mapping| mapping["containerPort"].as_u64())
        .collect();
    assert_eq!(offered, mapped);
    assert!(
        mapped.iter().all(|port| (30_000..32_768).contains(port)),
        "{mapped:?}"
    );
}

#[test]
fn every_access_point_is_a_mapped_port_of_this_machine_alone() {
    let hosts: BTreeSet<_> = mappings()
        .iter()
        .filter_map(|mapping| mapping["hostPort"].as_u64())
        .collect();
    assert!(
        mappings()
            .iter()
            .all(|mapping| mapping["listenAddress"] == "127.0.0.1")
    );
    let points = Profile::Kind.cluster()["accessPoints"]
        .as_array()
        .cloned()
        .unwrap();
    let told: BTreeSet<_> = points
        .iter()
        .filter_map(|point| point["url"].as_str()?.rsplit_once(':')?.1.parse().ok())
        .collect();
    assert_eq!(told, hosts);
}

#[test]
fn the_node_is_pinned_by_its_digest() {
    let image = kind_config()["nodes"][0]["image"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert!(image.contains("@sha256:"), "{image}");
    assert_eq!(Profile::Kind.cluster()["nodeImage"], image);
}

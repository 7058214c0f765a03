//! Whatever fails is told with what can be done, and the run goes on from there once it is mended.

use crate::fake::{Machine, said, waiting};

fn machine() -> Machine {
    let machine = Machine::new();
    machine.set("cluster", "");
    machine
}

/// What fails, what it says, the step that it is told of, and a word of the advice.
const FAILURES: [(&str, &str, &str, &str); 9] = [
    (
        "docker version",
        "Cannot connect to the Docker daemon",
        "doctor",
        "start the engine",
    ),
    ("kind version", "segmentation fault", "doctor", "again"),
    ("kind get nodes", "no nodes", "images", "again"),
    (
        "kind load",
        "ctr: failed to ingest: no space left on device",
        "images",
        "again",
    ),
    ("kubectl get namespace", "connection refused", "secrets", "again"),
    ("kubectl create --filename", "forbidden", "secrets", "again"),
    ("kubectl apply", "error validating data", "manifests", "again"),
    (
        "kubectl get deployments,statefulsets,services",
        "timeout",
        "manifests",
        "again",
    ),
    (
        "kubectl get deployments,statefulsets,pods",
        "etcdserver: leader changed",
        "workloads",
        "again",
    ),
];

#[test]
fn every_step_that_fails_says_so_and_can_be_taken_again() {
    for (call, words, step, advice) in FAILURES {
        let machine = machine();
        machine.set("fail", call);
        machine.set("said", words);
        let output = machine.up(&[]).output().unwrap();
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{call}: {told}");
        assert!(told.contains(&format!("✗ {step}")), "{call}: {told}");
        assert!(
            told.contains(words) && told.contains("what to do:") && told.contains(advice),
            "{call}: {told}"
        );
        machine.unset("fail");
        let output = machine.up(&[]).output().unwrap();
        assert!(output.status.success(), "{call}: {}", said(&output));
    }
}

#[test]
fn a_pod_that_will_not_start_is_told_at_once_with_its_last_words() {
    for (reason, advice) in [
        ("CrashLoopBackOff", "kubectl logs"),
        ("ImagePullBackOff", "not on the node"),
        ("CreateContainerConfigError", "Secret or ConfigMap"),
    ] {
        let machine = machine();
        machine.set("state", &waiting(reason).to_string());
        machine.set("log", "error: POSTGRES_URL is no URL\n");
        let output = machine.up(&[]).output().unwrap();
        let told = said(&output);
        assert!(
            told.contains("✗ workloads") && told.contains("gateway-7") && told.contains(reason),
            "{told}"
        );
        assert!(
            told.contains("POSTGRES_URL is no URL") && told.contains(advice),
            "{told}"
        );
    }
}

#[test]
fn another_configuration_is_not_forced_on_a_cluster() {
    let machine = machine();
    machine.set("hash", "of another one");
    let output = machine.up(&[]).output().unwrap();
    let told = said(&output);
    assert!(
        told.contains("another configuration") && told.contains("observatory down"),
        "{told}"
    );
}

#[test]
fn a_taken_port_is_found_before_anything_is_made() {
    let machine = Machine::new();
    let output = machine.up(&[]).output().unwrap();
    let told = said(&output);
    assert!(
        told.contains("✗ doctor") && told.contains(&machine.port.to_string()),
        "{told}"
    );
    assert!(!machine.calls().iter().any(|call| call.starts_with("kind create")));
}

#[test]
fn what_is_missing_is_named() {
    let machine = machine();
    std::fs::remove_file(machine.path("images/gateway.tar")).unwrap();
    let told = said(&machine.up(&[]).output().unwrap());
    assert!(
        told.contains("gateway.tar") && told.contains("--images"),
        "{told}"
    );
    let bare = said(&machine.command(&["up", "--target", "kind"]).output().unwrap());
    assert!(bare.contains("--manifests DIR is missing"), "{bare}");
    std::fs::write(machine.path("manifests/cluster.json"), "{").unwrap();
    let broken = said(&machine.up(&[]).output().unwrap());
    assert!(broken.contains("cluster.json"), "{broken}");
    let nobody = machine
        .up(&[])
        .env("OBSERVATORY_KIND", "/nowhere/kind")
        .output()
        .unwrap();
    assert!(said(&nobody).contains("✗"), "{}", said(&nobody));
}

#[test]
fn options_of_other_targets_are_refused() {
    let machine = machine();
    let told = said(&machine.up(&["--processors", "3"]).output().unwrap());
    assert!(told.contains("--processors is not for --target kind"), "{told}");
    let told = said(&machine.command(&["up", "--images", "/x"]).output().unwrap());
    assert!(told.contains("--images is not for --target embedded"), "{told}");
}

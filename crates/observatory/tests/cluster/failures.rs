//! Whatever fails is told with what can be done, and the run goes on from there once it is mended.

use crate::fake::{Machine, images, said, waiting};

fn machine() -> Machine {
    let machine = Machine::new();
    machine.set("cluster", "");
    machine
}

/// What fails, what it says, the step that it is told of, and a word of the advice.
const FAILURES: [(&str, &str, &str, &str); 11] = [
    (
        "docker version",
        "Cannot connect to the Docker daemon",
        "doctor",
        "start the engine",
    ),
    ("kind version", "segmentation fault", "doctor", "again"),
    ("kind get nodes", "no nodes", "cluster", "again"),
    ("docker inspect", "no such container", "cluster", "again"),
    ("docker exec", "crictl: not found", "images", "again"),
    (
        "kind load",
        "ctr: failed to ingest: no space left on device",
        "images",
        "again",
    ),
    ("kubectl get namespace", "connection refused", "secrets", "again"),
    ("kubectl create --filename", "forbidden", "secrets", "again"),
    (
        "kubectl apply --server-side",
        "error validating data",
        "manifests",
        "again",
    ),
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
    machine.set("memory", r#"{"data":{"config":"kind: Cluster\nports: none\n"}}"#);
    let output = machine.up(&[]).output().unwrap();
    let told = said(&output);
    assert!(
        told.contains("another configuration") && told.contains("- ports: none"),
        "what changed: {told}"
    );
    assert!(
        told.contains("observatory down --manifests"),
        "what to do: {told}"
    );
}

#[test]
fn a_cluster_that_cannot_be_made_leaves_nothing_behind() {
    for (words, advice) in [
        (
            "Bind for 127.0.0.1:3000 failed: port is already allocated",
            "hostPorts",
        ),
        ("failed to pull image kindest/node", "docker pull"),
        ("could not find a log line that matches", "again"),
    ] {
        let machine = Machine::new();
        machine.without_access_points();
        machine.set("fail", "kind create");
        machine.set("said", words);
        let told = said(&machine.up(&[]).output().unwrap());
        assert!(
            told.contains("✗ cluster") && told.contains(words) && told.contains(advice),
            "{told}"
        );
        assert!(machine.calls().iter().any(|call| call.starts_with("kind delete")));
        machine.unset("fail");
        let output = machine.up(&[]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }
}

#[test]
fn half_a_cluster_is_not_taken_for_one() {
    let machine = machine();
    machine.set("unknown", "");
    let told = said(&machine.up(&[]).output().unwrap());
    assert!(
        told.contains("its making was cut off") && told.contains("observatory down --manifests"),
        "{told}"
    );
}

#[test]
fn an_archive_of_another_version_is_found_out() {
    let machine = machine();
    machine.set("archived", &images("docker.io/observatory/gateway:2"));
    let told = said(&machine.up(&[]).output().unwrap());
    assert!(
        told.contains("✗ images") && told.contains("observatory/gateway:1") && told.contains("same version"),
        "{told}"
    );
}

#[test]
fn a_server_that_quotes_a_secret_is_not_quoted() {
    let machine = machine();
    machine.set("quote", "");
    let told = said(&machine.up(&[]).output().unwrap());
    assert!(
        told.contains("✗ secrets") && told.contains("cannot handle"),
        "{told}"
    );
    let secret: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(machine.path("state/given")).unwrap()).unwrap();
    let password = secret["stringData"]["password"].as_str().unwrap();
    assert!(!told.contains(password) && told.contains("***"), "{told}");
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
    assert!(
        told.contains("--processors is not for --target kind, but for --target services"),
        "{told}"
    );
    for option in [["--bind", "0.0.0.0"], ["--context", "kind-observatory"]] {
        let told = said(&machine.up(&option).output().unwrap());
        assert!(
            told.contains(option[0]) && told.contains("not for --target kind"),
            "{told}"
        );
    }
    let cluster = ["up", "--target", "cluster", "--kind-config", "/x"];
    let told = said(&machine.command(&cluster).output().unwrap());
    assert!(
        told.contains("--kind-config is not for --target cluster, but for --target kind"),
        "{told}"
    );
    let told = said(&machine.command(&["up", "--images", "/x"]).output().unwrap());
    assert!(
        told.contains("--images is not for --target embedded, but for --target kind"),
        "{told}"
    );
}

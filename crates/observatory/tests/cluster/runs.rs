//! Runs that go well: the first one, the next one; what is mended on the way; what is looked at and taken down.

use serde_json::Value;

use crate::fake::{Machine, exists, ready, said, waiting};

/// The port of the access point is held by what answers there, so it must not count as taken.
fn machine() -> Machine {
    let machine = Machine::new();
    machine.set("cluster", "");
    machine
}

#[test]
fn the_first_run_does_everything_in_order_and_tells_where_it_answers() {
    let machine = machine();
    let output = machine.up(&[]).output().unwrap();
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    let steps = [
        "doctor",
        "cluster",
        "images",
        "secrets",
        "manifests",
        "workloads",
        "access",
    ];
    let places: Vec<_> = steps.iter().map(|step| said.find(&format!("✓ {step}"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{said}");
    assert!(
        said.contains(&format!("http://localhost:{}", machine.port)),
        "{said}"
    );
    assert!(exists(&machine.path("state/loaded-gateway.tar")));
    let calls = machine.calls();
    assert!(
        calls
            .iter()
            .any(|call| call.starts_with("kubectl delete service/left-over")),
        "{calls:?}"
    );
}

#[test]
fn a_cluster_that_is_not_there_is_made_from_its_configuration() {
    let machine = Machine::new();
    machine.without_access_points();
    let output = machine.up(&[]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let calls = machine.calls();
    let created = calls
        .iter()
        .find(|call| call.starts_with("kind create cluster"))
        .unwrap();
    assert!(created.contains("kind-config.yaml"), "{created}");
    let memory: Value =
        serde_json::from_str(&std::fs::read_to_string(machine.path("state/memory")).unwrap()).unwrap();
    assert_eq!(memory["data"]["config"], "kind: Cluster\n");
    let again = machine.up(&[]).output().unwrap();
    assert!(again.status.success(), "{}", said(&again));
    assert!(!machine.calls().iter().any(|call| call.starts_with("kind create")));
}

#[test]
fn a_cluster_whose_node_was_stopped_is_started() {
    let machine = machine();
    machine.set("stopped", "");
    let output = machine.up(&[]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let calls = machine.calls();
    assert!(
        calls.contains(&"docker start observatory-control-plane".to_owned()),
        "{calls:?}"
    );
}

#[test]
fn a_cluster_that_kubectl_does_not_know_is_introduced_to_it() {
    let machine = machine();
    assert!(machine.up(&[]).output().unwrap().status.success());
    machine.set("unknown", "");
    let output = machine.up(&[]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        machine
            .calls()
            .iter()
            .any(|call| call.starts_with("kind export kubeconfig"))
    );
}

#[test]
fn pods_that_had_failed_begin_anew() {
    let machine = machine();
    machine.set("state", &waiting("CrashLoopBackOff").to_string());
    machine.set("mended", &ready().to_string());
    let output = machine.up(&[]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("gateway-7 had failed (CrashLoopBackOff)"),
        "{}",
        said(&output)
    );
}

#[test]
fn the_next_run_finds_everything_there() {
    let machine = machine();
    assert!(machine.up(&[]).output().unwrap().status.success());
    machine.calls();
    let secret = machine.secret("postgres");
    let output = machine.up(&[]).output().unwrap();
    let said = said(&output);
    assert!(
        said.contains("0 loaded, 1 there already") && said.contains("0 made, 1 there already"),
        "{said}"
    );
    let calls = machine.calls();
    assert!(
        !calls
            .iter()
            .any(|call| call.starts_with("kind create") || call.starts_with("kind load")),
        "{calls:?}"
    );
    assert_eq!(machine.secret("postgres"), secret);
}

#[test]
fn secrets_are_random_and_in_no_argument_and_no_message() {
    let machine = machine();
    let output = machine.up(&["--json"]).output().unwrap();
    let secret = machine.secret("postgres");
    let password = secret["stringData"]["password"].as_str().unwrap();
    assert_eq!(password.len(), 32);
    let url = secret["stringData"]["url"].as_str().unwrap();
    assert!(url.contains(password), "{url}");
    let calls = machine.calls().join("\n");
    assert!(!calls.contains(password) && !said(&output).contains(password));
    let other = self::machine();
    assert!(other.up(&[]).output().unwrap().status.success());
    assert_ne!(other.secret("postgres"), secret);
}

#[test]
fn programs_are_told_in_json() {
    let machine = machine();
    let output = machine.up(&["--json"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let events: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let done: Vec<_> = events
        .iter()
        .filter(|event| event["event"] == "done")
        .map(|event| &event["step"])
        .collect();
    assert_eq!(
        done,
        [
            "doctor",
            "cluster",
            "images",
            "secrets",
            "manifests",
            "workloads",
            "access"
        ]
    );
    assert_eq!(events.last().unwrap()["event"], "ready");
    assert!(
        events
            .iter()
            .any(|event| event["event"] == "accessPoint" && event["name"] == "page")
    );
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn status_shows_what_runs_and_its_exit_code_says_whether_all_does() {
    let machine = machine();
    let manifests = machine.path("manifests").to_string_lossy().into_owned();
    let output = machine
        .command(&["status", "--manifests", &manifests])
        .output()
        .unwrap();
    assert!(
        output.status.success() && said(&output).contains("1/1"),
        "{}",
        said(&output)
    );
    assert!(
        said(&output).contains("observatory/gateway:0"),
        "the image that runs: {}",
        said(&output)
    );
    machine.set("state", &waiting("CrashLoopBackOff").to_string());
    let output = machine
        .command(&["status", "--manifests", &manifests, "--json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(status["workloads"][0]["restarts"], 5);
    assert!(
        status["workloads"][0]["trouble"]
            .as_str()
            .unwrap()
            .contains("CrashLoopBackOff"),
        "{status}"
    );
}

#[test]
fn status_of_what_is_not_there_says_what_makes_it() {
    let machine = machine();
    let manifests = machine.path("manifests").to_string_lossy().into_owned();
    machine.set("fail", "kubectl get deployments");
    machine.set("said", "context \"kind-observatory\" does not exist");
    let output = machine
        .command(&["status", "--manifests", &manifests])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("`observatory up`"), "{}", said(&output));
}

#[test]
fn down_says_what_is_lost_and_wants_a_yes() {
    let machine = machine();
    let manifests = machine.path("manifests").to_string_lossy().into_owned();
    let output = machine
        .command(&["down", "--manifests", &manifests])
        .output()
        .unwrap();
    assert!(
        !output.status.success() && said(&output).contains("--yes"),
        "{}",
        said(&output)
    );
    assert!(exists(&machine.path("state/cluster")));
    let output = machine
        .command(&["down", "--manifests", &manifests, "--yes"])
        .output()
        .unwrap();
    assert!(
        output.status.success() && !exists(&machine.path("state/cluster")),
        "{}",
        said(&output)
    );
}

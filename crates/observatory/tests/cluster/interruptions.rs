//! Ctrl-C: wherever it comes, the same command goes on from there.

use std::process::Child;

use serde_json::Value;

use crate::fake::{Machine, said};

#[test]
fn an_interrupted_run_is_taken_up_again() {
    let machine = Machine::new();
    machine.set("cluster", "");
    let running = machine.up_amid("kind load");
    interrupt(&running);
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    assert!(
        said(&output).contains("run the same command again"),
        "{}",
        said(&output)
    );
    machine.unset("hang");
    let output = machine.up(&[]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn a_cluster_whose_making_is_interrupted_goes_and_the_next_run_makes_it() {
    let machine = Machine::new();
    machine.without_access_points();
    let running = machine.up_amid("kind create");
    interrupt(&running);
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    let calls = machine.calls();
    assert!(
        calls.iter().any(|call| call.starts_with("kind delete cluster")),
        "{calls:?}"
    );
    machine.unset("hang");
    let output = machine.up(&[]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

#[test]
fn programs_are_told_of_an_interruption() {
    let machine = Machine::new();
    machine.set("cluster", "");
    machine.set("hang", "kubectl apply --server-side");
    let running = machine.up(&["--json"]).spawn().unwrap();
    machine.until_called("kubectl apply --server-side");
    interrupt(&running);
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let text = String::from_utf8(output.stdout).unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "interrupted");
}

fn interrupt(running: &Child) {
    let pid = rustix::process::Pid::from_child(running);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

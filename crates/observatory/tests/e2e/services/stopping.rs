//! Stopping.

use super::fakes::{Fakes, OBEYS, READS, STUBBORN};
use crate::common::PATIENCE;

/// The programs without their ports.
fn programs(noted: &[String]) -> Vec<&str> {
    noted.iter().filter_map(|line| line.split(' ').next()).collect()
}

#[tokio::test]
async fn roles_stop_in_the_order_in_which_work_flows() {
    let fakes = Fakes::new(OBEYS);
    // Slow to end, so that whoever does not wait for it would be ahead.
    let slow = "trap 'sleep 0.3; note stop; exit 0' TERM; note start; run";
    for program in [
        "observatory-gateway",
        "observatory-processor",
        "observatory-metrics-engine",
    ] {
        fakes.program(program, slow);
    }
    let mut process = fakes.start(&["--processors", "2"], 6).await;
    process.signal("INT");
    assert_eq!(process.exit_code(PATIENCE).await, 0);
    let stopped = fakes.noted("stop");
    let stopped = programs(&stopped);
    assert_eq!(
        stopped[..4],
        [
            "observatory-gateway",
            "observatory-processor",
            "observatory-processor",
            "observatory-metrics-engine"
        ]
    );
    let mut watchers = stopped[4..].to_vec();
    watchers.sort_unstable();
    assert_eq!(watchers, ["observatory-read-model", "observatory-web-ui"]);
}

#[tokio::test]
async fn a_second_signal_kills_what_does_not_stop() {
    let fakes = Fakes::new(OBEYS);
    fakes.program("observatory-gateway", STUBBORN);
    let mut process = fakes.start(&[], 5).await;
    process.signal("TERM");
    fakes.wait_for("deaf", 1).await;
    assert!(
        process.is_running() && fakes.noted("stop").is_empty(),
        "it waits for the gateway"
    );
    process.signal("TERM");
    assert_eq!(process.exit_code(PATIENCE).await, 0);
}

#[tokio::test]
async fn roles_do_not_outlive_a_supervisor_that_is_killed() {
    let fakes = Fakes::new(READS);
    let mut process = fakes.start(&[], 5).await;
    assert!(fakes.noted("stop").is_empty());
    process.kill();
    fakes.wait_for("stop", 5).await;
}

//! What happens when a part goes away.

use serde_json::json;

use crate::system::{Servers, System};

/// Several processors share the work, and finish what one leaves behind that is killed.
#[tokio::test]
async fn the_work_of_a_killed_processor_is_finished_by_the_others() {
    const JOBS: u64 = 60;
    let servers = Servers::start().await;
    let mut system = System::start(&servers, 2).await;
    for _ in 0..JOBS {
        system
            .submit(&json!({"type": "sleep", "payload": {"ms": 300}}))
            .await;
    }
    let mut killed = system.processors.remove(0);
    killed.kill();
    system.add_processor().await;
    let ended = |stats: &serde_json::Value| stats["completedJobs"] == JOBS;
    let stats = system.wait_for("/stats", ended).await;
    assert_eq!(
        (&stats["totalJobs"], &stats["failedJobs"]),
        (&json!(JOBS), &json!(0))
    );
    system.stop().await;
}

/// A role says which server is away, goes on when it is back, and loses nothing meanwhile.
#[tokio::test]
async fn counters_go_on_where_they_were_when_their_server_comes_back() {
    let servers = Servers::start().await;
    let system = System::start(&servers, 1).await;
    let first = system.submit(&json!({"type": "echo"})).await;
    system.wait_until_completed(&first).await;
    system
        .wait_for("/stats", |stats| stats["completedJobs"] == 1)
        .await;

    servers.redis.server().kill().await;
    assert_eq!(system.metrics_engine.missing().await, ["live stats"]);
    let second = system.submit(&json!({"type": "echo"})).await;
    system.wait_until_completed(&second).await;

    servers.redis.server().start_again().await;
    // It kept nothing: what it had is counted again from the histories of the jobs.
    system
        .wait_for("/stats", |stats| stats["completedJobs"] == 2)
        .await;
    system.metrics_engine.wait_until_ok("/readyz").await;
    system.stop().await;
}

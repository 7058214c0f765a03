//! A Redis that is a cluster of one: it refuses whatever touches keys of two slots.

use ports::LiveStats;
use testkit::servers::{Probe, Server, Spec};
use testkit::wait_until;

use crate::support::{HEALED, applied, events, open, total};

const PROBE: Probe = Probe {
    question: b"PING\r\n",
    skip: 0,
    answer: b"+PONG",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_keys_are_in_one_slot_of_a_cluster() {
    let mut spec = Spec::new("redis", &[6379], PROBE);
    let arguments = [
        "--protected-mode",
        "no",
        "--bind",
        "*",
        "--save",
        "",
        "--cluster-enabled",
        "yes",
    ];
    spec.arguments = arguments.map(str::to_owned).into();
    let server = Server::start(spec).await;
    server
        .exec(&["redis-cli", "cluster", "addslotsrange", "0", "16383"])
        .await;
    wait_until(HEALED, "a cluster", || async {
        let about = server.exec(&["redis-cli", "cluster", "info"]).await;
        about.contains("cluster_state:ok")
    })
    .await;
    let stats = open(&format!("redis://127.0.0.1:{}/", server.port()));
    assert_eq!(applied(&stats, 0..500).await, 500);
    assert_eq!(stats.apply(events(0..600)).await, Ok(100));
    assert_eq!(total(&stats).await, 600);
    assert!(
        !stats
            .history(jiff::Timestamp::UNIX_EPOCH)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(!stats.errors(10).await.unwrap().is_empty());
    stats.set_complete().await.unwrap();
    assert_eq!(stats.is_complete().await, Ok(true));
    stats.prune(jiff::Timestamp::MAX, 1_000).await.unwrap();
    stats.clear().await.unwrap();
    assert_eq!(total(&stats).await, 0);
}

//! The server is frozen, gone, or not there yet.

use ports::{EventLog, EventQuery};
use testkit::servers::MongoDbServer;
use testkit::wait_for;

use crate::support::{HEALED, LIMIT, SLACK, all, appended, events, failure, ids, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_outlives_its_limit_while_the_server_is_frozen_and_all_work_after() {
    let server = MongoDbServer::start().await;
    let log = open(&server).await;
    assert_eq!(appended(&log, 0..10).await, 10);
    server.server().pause().await;

    for _ in 0..2 {
        let (took, error) = failure(log.append(events(10..20))).await;
        assert!(took < LIMIT + SLACK, "appending took {took:?}: {error}");
        assert!(error.is_transient(), "{error}");
    }
    let (took, error) = failure(log.events(&EventQuery::default(), None, 10)).await;
    assert!(took < LIMIT + SLACK, "reading took {took:?}: {error}");
    let (took, error) = failure(log.ping(LIMIT / 4)).await;
    assert!(took < LIMIT / 4 + SLACK, "pinging took {took:?}: {error}");

    server.server().unpause().await;
    appended(&log, 10..20).await;
    assert_eq!(
        ids(&all(&log).await).len(),
        20,
        "whatever the calls did that were given up"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_may_be_opened_before_its_server_is_there_and_lives_through_its_restarts() {
    let server = MongoDbServer::start().await;
    server.server().stop().await;
    let log = open(&server).await;
    let (took, error) = failure(log.append(events(0..5))).await;
    assert!(took < LIMIT + SLACK, "took {took:?}: {error}");
    assert!(error.is_transient(), "{error}");
    server.server().start_again().await;
    assert_eq!(appended(&log, 0..5).await, 5);
    for (round, how) in (1..).zip(["stop", "kill"]) {
        match how {
            "stop" => server.server().stop().await,
            _ => server.server().kill().await,
        }
        assert!(log.ping(LIMIT).await.is_err(), "{how}");
        server.server().start_again().await;
        wait_for(HEALED, "a ping", || log.ping(LIMIT)).await;
        let kept = ids(&all(&log).await);
        assert_eq!(
            kept,
            ids(&events(0..round * 5)),
            "what was answered is durable: {how}"
        );
        appended(&log, round * 5 - 2..round * 5 + 5).await;
    }
}

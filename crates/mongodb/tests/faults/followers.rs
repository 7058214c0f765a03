//! Several engines append at once, each from a process of its own; nobody who follows misses anything.

use std::sync::Arc;
use std::time::Duration;

use mongodb_adapter::MongoDb;
use ports::{Cursor, EventLog};
use testkit::servers::MongoDbServer;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::support::{HEALED, all, appended, database, distinct, end, ids, open, take_and_die};

/// Follows until `count` events have come, taking as many at a time as `limit` says.
async fn follow(log: Arc<MongoDb>, mut place: Cursor, count: usize, limit: usize) -> Vec<Uuid> {
    let (mut seen, limit_of_all) = (Vec::new(), Instant::now() + HEALED);
    while seen.len() < count {
        assert!(
            Instant::now() < limit_of_all,
            "{} of {count} events came",
            seen.len()
        );
        if let Ok(followed) = log.follow(Some(&place), limit).await {
            seen.extend(ids(&followed.events));
            place = followed.cursor;
        }
        sleep(Duration::from_millis(10)).await;
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_of_several_engines_see_every_event_once_in_one_order() {
    const ENGINES: u64 = 4;
    const EACH: u64 = 300;
    let server = MongoDbServer::start().await;
    let log = open(&server).await;
    let start = end(&log).await;
    let total = usize::try_from(ENGINES * EACH).unwrap();
    let mut followers = JoinSet::new();
    for limit in [7, 500] {
        followers.spawn(follow(open(&server).await, start.clone(), total, limit));
    }
    let mut engines = JoinSet::new();
    for engine in 0..ENGINES {
        let log = open(&server).await;
        engines.spawn(async move {
            for from in (0..EACH).step_by(10).map(|from| engine * EACH + from) {
                // With some that the engine before has appended already, or will.
                let overlap = (from + EACH - 3) % (ENGINES * EACH);
                appended(&log, from..from + 10).await;
                appended(&log, overlap..overlap + 3).await;
            }
        });
    }
    let database = database(&server).await;
    for _ in 0..3 {
        take_and_die(&database, 5).await;
    }
    engines.join_all().await;
    let expected = ids(&all(&log).await);
    assert_eq!((expected.len(), distinct(&expected)), (total, total));
    for seen in followers.join_all().await {
        assert_eq!(distinct(&seen), seen.len(), "none twice");
        assert_eq!(seen, expected);
    }
}

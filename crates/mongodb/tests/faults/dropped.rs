//! Somebody drops the database under a running engine.

use ports::{EventLog, StoreError};
use testkit::servers::MongoDbServer;

use crate::support::{all, appended, database, end, event, events, ids, next, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_log_begins_anew_and_old_places_are_refused() {
    let server = MongoDbServer::start().await;
    let (log, other) = (open(&server).await, open(&server).await);
    appended(&log, 0..50).await;
    let old = end(&log).await;
    appended(&other, 50..60).await;
    database(&server).await.drop().await.unwrap();

    assert_eq!(appended(&log, 0..30).await, 30, "none of them is known any more");
    assert_eq!(log.append(vec![event(3)]).await, Ok(0));
    assert_eq!(ids(&all(&log).await), ids(&events(0..30)));
    let refused = log.follow(Some(&old), 10).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    let mut place = end(&log).await;
    appended(&log, 30..35).await;
    assert_eq!(next(&log, &mut place).await, events(30..35));
}

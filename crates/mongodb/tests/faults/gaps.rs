//! Engines die between taking positions and using them.

use std::time::Duration;

use mongodb_adapter::Options;
use ports::EventLog;
use testkit::servers::MongoDbServer;
use testkit::wait_until;

use crate::support::{
    HEALED, all, appended, database, end, event, events, ids, next, open, opened, options, take_and_die,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn followers_wait_at_a_gap_and_go_on_when_its_engine_is_given_up() {
    let server = MongoDbServer::start().await;
    let log = open(&server).await;
    let mut place = end(&log).await;
    appended(&log, 0..5).await;
    take_and_die(&database(&server).await, 3).await;
    appended(&log, 5..10).await;
    assert_eq!(
        next(&log, &mut place).await,
        events(0..5),
        "no further than the gap"
    );
    assert_eq!(log.follow(Some(&place), 10).await.unwrap().events, []);
    assert_eq!(next(&log, &mut place).await, events(5..10));
    assert_eq!(
        ids(&all(&log).await),
        ids(&events(0..10)),
        "what fills the gap is no event"
    );
}

/// An engine that was only slow finds its positions filled and takes others: its events are followed once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_that_comes_too_late_takes_other_positions() {
    let server = MongoDbServer::start().await;
    let patient = open(&server).await;
    let impatient = Options {
        settle_limit: Duration::ZERO,
        ..options()
    };
    let impatient = opened(&server, impatient).await;
    let mut place = end(&impatient).await;
    appended(&patient, 0..5).await;
    let database = database(&server).await;
    take_and_die(&database, 4).await;
    appended(&patient, 5..10).await;
    assert_eq!(next(&impatient, &mut place).await, events(0..5));
    assert_eq!(
        next(&impatient, &mut place).await,
        events(5..10),
        "the gap was filled"
    );

    // The counter goes back to where it was, as that of a server that counts with mistakes: both ranges are taken.
    let counters = database.collection::<mongodb::bson::Document>("log_state");
    let back = mongodb::bson::doc! { "$set": { "value": 3_i64 } };
    counters
        .update_one(mongodb::bson::doc! { "_id": "job_events" }, back)
        .await
        .unwrap();
    let batch = [events(10..14), vec![event(2), event(7)]].concat();
    assert_eq!(patient.append(batch).await, Ok(4));
    assert_eq!(next(&impatient, &mut place).await, events(10..14));
    assert_eq!(impatient.follow(Some(&place), 10).await.unwrap().events, []);
    assert_eq!(ids(&all(&patient).await), ids(&events(0..14)));
}

/// Who begins to follow begins before a gap, and retention fills it even if nobody follows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gap_holds_up_the_end_of_the_log_until_it_is_filled() {
    let server = MongoDbServer::start().await;
    let log = open(&server).await;
    appended(&log, 0..5).await;
    take_and_die(&database(&server).await, 2_500).await;
    appended(&log, 5..10).await;
    let mut early = open(&server).await.follow(None, 1).await.unwrap().cursor;
    let retention = open(&server).await;
    wait_until(HEALED, "the end behind the gap", || async {
        retention.prune(jiff::Timestamp::UNIX_EPOCH, 10).await.unwrap();
        let newcomer = open(&server).await;
        end(&newcomer).await.as_str().starts_with("f2510.")
    })
    .await;
    assert_eq!(
        next(&log, &mut early).await,
        events(5..10),
        "they came after the gap"
    );
}

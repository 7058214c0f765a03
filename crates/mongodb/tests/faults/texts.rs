//! Events that are hard to keep.

use bytes::Bytes;
use jiff::Timestamp;
use ports::{EventLog, LoggedEvent};
use testkit::servers::MongoDbServer;

use crate::support::{all, event, open};

/// Every text comes back byte for byte, whatever of it is JSON.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_bodies_and_odd_times_come_back_as_they_were() {
    let server = MongoDbServer::start().await;
    let log = open(&server).await;
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let bodies: [Bytes; 10] = [
        "".into(),
        "{\"a\" : 1,\n \"a\": 2, \"$set\": {\"x.y\": -0}}".into(),
        "{\"n\":123456789012345678901234567890,\"f\":1e999,\"z\":-0.0}".into(),
        "{\"t\":\"\\u0000\\ud800\",\"correlationId\":\"a\\u0000b\"}".into(),
        "{\"contractVersion\":7,\"correlationId\":null}".into(),
        deep.into(),
        Bytes::from_static(b"a\0b"),
        Bytes::from_static(b"\xff\xfe{}"),
        "\u{1f980}'\"\\ {{}} %s".into(),
        vec![b'x'; 3_000_000].into(),
    ];
    let times = [i64::MIN, -1, 0, 1, i64::MAX].map(|micros| {
        Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    });
    let sent: Vec<_> = (0..)
        .zip(bodies)
        .zip(times.iter().cycle())
        .map(|((number, body), at)| LoggedEvent {
            body,
            occurred_at: Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(*at),
            ..event(number)
        })
        .collect();
    assert_eq!(log.append(sent.clone()).await, Ok(sent.len()));
    let kept = all(&log).await;
    for (kept, sent) in kept.iter().zip(&sent) {
        assert_eq!(kept, sent);
    }
    assert_eq!(kept.len(), sent.len());
}

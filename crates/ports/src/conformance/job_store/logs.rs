//! What handlers wrote down.

use domain::{AttemptResult, LogLine, MAX_LOG_LINE, MAX_LOG_LINES, Outcome};

use super::support::{LATER, Store, StoreHarness, at, at_micros, completed, failed, result, retry};
use crate::{AttemptLog, Command};

fn lines(texts: &[&str]) -> Vec<LogLine> {
    let line = |(micros, text): (i64, &&str)| LogLine {
        at: at_micros(2_000_000 + micros),
        text: (*text).to_owned(),
    };
    (0..).zip(texts).map(line).collect()
}

/// The result of job 1's attempt by `w`, with a log.
fn written(attempt: u32, outcome: Outcome, log: Vec<LogLine>) -> AttemptResult {
    AttemptResult {
        log,
        ..result(1, attempt, "w", at(10), outcome)
    }
}

/// By attempt, each line as it was written; attempts that wrote nothing have no log.
pub async fn the_log_of_every_attempt_is_kept(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let odd = [
        "",
        " two  spaces ",
        "\u{1f980}\t'\"\\ %s",
        "{\"json\": true}",
        "the same",
        "the same",
    ];
    let logs = [lines(&["first", "second"]), Vec::new(), lines(&odd)];
    for (attempt, log) in (1..).zip(&logs) {
        store.run(1, attempt, "w", 10 + u64::from(attempt)).await;
        let outcome = if attempt == 3 { completed() } else { retry(at(20)) };
        store.apply(written(attempt, outcome, log.clone())).await;
    }
    let expected = [(1, 0), (3, 2)].map(|(attempt, at)| AttemptLog {
        attempt,
        lines: logs[at].clone(),
    });
    assert_eq!(store.detail(1).await.logs, expected);
    let store = store.reopen(harness).await;
    assert_eq!(store.detail(1).await.logs, expected);
}

/// However an attempt ends.
pub async fn a_log_is_kept_whatever_the_outcome(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let reason = "stopped".to_owned();
    let outcomes = [
        completed(),
        failed(),
        retry(at(20)),
        Outcome::HandedBack { run_at: at(20) },
        Outcome::Cancelled { reason },
    ];
    for (number, outcome) in (1..).zip(outcomes) {
        store.run(number, 1, "w", number).await;
        let log = lines(&["a line"]);
        let ended = AttemptResult {
            log: log.clone(),
            ..result(number, 1, "w", at(10), outcome)
        };
        store.apply(ended).await;
        let expected = AttemptLog {
            attempt: 1,
            lines: log,
        };
        assert_eq!(store.detail(number).await.logs, [expected]);
    }
}

/// As many lines as long as they are allowed to be, and the one that says how many are missing.
pub async fn a_log_of_the_greatest_length_is_kept_whole(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let text = "\u{1f980}".repeat(MAX_LOG_LINE);
    let mut log = lines(&vec![&*text; MAX_LOG_LINES]);
    log.extend(lines(&["7 more lines"]));
    for attempt in 1..=3 {
        store.run(1, attempt, "w", u64::from(attempt)).await;
        store.apply(written(attempt, retry(at(20)), log.clone())).await;
    }
    let logs = store.detail(1).await.logs;
    assert_eq!(logs.len(), 3);
    assert!(logs.iter().all(|kept| kept.lines == log), "the log was changed");
}

/// A result that is repeated is no second log, and one that is refused is none at all.
pub async fn only_the_result_that_stands_has_a_log(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    let other = AttemptResult {
        worker: "v".to_owned(),
        ..written(1, completed(), lines(&["not mine"]))
    };
    assert_eq!(store.record_one(other).await, None);
    assert!(store.detail(1).await.logs.is_empty());
    let ended = written(1, retry(at(20)), lines(&["mine"]));
    for _ in 0..3 {
        store.apply(ended.clone()).await;
    }
    let late = written(1, failed(), lines(&["late"]));
    assert_eq!(store.record_one(late).await, None);
    let expected = AttemptLog {
        attempt: 1,
        lines: lines(&["mine"]),
    };
    assert_eq!(store.detail(1).await.logs, [expected]);
}

/// A revived job keeps what was written before.
pub async fn logs_of_earlier_rounds_are_kept(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.run(1, 1, "w", 7).await;
    store.apply(written(1, failed(), lines(&["before"]))).await;
    store.command(1, Command::Retry, 20).await;
    store.run(1, 2, "w", 8).await;
    store.apply(written(2, completed(), lines(&["after"]))).await;
    let logs = store.detail(1).await.logs;
    let attempts: Vec<_> = logs
        .iter()
        .map(|log| (log.attempt, &*log.lines[0].text))
        .collect();
    assert_eq!(attempts, [(1, "before"), (2, "after")]);
}

/// Old jobs go with all that belongs to them.
pub async fn logs_go_with_their_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 1..=2 {
        store.run(number, 1, "w", number).await;
        let ended = AttemptResult {
            log: lines(&["a line"]),
            ..result(number, 1, "w", at(10), completed())
        };
        store.apply(ended).await;
    }
    store.command(2, Command::Delete, 20).await;
    assert_eq!(store.prune(at(LATER)).await, 1);
    store.run(1, 1, "w", 77).await;
    store.run(2, 1, "w", 78).await;
    for number in 1..=2 {
        assert!(
            store.detail(number).await.logs.is_empty(),
            "of another job of this name"
        );
    }
}

use proptest::prelude::*;

use super::super::fixtures::{facts, text};
use super::*;

fn running() -> Row {
    let mut row = Row::pending(Timestamp::UNIX_EPOCH);
    row.start("w", u64::MAX >> 1);
    row
}

fn some_row() -> impl Strategy<Value = Row> {
    let held = proptest::sample::select(Hold::ALL.to_vec());
    let micros = -1_000_000_000_i64..1_000_000_000;
    let wake_at = proptest::option::of(micros.prop_map(|micros| moment(micros).unwrap()));
    let counts = any::<[u32; 4]>();
    (counts, any::<[bool; 3]>(), proptest::option::of(held), wake_at).prop_map(
        |([attempt, failures, crashes, round], [relay, cancelling, runs], held, wake_at)| Row {
            attempt,
            failures,
            crashes,
            round,
            relay,
            cancelling,
            held,
            wake_at,
            worker: runs.then(|| "w".to_owned()),
            ..Row::pending(Timestamp::UNIX_EPOCH)
        },
    )
}

fn some_facts() -> impl Strategy<Value = Facts> {
    let priority = proptest::sample::select(Priority::ALL.to_vec());
    (priority, text(), text()).prop_map(|(priority, unique_key, schedule)| Facts {
        priority,
        unique_key,
        schedule,
        ..facts(7)
    })
}

proptest! {
    #[test]
    fn a_state_comes_back_as_it_was(facts in some_facts(), row in some_row(), history: Vec<u8>) {
        let stored = encode(&facts, &row, &history);
        let state = decode(&stored).unwrap();
        prop_assert_eq!(
            (state.attempt, state.failures, state.crashes, state.round),
            (row.attempt, row.failures, row.crashes, row.round)
        );
        prop_assert_eq!((state.relay, state.cancelling), (row.relay, row.cancelling));
        prop_assert_eq!(state.runs, row.worker.as_deref().map(|worker| (worker, row.claim)));
        let look_again_at = |reason| row.wake_at.filter(|_| is_by_limits(reason));
        prop_assert_eq!(state.held, row.held.map(|reason| (reason, look_again_at(reason))));
        prop_assert_eq!(
            (state.priority, state.unique_key, state.schedule),
            (facts.priority, facts.unique_key.as_deref(), facts.schedule.as_deref())
        );
        prop_assert_eq!(
            (state.created_at, state.correlation_id, state.history),
            (facts.created_at, facts.correlation_id, &*history)
        );
        for cut in 0..stored.len() - history.len() {
            prop_assert!(decode(&stored[..cut]).is_err(), "cut at {}", cut);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = decode(&bytes);
    }
}

/// As the version before wrote them.
fn without_wishes(flags: u8) -> Vec<u8> {
    let mut stored = encode(&facts(7), &running(), &[1, 2, 3]);
    (stored[0], stored[1]) = (WITHOUT_WISHES, flags);
    stored
}

#[test]
fn states_of_the_version_before_are_read() {
    let stored = without_wishes(RELAY | RUNS);
    let state = decode(&stored).unwrap();
    assert_eq!((state.relay, state.runs), (true, Some(("w", u64::MAX >> 1))));
    assert_eq!(
        (state.attempt, state.round, state.cancelling, state.held),
        (1, 0, false, None)
    );
    assert_eq!(
        (state.priority, state.unique_key, state.schedule),
        (Priority::Normal, None, None)
    );
    assert_eq!(state.history, [1, 2, 3]);
}

#[test]
fn what_no_version_wrote_is_refused() {
    assert_eq!(
        decode(&without_wishes(RUNS | ROUND)),
        Err(Malformed::Bad("flags"))
    );
    assert_eq!(decode(&[9]), Err(Malformed::Bad("state version")));
}

#[test]
fn a_job_that_does_not_run_is_claimed_by_nobody() {
    let mut row = Row::pending(Timestamp::UNIX_EPOCH);
    row.claim = 99;
    assert_eq!(decode(&encode(&facts(7), &row, &[])).unwrap().runs, None);
}

#[test]
fn the_wishes_that_a_job_does_not_have_take_no_room() {
    let stored = encode(&facts(7), &running(), &[]);
    let mut before = Vec::new();
    put_signed(&mut before, facts(7).created_at.as_microsecond());
    // Version, flags, identifier, three counts, the worker's name and the claim.
    assert_eq!(stored.len(), before.len() + 2 + 16 + 3 + 2 + 9);
}

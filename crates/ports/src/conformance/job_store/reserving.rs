//! Unique keys before their jobs arrive.

use tokio::task::JoinSet;

use super::support::{Store, StoreHarness, Turn, at, claims_of, completed, id, keyed, waits};
use crate::{Claim, Reservation, Reserved};

use Reserved::{HeldBy, Yours};

fn wish(key: &str, number: u64, until: i64) -> Reservation {
    Reservation {
        key: key.to_owned(),
        job_id: id(number),
        until: at(until),
    }
}

/// The first one has it, the others hear whose it is, and a job that asks again has it still.
pub async fn a_key_is_reserved_for_one_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert_eq!(store.reserve_one("k", 1, 0).await, Yours);
    assert_eq!(store.reserve_one("k", 2, 1).await, HeldBy(id(1)));
    assert_eq!(store.reserve_one("k", 1, 2).await, Yours);
    assert_eq!(store.reserve_one("K", 3, 2).await, Yours, "another key");
}

/// Every answer stands where its wish stood, and a wish counts for those that follow.
pub async fn reservations_of_a_batch_are_answered_in_order(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.reserve_one("taken", 9, 0).await;
    let wishes = vec![
        wish("a", 1, 60),
        wish("taken", 2, 60),
        wish("a", 3, 60),
        wish("a", 1, 60),
        wish("b", 3, 60),
    ];
    let expected = [Yours, HeldBy(id(9)), HeldBy(id(1)), Yours, Yours];
    assert_eq!(store.reserve(wishes, at(1)).await, expected);
    assert!(store.reserve(Vec::new(), at(1)).await.is_empty());
}

/// Keys are texts that clients choose.
pub async fn odd_keys_are_told_apart(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let long = "x".repeat(255);
    let keys = [
        "k",
        "k ",
        "\u{e9}",
        "e\u{301}",
        "\u{1f980}'\"\\%_",
        "K",
        &long,
        &long[1..],
    ];
    for (number, key) in (1..).zip(keys) {
        assert_eq!(store.reserve_one(key, number, 0).await, Yours, "{key}");
    }
    for (number, key) in (1..).zip(keys) {
        assert_eq!(store.reserve_one(key, 99, 0).await, HeldBy(id(number)), "{key}");
    }
}

/// The job never arrived: the key is free again, and not before.
pub async fn a_reservation_ends_at_its_time(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert_eq!(store.reserve_one("k", 1, 0).await, Yours);
    assert_eq!(store.reserve_one("k", 2, 59).await, HeldBy(id(1)));
    assert_eq!(store.reserve_one("k", 2, 61).await, Yours);
    assert_eq!(store.reserve_one("k", 1, 62).await, HeldBy(id(2)));
}

/// Whoever asks again for the same job has as much time as the last answer said.
pub async fn a_repeated_wish_prolongs_the_reservation(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.reserve_one("k", 1, 0).await;
    store.reserve_one("k", 1, 50).await;
    assert_eq!(store.reserve_one("k", 2, 70).await, HeldBy(id(1)));
    assert_eq!(store.reserve_one("k", 2, 111).await, Yours);
}

/// Once its job is there, a reservation does not end any more.
pub async fn a_reservation_lasts_once_its_job_is_there(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    store.reserve_one("admitted", 1, 0).await;
    store.reserve_one("claimed", 2, 0).await;
    store.admit(vec![keyed(1, "admitted")]).await;
    let answers = turn.announce(vec![keyed(2, "claimed")], 1).await;
    assert_eq!(claims_of(&answers), [id(2)]);
    for (key, number) in [("admitted", 1), ("claimed", 2)] {
        assert_eq!(store.reserve_one(key, 9, 500_000).await, HeldBy(id(number)));
        assert_eq!(store.reserve_one(key, number, 500_000).await, Yours);
        assert_eq!(store.reserve_one(key, 9, 600_000).await, HeldBy(id(number)));
    }
}

/// A job that arrives although the key is reserved for another one waits; when that one never comes, it goes.
pub async fn a_job_that_waits_for_a_reservation_goes_when_that_has_ended(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.reserve_one("k", 1, 0).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    assert!(waits(turn.announce(vec![keyed(2, "k")], 5).await.remove(0)).is_empty());
    assert!(turn.take(59).await.is_empty());
    assert_eq!(turn.take_all(61).await, [id(2)]);
    assert_eq!(store.reserve_one("k", 3, 62).await, HeldBy(id(2)));
}

/// The reservation has ended, and a job that came later may have been faster: then the key is taken again.
pub async fn a_job_that_waits_for_a_reservation_waits_on_when_another_one_is_faster(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.reserve_one("k", 1, 0).await;
    let mut turn = Turn::new(&store, "w", 1).await;
    waits(turn.announce(vec![keyed(2, "k")], 5).await.remove(0));
    let faster = claims_of(&turn.announce(vec![keyed(3, "k")], 61).await);
    let taken: Vec<_> = store.take_due(at(61), at(300), 10).await;
    let taken: Vec<_> = taken.iter().map(|taken| taken.job.id).collect();
    let expected = if faster.is_empty() { vec![id(2)] } else { vec![] };
    assert_eq!(taken, expected, "started already: {faster:?}");
}

/// Its reservation ended, another job took the key, and then it came: it waits for that one.
pub async fn a_job_that_comes_after_its_reservation_waits(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.reserve_one("k", 1, 0).await;
    assert_eq!(store.reserve_one("k", 2, 61).await, Yours);
    let mut turn = Turn::new(&store, "w", 1).await;
    let answers = turn.announce(vec![keyed(2, "k"), keyed(1, "k")], 62).await;
    assert_eq!(claims_of(&answers), [id(2)]);
    assert_eq!(answers[1], Claim::Waits(Vec::new()));
    assert!(turn.end(2, 1, 70, completed()).await);
    assert_eq!(turn.take_all(70).await, [id(1)]);
}

/// Gateways ask in parallel: exactly one is told that it has the key, and all others who that is.
pub async fn one_of_a_hundred_concurrent_reservations_wins(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut gateways = JoinSet::new();
    for number in 1..=100 {
        let store = store.clone();
        gateways.spawn(async move { (number, store.reserve_one("k", number, 0).await) });
    }
    let answers = gateways.join_all().await;
    let winners: Vec<_> = answers.iter().filter(|(_, answer)| *answer == Yours).collect();
    assert_eq!(winners.len(), 1, "{winners:?}");
    let winner = winners[0].0;
    for (number, answer) in &answers {
        assert!(
            *number == winner || *answer == HeldBy(id(winner)),
            "{number}: {answer:?}"
        );
    }
}

/// An answer that was given is durable.
pub async fn reservations_survive_a_crash(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.reserve_one("k", 1, 0).await;
    let store = store.reopen(harness).await;
    assert_eq!(store.reserve_one("k", 2, 59).await, HeldBy(id(1)));
    assert_eq!(store.reserve_one("k", 2, 61).await, Yours);
}

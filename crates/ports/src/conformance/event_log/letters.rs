//! Dead letters.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::support::{ALL, Log, LogHarness, event, events, id, letter, letters};
use crate::StoredDeadLetter;

/// Every field, whatever JSON the rejected message was.
pub async fn a_dead_letter_is_kept_as_it_was(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let deep = (0..100).fold(json!({}), |inner, _| json!([inner]));
    let originals = [
        Value::Null,
        json!("{broken \u{fffd}"),
        json!(-1.5e300),
        json!(u64::MAX),
        deep,
        json!({"": [[], {}]}),
    ];
    for (number, original_event) in (0..).zip(originals) {
        let mut sent = letter(number);
        sent.letter.original_event = original_event;
        assert_eq!(log.append_letters(vec![sent.clone()]).await, 1);
        assert_eq!(log.read_letters(100).await[0], sent);
    }
    let big = StoredDeadLetter {
        letter: letter(50).letter,
        ..letter(51)
    };
    log.append_letters(vec![big.clone()]).await;
    assert_eq!(log.read_letters(1).await[0], big);
}

/// Alone, in a batch, across batches.
pub async fn a_dead_letter_is_kept_once(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    assert_eq!(log.append_letters(vec![letter(1), letter(2), letter(1)]).await, 2);
    let changed = StoredDeadLetter {
        id: id(1),
        ..letter(7)
    };
    assert_eq!(log.append_letters(vec![changed, letter(3)]).await, 1);
    let all = log.read_letters(100).await;
    assert_eq!(all.len(), 3);
    assert!(
        all.contains(&letter(1)),
        "the first one under an identifier stays"
    );
}

/// By arrival, in any page size.
pub async fn dead_letters_are_listed_newest_first_in_complete_pages(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    for number in 0..30 {
        log.append_letters(vec![letter(number)]).await;
    }
    for limit in [1, 7, 30, 100] {
        let all = log.read_letters(limit).await;
        assert_eq!(
            all,
            (0..30).rev().map(letter).collect::<Vec<_>>(),
            "in pages of {limit}"
        );
    }
}

/// Under one roof, in two lists.
pub async fn dead_letters_and_events_do_not_mix(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    assert_eq!(log.append(events(0..4)).await, 4);
    assert_eq!(
        log.append_letters(letters(2..6)).await,
        4,
        "an event's identifier is free for a letter"
    );
    let of_events: BTreeSet<_> = log
        .read(&ALL, 2)
        .await
        .into_iter()
        .map(|event| event.event_id)
        .collect();
    assert_eq!(of_events, (0..4).map(|number| event(number).event_id).collect());
    assert_eq!(log.read_letters(3).await.len(), 4);
}

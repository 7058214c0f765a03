//! What becomes of dead letters.

use std::collections::BTreeSet;

use tokio::task::JoinSet;
use uuid::Uuid;

use super::support::{Log, LogHarness, hours_from_now, id, letter, letters};
use crate::LetterState::{Discarded, Open, Replayed};
use crate::{LetterState, StoredDeadLetter};

fn ids(numbers: std::ops::Range<u64>) -> Vec<Uuid> {
    numbers.map(id).collect()
}

fn in_state(number: u64, state: LetterState) -> StoredDeadLetter {
    StoredDeadLetter {
        state,
        ..letter(number)
    }
}

/// Whole, and with what has become of it; one that is not there is no error.
pub async fn a_dead_letter_is_found_by_its_identifier(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append_letters(letters(0..20)).await;
    log.settle(vec![id(4)], Replayed).await;
    assert_eq!(log.letter(id(3)).await, Some(letter(3)));
    assert_eq!(log.letter(id(4)).await, Some(in_state(4, Replayed)));
    assert_eq!(log.letter(id(20)).await, None);
}

/// The first word stands. Those that are not open, or not there, are left alone and not named.
pub async fn a_dead_letter_is_settled_once(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append_letters(letters(0..6)).await;
    let twice = vec![id(1), id(99), id(2), id(1)];
    assert_eq!(log.settle(twice, Replayed).await, [id(1), id(2)]);
    assert_eq!(log.settle(ids(0..3), Discarded).await, [id(0)]);
    assert_eq!(log.settle(ids(0..3), Replayed).await, [] as [Uuid; 0]);
    assert_eq!(
        log.settle(ids(0..6), Open).await,
        [] as [Uuid; 0],
        "nothing is opened again"
    );
    assert_eq!(log.settle(Vec::new(), Discarded).await, [] as [Uuid; 0]);
    let states = [Discarded, Replayed, Replayed, Open, Open, Open];
    for (number, state) in (0..).zip(states) {
        assert_eq!(log.letter(id(number)).await, Some(in_state(number, state)));
    }
}

/// Two people press the button at once: each letter is settled by one of them.
pub async fn a_dead_letter_is_settled_by_one_of_several(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append_letters(letters(0..200)).await;
    let mut people = JoinSet::new();
    for person in 0..4 {
        let log = log.clone();
        let state = if person % 2 == 0 { Replayed } else { Discarded };
        people.spawn(async move {
            let mut mine = Vec::new();
            for from in (0..200).step_by(10) {
                mine.extend(log.settle(ids(from..from + 10), state).await);
            }
            (state, mine)
        });
    }
    let answers = people.join_all().await;
    let all: Vec<_> = answers.iter().flat_map(|(_, mine)| mine).copied().collect();
    assert_eq!(all.len(), 200);
    assert_eq!(
        all.into_iter().collect::<BTreeSet<_>>(),
        ids(0..200).into_iter().collect()
    );
    for (state, mine) in answers {
        for id in mine {
            assert_eq!(log.letter(id).await.map(|letter| letter.state), Some(state));
        }
    }
    assert_eq!(log.open_letters().await, 0);
}

/// A redelivery of a letter that was dealt with is no new letter.
pub async fn a_settled_dead_letter_is_not_opened_by_coming_again(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append_letters(letters(0..2)).await;
    log.settle(vec![id(0)], Discarded).await;
    assert_eq!(log.append_letters(letters(0..3)).await, 1);
    assert_eq!(log.letter(id(0)).await, Some(in_state(0, Discarded)));
    assert_eq!(log.open_letters().await, 2);
}

/// Newest first, in any page size, whatever was settled in between; each in exactly one of the lists.
pub async fn dead_letters_of_one_state_are_listed(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    for number in 0..30 {
        log.append_letters(vec![letter(number)]).await;
    }
    let state_of = |number: u64| [Open, Replayed, Discarded, Open][usize::try_from(number % 4).unwrap_or(0)];
    for state in [Replayed, Discarded] {
        let chosen: Vec<_> = (0..30)
            .filter(|number| state_of(*number) == state)
            .map(id)
            .collect();
        assert_eq!(log.settle(chosen.clone(), state).await, chosen);
    }
    for state in [Open, Replayed, Discarded] {
        let expected: Vec<_> = (0..30)
            .rev()
            .filter(|number| state_of(*number) == state)
            .map(|number| in_state(number, state))
            .collect();
        for limit in [1, 4, 100] {
            let found = log.read_letters_of(Some(state), limit).await;
            assert_eq!(found, expected, "{state:?} in pages of {limit}");
        }
    }
    assert_eq!(log.read_letters(7).await.len(), 30);
}

/// Whoever settles what it reads, page by page, sees every open letter once.
pub async fn open_dead_letters_can_be_settled_while_they_are_listed(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    log.append_letters(letters(0..25)).await;
    let (mut settled, mut cursor) = (Vec::new(), None);
    loop {
        let page = log.0.dead_letters(Some(Open), cursor.as_ref(), 4).await;
        let Ok(page) = page else {
            panic!("the log answers: {page:?}")
        };
        let found: Vec<_> = page.items.iter().map(|letter| letter.id).collect();
        assert_eq!(log.settle(found.clone(), Replayed).await, found);
        settled.extend(found);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(
        settled.into_iter().collect::<BTreeSet<_>>(),
        ids(0..25).into_iter().collect()
    );
    assert_eq!(log.read_letters_of(Some(Open), 10).await, []);
}

/// Kept, settled, forgotten, after a crash: the number follows.
pub async fn open_dead_letters_are_counted(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    assert_eq!(log.open_letters().await, 0);
    log.append_letters(letters(0..10)).await;
    log.append_letters(letters(5..12)).await;
    assert_eq!(log.open_letters().await, 12);
    log.append_letters(vec![in_state(20, Replayed)]).await;
    assert_eq!(log.letter(id(20)).await, Some(in_state(20, Replayed)));
    assert_eq!(log.open_letters().await, 12);
    log.settle([ids(0..3), ids(1..2), ids(50..60)].concat(), Discarded)
        .await;
    assert_eq!(log.open_letters().await, 9);
    let log = log.reopen(harness).await;
    assert_eq!(log.open_letters().await, 9);
    assert_eq!(log.letter(id(1)).await, Some(in_state(1, Discarded)));
    assert_eq!(
        log.prune(hours_from_now(1), 5).await,
        5,
        "three that are settled and two open ones"
    );
    assert_eq!(log.open_letters().await, 7);
    assert_eq!(log.prune(hours_from_now(1), 100).await, 8);
    assert_eq!(log.open_letters().await, 0);
}

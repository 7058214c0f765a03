//! Which messages a consumer holds, and what may be said of several at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ports::{DELIVERY_LIMIT, Delivery, DeliveryTag, Parcel, Settle};

use super::inbox::Fetched;

/// A message that was refused too often.
pub(super) struct Refused {
    pub(super) tag: u64,
    pub(super) returns: u32,
    pub(super) parcel: Arc<Parcel>,
}

/// Settlements by what has to be done.
#[derive(Default)]
pub(super) struct Sorted {
    pub(super) done: Vec<u64>,
    pub(super) returned: Vec<u64>,
    pub(super) refused: Vec<Refused>,
}

/// What is handed out, by the broker's number. The message is kept where the next refusal is the last.
#[derive(Default)]
pub(super) struct Ledger(BTreeMap<u64, Option<(u32, Arc<Parcel>)>>);

impl Ledger {
    /// Hands a message out.
    pub(super) fn enter(&mut self, fetched: Fetched) -> Delivery {
        let Fetched {
            tag,
            redelivered,
            returns,
            message,
        } = fetched;
        let message: Arc<Parcel> = message.into();
        let last = returns >= DELIVERY_LIMIT;
        self.0.insert(tag, last.then(|| (returns, Arc::clone(&message))));
        Delivery {
            tag: DeliveryTag(tag),
            redelivered,
            message,
        }
    }

    /// How many messages are out.
    pub(super) fn held(&self) -> u64 {
        self.0.len() as u64
    }

    /// What settlements ask for. Numbers of messages that are not out, or named before, are passed over: a broker ends
    /// the channel of whoever says such a number.
    pub(super) fn sort(&self, settlements: Vec<(DeliveryTag, Settle)>) -> Sorted {
        let mut sorted = Sorted::default();
        let mut named = BTreeSet::new();
        for (DeliveryTag(tag), how) in settlements {
            match (how, self.0.get(&tag).filter(|_| named.insert(tag))) {
                (_, None) => {}
                (Settle::Ack, Some(_)) => sorted.done.push(tag),
                (Settle::Requeue, Some(None)) => sorted.returned.push(tag),
                (Settle::Requeue, Some(Some((returns, parcel)))) => sorted.refused.push(Refused {
                    tag,
                    returns: *returns,
                    parcel: Arc::clone(parcel),
                }),
            }
        }
        sorted
    }

    pub(super) fn forget(&mut self, tag: u64) {
        self.0.remove(&tag);
    }

    /// Forgets messages that are done with. Says up to which number, if any, everything is done, and which others are.
    pub(super) fn done(&mut self, tags: Vec<u64>) -> (Option<u64>, Vec<u64>) {
        for tag in &tags {
            self.0.remove(tag);
        }
        let open = self.0.keys().next().copied().unwrap_or(u64::MAX);
        let (below, above): (Vec<_>, Vec<_>) = tags.into_iter().partition(|tag| *tag < open);
        (below.into_iter().max(), above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use ports::{Headers, Message};

    fn fetched(tag: u64, returns: u32) -> Fetched {
        Fetched {
            tag,
            redelivered: returns > 0,
            returns,
            message: Message {
                routing_key: "job.created".into(),
                headers: Headers::default(),
                body: Bytes::new(),
            },
        }
    }

    fn holding(tags: std::ops::RangeInclusive<u64>) -> Ledger {
        let mut ledger = Ledger::default();
        for tag in tags {
            ledger.enter(fetched(tag, 0));
        }
        ledger
    }

    #[test]
    fn one_word_covers_everything_below_the_oldest_open_message() {
        let mut ledger = holding(1..=9);
        assert_eq!(ledger.done(vec![2, 1, 5]), (Some(2), vec![5]));
        assert_eq!(ledger.done(vec![3, 4]), (Some(4), vec![]));
        assert_eq!(ledger.done(vec![9]), (None, vec![9]));
        assert_eq!(ledger.done(vec![6, 7, 8]), (Some(8), vec![]));
        assert_eq!(ledger.held(), 0);
    }

    #[test]
    fn a_message_on_its_way_back_is_not_covered() {
        let mut ledger = holding(1..=3);
        let sorted = ledger.sort(vec![
            (DeliveryTag(2), Settle::Requeue),
            (DeliveryTag(3), Settle::Ack),
        ]);
        assert_eq!((sorted.returned, sorted.done.clone()), (vec![2], vec![3]));
        assert_eq!(ledger.done(sorted.done), (None, vec![3]));
    }

    #[test]
    fn what_is_not_out_is_passed_over() {
        let mut ledger = holding(1..=1);
        ledger.forget(1);
        let sorted = ledger.sort(vec![(DeliveryTag(1), Settle::Ack), (DeliveryTag(7), Settle::Ack)]);
        assert!(sorted.done.is_empty());
    }

    #[test]
    fn the_refusal_after_the_last_return_gives_a_message_up() {
        let mut ledger = Ledger::default();
        ledger.enter(fetched(1, DELIVERY_LIMIT - 1));
        ledger.enter(fetched(2, DELIVERY_LIMIT));
        let all = [1, 2].map(|tag| (DeliveryTag(tag), Settle::Requeue));
        let sorted = ledger.sort(all.to_vec());
        assert_eq!(sorted.returned, [1]);
        assert_eq!(sorted.refused.iter().map(|one| one.tag).collect::<Vec<_>>(), [2]);
    }
}

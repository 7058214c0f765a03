//! The dead letters: kept where people can list and read them.

use contracts::DeadLetter;
use domain::Clock;
use ports::{LetterState, Message, Queue, StoredDeadLetter, dead_letter_message};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::consume::{acknowledge, offer, subscribe};
use crate::engine::EngineDeps;

/// Runs until `stop` is cancelled.
pub(crate) async fn run(deps: &EngineDeps, stop: &CancellationToken) {
    while let Some(subscription) = subscribe(deps, Queue::DeadLetters, stop).await {
        loop {
            let deliveries = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                next = subscription.next(deps.config.prefetch) => next,
            };
            let Ok(deliveries) = deliveries else { break };
            let letters: Vec<_> = deliveries
                .iter()
                .map(|delivery| letter(&delivery.message, &*deps.clock))
                .collect();
            let keep = |letters| deps.log.append_dead_letters(letters);
            let Some(new) = offer("append dead letters", deps, stop, letters, keep).await else {
                return;
            };
            deps.metrics.dead_letters.inc_by(new as u64);
            acknowledge(
                &subscription,
                deliveries.iter().map(|delivery| delivery.tag).collect(),
            )
            .await;
        }
    }
}

/// A letter is named by what it says, so that one which is delivered twice is kept once, and stays settled once
/// somebody has dealt with it.
fn letter(message: &Message, clock: &dyn Clock) -> StoredDeadLetter {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, &message.body);
    let letter = serde_json::from_slice::<DeadLetter>(&message.body).or_else(|_| {
        // Not written by us: a broker's own dead letter, or somebody's publication.
        let wrapped = dead_letter_message(message, "dead-lettered by the bus", "bus", "", clock.now());
        serde_json::from_slice(&wrapped.body)
    });
    let letter = letter.unwrap_or_else(|error| DeadLetter {
        original_event: serde_json::Value::Null,
        validation_error: format!("unreadable dead letter: {error}"),
        rejected_at: clock.now(),
        correlation_id: None,
        service: "bus".to_owned(),
        service_version: None,
    });
    StoredDeadLetter {
        id,
        letter,
        state: LetterState::Open,
    }
}

#[cfg(test)]
mod tests {
    use domain::SystemClock;
    use ports::Headers;

    use super::*;

    fn kept(body: &'static str) -> StoredDeadLetter {
        let message = Message {
            routing_key: ports::routing::DEAD_LETTER.into(),
            headers: Headers::default(),
            body: body.into(),
        };
        letter(&message, &SystemClock)
    }

    #[test]
    fn a_letter_is_open_and_named_by_what_it_says() {
        let text = r#"{"original_event": 1, "validation_error": "why", "rejected_at": "2026-01-02T03:04:05Z",
            "service": "s"}"#;
        let first = kept(text);
        assert_eq!(
            (first.state, first.letter.service.as_str()),
            (LetterState::Open, "s")
        );
        assert_eq!(kept(text), first);
        assert_ne!(kept("{}").id, first.id);
    }

    #[test]
    fn what_is_no_letter_is_wrapped_in_one() {
        let wrapped = kept("noise");
        assert_eq!(wrapped.letter.original_event, serde_json::json!("noise"));
        assert_eq!(wrapped.letter.validation_error, "dead-lettered by the bus");
    }
}

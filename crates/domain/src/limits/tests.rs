use std::num::NonZeroU32;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::duration::Span;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap()
}

fn rate(limit: u32, per: &str) -> Rate {
    Rate::new(limit, per.parse().unwrap()).unwrap()
}

fn limits(concurrency: u32, rate: Option<Rate>) -> Limits {
    Limits {
        paused: false,
        concurrency: NonZeroU32::new(concurrency),
        rate,
    }
}

fn fresh(limits: &Limits) -> Gate<'_> {
    Gate {
        all_paused: false,
        limits,
        running: 0,
        others_wait: false,
        is_released: false,
    }
}

/// The verdict where the bucket does not matter.
fn verdict(situation: &Gate<'_>) -> Verdict {
    let mut bucket = None;
    gate(situation, &mut bucket, at(0))
}

fn held(reason: Hold) -> Verdict {
    Verdict::Hold {
        reason,
        look_again_at: None,
    }
}

#[test]
fn limits_read_as_they_are_documented() {
    let text = r#"{"paused":true,"concurrency":5,"rate":{"limit":100,"per":"1s"}}"#;
    let limits: Limits = serde_json::from_str(text).unwrap();
    assert_eq!(
        limits,
        Limits {
            paused: true,
            ..self::limits(5, Some(rate(100, "1s")))
        }
    );
    assert_eq!(serde_json::to_string(&limits).unwrap(), text);
    assert!(serde_json::from_str::<Limits>("{}").unwrap().is_open());
}

#[test]
fn limits_that_cannot_be_kept_are_refused() {
    for text in [
        r#"{"concurrency":0}"#,
        r#"{"concurrency":-1}"#,
        r#"{"rate":{"limit":0,"per":"1s"}}"#,
        r#"{"rate":{"limit":1000001,"per":"1s"}}"#,
        r#"{"rate":{"limit":1,"per":"0s"}}"#,
        r#"{"rate":{"limit":1,"per":"31d"}}"#,
        r#"{"rate":{"limit":1,"per":1}}"#,
        r#"{"rate":{"limit":1}}"#,
        r#"{"pause":true}"#,
    ] {
        assert!(serde_json::from_str::<Limits>(text).is_err(), "{text}");
    }
}

#[test]
fn reasons_read_as_they_print() {
    for hold in Hold::ALL {
        assert_eq!(hold.to_string().to_uppercase().parse(), Ok(hold));
        assert_eq!(serde_json::to_string(&hold).unwrap(), format!("\"{hold}\""));
    }
    assert_eq!("full".parse::<Hold>(), Err(UnknownHold));
}

#[test]
fn a_pause_comes_before_everything() {
    let open = Limits::default();
    let paused = Limits {
        paused: true,
        ..limits(1, None)
    };
    assert_eq!(verdict(&fresh(&open)), Verdict::Open);
    assert_eq!(
        verdict(&Gate {
            all_paused: true,
            ..fresh(&open)
        }),
        held(Hold::Paused)
    );
    let busy = Gate {
        running: 1,
        is_released: true,
        ..fresh(&paused)
    };
    assert_eq!(verdict(&busy), held(Hold::Paused));
}

#[test]
fn no_more_run_at_once_than_may() {
    let limits = limits(2, None);
    assert_eq!(
        verdict(&Gate {
            running: 1,
            ..fresh(&limits)
        }),
        Verdict::Open
    );
    for running in [2, 3] {
        let full = Gate {
            running,
            is_released: true,
            ..fresh(&limits)
        };
        assert_eq!(verdict(&full), held(Hold::Concurrency));
    }
}

#[test]
fn a_fresh_job_does_not_overtake_those_that_wait() {
    let waiting = |limits| Gate {
        others_wait: true,
        ..fresh(limits)
    };
    let (concurrency, both) = (limits(2, None), limits(2, Some(rate(1, "1s"))));
    assert_eq!(verdict(&waiting(&concurrency)), held(Hold::Concurrency));
    assert_eq!(verdict(&waiting(&both)), held(Hold::Rate));
    let released = Gate {
        is_released: true,
        ..waiting(&both)
    };
    assert_eq!(verdict(&released), Verdict::Open);
    // The limits were taken away: there is nothing to queue for.
    assert_eq!(verdict(&waiting(&Limits::default())), Verdict::Open);
}

#[test]
fn a_job_that_waits_for_something_else_pays_no_token() {
    let limits = limits(1, Some(rate(1, "1s")));
    let mut bucket = None;
    let full = Gate {
        running: 1,
        ..fresh(&limits)
    };
    assert_eq!(gate(&full, &mut bucket, at(0)), held(Hold::Concurrency));
    assert_eq!(gate(&fresh(&limits), &mut bucket, at(0)), Verdict::Open);
    let next = Verdict::Hold {
        reason: Hold::Rate,
        look_again_at: Some(at(1000)),
    };
    assert_eq!(gate(&fresh(&limits), &mut bucket, at(0)), next);
}

#[test]
fn a_clock_that_goes_back_changes_nothing() {
    let rate = rate(1, "1s");
    let mut bucket = Bucket::full(&rate, at(10_000));
    assert_eq!(bucket.take(&rate, at(10_000)), Ok(()));
    assert_eq!(bucket.take(&rate, at(5_000)), Err(at(11_000)));
    assert_eq!(bucket.take(&rate, at(11_000)), Ok(()));
}

#[test]
fn a_lower_rate_counts_at_once() {
    let (high, low) = (rate(100, "1s"), rate(1, "1m"));
    let mut bucket = Bucket::full(&high, at(0));
    assert_eq!(bucket.take(&low, at(0)), Ok(()));
    assert_eq!(bucket.take(&low, at(0)), Err(at(60_000)));
}

/// Rates from the slowest to the fastest.
fn rates() -> impl Strategy<Value = Rate> {
    let spans = prop_oneof![Just(1), Just(7), Just(1_000), 1_u64..100_000, Just(2_592_000_000)];
    let limits = prop_oneof![1_u32..6, Just(1_000), Just(MAX_RATE)];
    (limits, spans).prop_map(|(limit, per)| Rate::new(limit, Span::from_millis(per)).unwrap())
}

proptest! {
    #[test]
    fn no_span_has_more_starts_than_the_rate_and_a_burst(
        limit in 1_u32..20, per in 1_u64..5_000, pauses in prop::collection::vec(0_u64..2_000, 1..300),
    ) {
        let rate = Rate::new(limit, Span::from_millis(per)).unwrap();
        let (mut now, mut starts) = (at(0), Vec::new());
        let mut bucket = Bucket::full(&rate, now);
        for pause in pauses {
            now += Duration::from_millis(pause / 10);
            if bucket.take(&rate, now).is_ok() {
                starts.push(now);
            }
        }
        for (first, start) in starts.iter().enumerate() {
            let end = *start + rate.per();
            let within = starts[first..].iter().take_while(|other| **other <= end).count();
            prop_assert!(within <= 2 * limit as usize, "{within} starts from {start}");
        }
    }

    #[test]
    fn a_token_is_there_when_it_was_promised(rate in rates(), eighths in 0_u32..8) {
        let mut bucket = Bucket { tokens: f64::from(eighths) / 8.0, at: at(0) };
        let next = bucket.take(&rate, at(0)).unwrap_err();
        prop_assert!(next > at(0));
        prop_assert_eq!(bucket.take(&rate, next), Ok(()));
    }

    #[test]
    fn over_a_long_time_the_rate_holds(limit in 1_u32..50, per in 10_u64..2_000) {
        let rate = Rate::new(limit, Span::from_millis(per)).unwrap();
        let mut bucket = Bucket { tokens: 0.0, at: at(0) };
        let (mut now, mut starts) = (at(0), 0);
        let end = at(0) + rate.per() * 10;
        while now <= end {
            match bucket.take(&rate, now) {
                Ok(()) => starts += 1,
                Err(next) => now = next,
            }
        }
        // The moments are rounded up to the microsecond, so that the last start may fall behind the end.
        prop_assert!((limit * 10 - 1..=limit * 10).contains(&starts), "{starts} starts");
    }
}

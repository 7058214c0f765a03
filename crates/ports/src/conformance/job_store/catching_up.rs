//! Firings that were missed, and schedules that do not fire.

use std::collections::BTreeSet;

use domain::schedule::{CatchUp, Schedule, due, firing_id};
use jiff::Timestamp;
use uuid::Uuid;

use super::support::{Store, StoreHarness, plan, planned, ten};
use crate::SCHEDULE_GRACE;

async fn made(store: &Store) -> Vec<Uuid> {
    store.made().await.into_iter().map(|job| job.id).collect()
}

/// What the rule says that a schedule of every minute, made at 10:00, fires at a moment.
fn rule(schedule: &Schedule, now: Timestamp) -> (Vec<Uuid>, Option<Timestamp>) {
    let cron = schedule.rule().unwrap_or_else(|error| panic!("{error}"));
    let due = due(&cron, schedule.anchor(), now, schedule.catch_up, SCHEDULE_GRACE);
    let ids = due.fire.iter().map(|at| firing_id(schedule.id, *at)).collect();
    (ids, due.next)
}

/// Left out, made up for by one, or each of them: as the schedule says, for absences of every length: the
/// longest has more than are made up for at once.
pub async fn missed_firings_are_caught_up_as_the_schedule_says(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut expected = Vec::new();
    for catch_up in [CatchUp::Skip, CatchUp::One, CatchUp::All] {
        for (minutes, seconds) in [(1, 0), (1, 59), (3, 30), (10, 0), (20, 59), (150, 7)] {
            let schedule = Schedule {
                catch_up,
                ..plan(&format!("{catch_up:?}-{minutes}-{seconds}"), "* * * * *")
            };
            store.put_schedule(&schedule).await;
            let (ids, next) = rule(&schedule, ten(minutes, seconds));
            assert_eq!(
                store.fire(ten(minutes, seconds)).await,
                ids.len(),
                "{}",
                schedule.name
            );
            let after = store.schedule(schedule.name.as_str()).await;
            assert_eq!(after.next_at, next, "{}", schedule.name);
            assert_eq!(after.last_job, ids.last().copied(), "{}", schedule.name);
            expected.extend(ids);
            store.delete_schedule(schedule.name.as_str()).await;
        }
    }
    assert_eq!(made(&store).await, expected);
    let listed: BTreeSet<_> = store.found("").await.into_iter().collect();
    assert_eq!(listed, expected.into_iter().collect());
}

/// An absence that was left out is not made up for later, and firing goes on by the clock.
pub async fn a_schedule_goes_on_after_an_absence(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let schedule = Schedule {
        catch_up: CatchUp::Skip,
        ..plan("a", "*/10 * * * *")
    };
    store.put_schedule(&schedule).await;
    assert_eq!(store.fire(ten(35, 0)).await, 0, "three were missed");
    for minute in [40, 50] {
        assert_eq!(store.fire(ten(minute, 0)).await, 1);
    }
    let expected = [40, 50].map(|minute| firing_id(schedule.id, ten(minute, 0)));
    assert_eq!(made(&store).await, expected);
}

/// Paused, with or without a moment that somebody left there; and what would have fired meanwhile is not made up for.
pub async fn a_paused_schedule_does_not_fire(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let running = Schedule {
        catch_up: CatchUp::All,
        ..plan("a", "* * * * *")
    };
    for next_at in [None, Some(ten(1, 0))] {
        let paused = Schedule {
            paused: true,
            next_at,
            ..running.clone()
        };
        store.put_schedule(&paused).await;
        assert_eq!(store.fire(ten(30, 0)).await, 0);
        assert!(store.schedule("a").await.paused);
    }
    let resumed = planned(Schedule {
        updated_at: ten(30, 30),
        ..running.clone()
    });
    store.put_schedule(&resumed).await;
    assert_eq!(store.fire(ten(30, 59)).await, 0);
    assert_eq!(store.fire(ten(31, 0)).await, 1);
    assert_eq!(made(&store).await, [firing_id(running.id, ten(31, 0))]);
}

/// A new rule counts from the moment it was given.
pub async fn a_changed_schedule_does_not_make_up_for_before(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let schedule = Schedule {
        catch_up: CatchUp::All,
        ..plan("a", "* * * * *")
    };
    store.put_schedule(&schedule).await;
    let changed = planned(Schedule {
        updated_at: ten(20, 30),
        catch_up: CatchUp::All,
        ..plan("a", "*/10 * * * *")
    });
    store.put_schedule(&changed).await;
    assert_eq!(store.fire(ten(50, 0)).await, 3);
    let expected = [30, 40, 50].map(|minute| firing_id(schedule.id, ten(minute, 0)));
    assert_eq!(made(&store).await, expected);
}

/// What is gone fires nothing; its successor of the same name makes jobs of its own.
pub async fn a_deleted_schedule_does_not_fire(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let first = plan("a", "* * * * *");
    store.put_schedule(&first).await;
    store.delete_schedule("a").await;
    assert_eq!(store.fire(ten(1, 0)).await, 0);
    let second = Schedule {
        id: Uuid::from_u128(7),
        ..first
    };
    store.put_schedule(&second).await;
    assert_eq!(store.fire(ten(1, 0)).await, 1);
    assert_eq!(made(&store).await, [firing_id(second.id, ten(1, 0))]);
}

/// It is paused, so that nobody tries for ever, and the others fire.
pub async fn a_schedule_whose_rule_does_not_read_is_paused(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let bad = Schedule {
        next_at: Some(ten(1, 0)),
        ..plan("bad", "every minute")
    };
    let nowhere = Schedule {
        timezone: "Mars/Olympus".to_owned(),
        ..plan("nowhere", "* * * * *")
    };
    let nowhere = Schedule {
        next_at: Some(ten(1, 0)),
        ..nowhere
    };
    let good = plan("good", "* * * * *");
    for schedule in [&bad, &nowhere, &good] {
        store.put_schedule(schedule).await;
    }
    assert_eq!(store.fire(ten(1, 0)).await, 1);
    assert_eq!(made(&store).await, [firing_id(good.id, ten(1, 0))]);
    for name in ["bad", "nowhere"] {
        let after = store.schedule(name).await;
        assert!(after.paused && after.next_at.is_none(), "{after:?}");
        assert_eq!((after.last_at, after.last_job), (None, None));
    }
    assert!(!store.schedule("good").await.paused);
    assert_eq!(store.schedule("bad").await.cron, "every minute");
}

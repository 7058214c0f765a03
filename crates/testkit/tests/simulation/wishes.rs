//! What clients want of jobs that they have submitted, and the schedule and the limit that an operator has set.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use domain::limits::Limits;
use domain::schedule::{CatchUp, Schedule};
use domain::{Clock, SystemClock};
use ports::{Command, CommandOutcome, JobStore, LimitChange, Precondition};
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::books::Books;

/// The name of the schedule that fires every second.
pub(crate) const SCHEDULE: &str = "every-second";

/// The type of which not many run at once.
pub(crate) const LIMITED: &str = "slow";

/// How many of it do.
pub(crate) const AT_ONCE: u32 = 3;

/// How many jobs are the latest ones.
const LATEST: usize = 20;

/// Makes the schedule and sets the limit.
pub(crate) async fn set_up(store: &dyn JobStore) {
    let limits = Limits {
        concurrency: NonZeroU32::new(AT_ONCE),
        ..Limits::default()
    };
    let change = LimitChange::Of(LIMITED.to_owned(), limits);
    store.set_limits(change).await.expect("the store answers");
    store
        .put_schedule(schedule(), Precondition::Always)
        .await
        .expect("the store answers");
}

fn schedule() -> Schedule {
    let now = SystemClock.now();
    let job = r#"{"type": "quick", "payload": {"millis": 0}, "priority": "high", "tags": ["scheduled"]}"#;
    let mut schedule = Schedule {
        id: Uuid::from_u128(7),
        name: SCHEDULE.parse().expect("a name"),
        cron: "* * * * * *".to_owned(),
        timezone: "UTC".to_owned(),
        catch_up: CatchUp::All,
        paused: false,
        job: RawValue::from_string(job.to_owned()).expect("JSON"),
        created_at: now,
        updated_at: now,
        next_at: None,
        last_at: None,
        last_job: None,
    };
    schedule.next_at = schedule.rule().expect("a rule").next_after(now);
    schedule
}

/// The schedule as it is.
pub(crate) async fn scheduled(store: &dyn JobStore) -> Option<Schedule> {
    let all = store.schedules().await.expect("the store answers");
    all.into_iter()
        .find(|schedule| schedule.name.as_str() == SCHEDULE)
}

/// Pauses the schedule for good.
pub(crate) async fn pause(store: &dyn JobStore) {
    let Some(schedule) = scheduled(store).await else {
        return;
    };
    let paused = Schedule {
        paused: true,
        next_at: None,
        ..schedule
    };
    store
        .put_schedule(paused, Precondition::Always)
        .await
        .expect("the store answers");
}

/// A client withdraws or revives one of its jobs. What it is told is written down; a call that fails may have had
/// its effect.
pub(crate) async fn wish(store: &dyn JobStore, dice: &mut StdRng, books: &mut Books) {
    let Some(id) = subject(dice, books) else {
        return;
    };
    let (command, told) = if dice.random_bool(0.7) {
        (Command::Cancel, &mut books.cancelled)
    } else {
        (Command::Retry, &mut books.revived)
    };
    let answer = store.command(vec![id], command, SystemClock.now()).await;
    if matches!(answer.as_deref(), Ok([CommandOutcome::Done])) {
        count(told, id);
    }
}

/// Mostly one of the latest jobs, which is likely not to have ended.
fn subject(dice: &mut StdRng, books: &Books) -> Option<Uuid> {
    let all = books.order.len();
    let latest = if dice.random_bool(0.6) { LATEST } else { all };
    let back = dice.random_range(1..=latest.max(1));
    books.order.get(all.checked_sub(back)?).copied()
}

fn count(told: &mut BTreeMap<Uuid, u32>, id: Uuid) {
    *told.entry(id).or_default() += 1;
}

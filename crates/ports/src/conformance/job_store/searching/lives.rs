//! Jobs and their lives, drawn at random from few words, so that queries meet them.

use contracts::Priority;
use domain::Outcome;
use serde_json::{Map, Value, json};

use super::super::support::{Store, announced, at, dispatched, id, job as plain, result, ticket};
use crate::conformance::dice::Dice;
use crate::{Claim, ClaimRequest, Command, NewJob};

/// A type that is paused.
pub(super) const CLOSED_TYPE: &str = "closed";

pub(super) const TYPES: [&str; 6] = [
    "echo",
    "email.send",
    "email.bulk",
    "100%_x",
    "\u{c9}t\u{e9}",
    CLOSED_TYPE,
];

/// Words with what the query language, patterns and quoting of databases have a meaning for.
pub(super) const WORDS: [&str; 18] = [
    "eu", "EU", "a b", "42", "42.0", "-0", "true", "null", "a,b", "\"", "\\", "%", "_", "a'b", "OR",
    "\u{e9}", "\u{c9}", "x.y",
];

const STEPS: [&str; 7] = ["a", "b", "0", "x.y", "\"", "\u{e9} f", "-"];

pub(super) const ERRORS: [&str; 7] = [
    "timeout after 30s",
    "Timeout after 5s",
    "100% of a_b '\"\\ failed",
    "\u{c9}t\u{e9}",
    "no luck",
    "null",
    "multi\nline",
];

pub(super) const WORKERS: [&str; 3] = ["w-1", "w 2", "W-1"];

pub(super) fn pick<T: Copy>(dice: &mut Dice, all: &[T]) -> T {
    all[dice.index(all.len())]
}

fn word(dice: &mut Dice) -> String {
    pick(dice, &WORDS).to_owned()
}

fn maybe(dice: &mut Dice, odds: u64) -> Option<String> {
    dice.one_in(odds).then(|| word(dice))
}

/// Job `number`, accepted and created somewhere in the hour before second 0.
pub(super) fn job(dice: &mut Dice, number: u64) -> NewJob {
    let mut tags: Vec<String> = (0..dice.below(4)).map(|_| word(dice)).collect();
    tags.dedup();
    let mut body = json!({"id": id(number), "status": "PENDING"});
    for member in ["payload", "metadata"] {
        if !dice.one_in(3) {
            body[member] = object(dice, 3);
        }
        if dice.one_in(30) {
            body[member] = crowded(dice);
        }
    }
    let job = NewJob {
        job_type: pick(dice, &TYPES).to_owned(),
        tags,
        priority: pick(dice, &Priority::ALL),
        unique_key: maybe(dice, 6),
        schedule: maybe(dice, 6),
        accepted_at: at(-dice.below(3600).cast_signed()),
        created_at: at(-dice.below(200_000).cast_signed()),
        run_at: dice
            .one_in(8)
            .then(|| at(3_000 + dice.below(2_000).cast_signed())),
        ..plain(number)
    };
    written(job, body)
}

/// The job with a text that says the same.
fn written(job: NewJob, mut body: Value) -> NewJob {
    body["type"] = json!(job.job_type);
    body["tags"] = json!(job.tags);
    body["priority"] = json!(job.priority);
    body["createdAt"] = json!(job.created_at);
    for (member, value) in [("uniqueKey", &job.unique_key), ("schedule", &job.schedule)] {
        if let Some(value) = value {
            body[member] = json!(value);
        }
    }
    if let Some(run_at) = job.run_at {
        body["runAt"] = json!(run_at);
    }
    NewJob {
        body: body.to_string().into(),
        ..job
    }
}

fn object(dice: &mut Dice, depth: u64) -> Value {
    let members = (0..dice.below(5)).map(|_| (pick(dice, &STEPS).to_owned(), value(dice, depth)));
    Value::Object(members.collect::<Map<_, _>>())
}

/// More values than an index may want to take in, with one that is asked for.
fn crowded(dice: &mut Dice) -> Value {
    let members = (0..80).map(|number| (format!("m{number}"), value(dice, 0)));
    let asked = [("a".to_owned(), json!(42))];
    Value::Object(members.chain(asked).collect())
}

fn value(dice: &mut Dice, depth: u64) -> Value {
    match dice.below(12) {
        0 | 1 if depth > 0 => object(dice, depth - 1),
        2 if depth > 0 => (0..dice.below(4)).map(|_| value(dice, depth - 1)).collect(),
        3 => pick(dice, &[true, false]).into(),
        4 => Value::Null,
        5 => json!(pick(dice, &[42.0, -0.0, 1.5, 1e20])),
        6 => json!(pick(dice, &[42_u64, 0, u64::MAX])),
        _ => word(dice).into(),
    }
}

/// A life that begins with the job's message, and may end anywhere.
pub(super) async fn lead(dice: &mut Dice, store: &Store, number: u64, job: &NewJob) {
    let second = 1 + dice.below(3_800).cast_signed();
    store.admit(vec![job.clone()]).await;
    if dice.one_in(6) {
        return;
    }
    if dice.one_in(6) {
        return die(dice, store, number, job).await;
    }
    let worker = pick(dice, &WORKERS);
    store.heartbeat(worker, at(1_000_000)).await;
    let first = ticket(worker, number * 10 + 1, at(second));
    let claim = store.claim_one(&first, announced(job.clone())).await;
    if matches!(claim, Claim::Started(_)) && !dice.one_in(5) {
        run(dice, store, (number, worker, second), job).await;
    }
    match dice.below(8) {
        0 => drop(store.command(number, Command::Cancel, second + 40).await),
        1 => drop(store.command(number, Command::Retry, second + 40).await),
        _ => {}
    }
}

/// Up to three attempts of a job whose first one has begun.
async fn run(dice: &mut Dice, store: &Store, (number, worker, second): (u64, &str, i64), job: &NewJob) {
    for attempt in 1..=3 {
        let ended = second + 10 * i64::from(attempt);
        let outcome = outcome(dice, ended);
        let goes_on = outcome.run_at().is_some();
        store
            .apply(result(number, attempt, worker, at(ended), outcome))
            .await;
        if !goes_on || dice.one_in(2) {
            return;
        }
        let next = ticket(worker, number * 10 + 1 + u64::from(attempt), at(ended + 5));
        let claim = store.claim_one(&next, dispatched(job.clone(), attempt + 1)).await;
        if !matches!(claim, Claim::Started(_)) || dice.one_in(4) {
            return;
        }
    }
}

/// Workers die under the job, until nobody starts it any more or one of them lives.
async fn die(dice: &mut Dice, store: &Store, number: u64, job: &NewJob) {
    for attempt in 1..=1 + u32::try_from(dice.below(3)).unwrap_or(0) {
        let now = 1_000 * i64::from(attempt);
        store.heartbeat("mortal", at(now)).await;
        let ticket = ticket("mortal", number * 10 + u64::from(attempt), at(now));
        let request = ClaimRequest {
            attempt,
            dispatched: attempt > 1,
            ..announced(job.clone())
        };
        if !matches!(store.claim_one(&ticket, request).await, Claim::Started(_)) {
            return;
        }
        store.reap(at(now + 1)).await;
    }
}

pub(super) fn outcome(dice: &mut Dice, ended: i64) -> Outcome {
    let error = pick(dice, &ERRORS).to_owned();
    let run_at = at(ended + dice.below(400).cast_signed());
    match dice.below(6) {
        0 | 1 => Outcome::Completed { result: None },
        2 => Outcome::Failed { error },
        3 => Outcome::HandedBack { run_at },
        _ => Outcome::Retry { error, run_at },
    }
}

//! The claim rule of the domain, seen through the port.

use domain::claim::{Decision, decide};
use domain::{CRASH_LIMIT, Outcome, Row};

use super::support::{LATER, Store, StoreHarness, at, completed, failed, job, result, retry, ticket, wish};
use crate::Claim;

/// A way to bring a job into a state.
#[derive(Clone, Copy, Debug)]
enum Life {
    Pending,
    Running,
    RunningAgain,
    Retrying,
    HandedBack,
    Completed,
    Failed,
    Quarantined,
}

impl Life {
    const ALL: [Self; 8] = [
        Self::Pending,
        Self::Running,
        Self::RunningAgain,
        Self::Retrying,
        Self::HandedBack,
        Self::Completed,
        Self::Failed,
        Self::Quarantined,
    ];

    async fn lead(self, store: &Store, number: u64) {
        store.admit(vec![job(number)]).await;
        match self {
            Self::Pending => {}
            Self::Running => start(store, number, 1).await,
            Self::RunningAgain => {
                run(store, number, retry(at(20))).await;
                start(store, number, 2).await;
            }
            Self::Retrying => run(store, number, retry(at(20))).await,
            Self::HandedBack => run(store, number, Outcome::HandedBack { run_at: at(20) }).await,
            Self::Completed => run(store, number, completed()).await,
            Self::Failed => run(store, number, failed()).await,
            Self::Quarantined => quarantine(store, number).await,
        }
    }
}

/// The claim of job `number`'s attempt: no two calls of this suite share one.
fn claim_of(number: u64, attempt: u32) -> u64 {
    number * 100 + u64::from(attempt)
}

async fn start(store: &Store, number: u64, attempt: u32) {
    store
        .run(number, attempt, "holder", claim_of(number, attempt))
        .await;
}

async fn run(store: &Store, number: u64, outcome: Outcome) {
    start(store, number, 1).await;
    store.apply(result(number, 1, "holder", at(10), outcome)).await;
}

async fn quarantine(store: &Store, number: u64) {
    let worker = format!("dead-{number}");
    for attempt in 1..=CRASH_LIMIT {
        store.heartbeat(&worker, at(0)).await;
        store
            .start(
                &ticket(&worker, claim_of(number, attempt), at(0)),
                wish(number, attempt),
            )
            .await;
        assert_eq!(store.reap(at(1)).await, 1);
    }
}

/// What the rule sees of a job.
async fn row(store: &Store, number: u64) -> Row {
    let detail = store.detail(number).await;
    Row {
        status: detail.summary.status,
        attempt: detail.summary.attempt,
        failures: detail.failures,
        crashes: detail.crashes,
        worker: None,
        claim: claim_of(number, detail.summary.attempt),
        wake_at: detail.wake_at,
        relay: false,
    }
}

/// How the store decided, when asked at [`LATER`].
fn decision(claim: &Claim) -> Decision {
    match claim {
        Claim::Started(started) if started.event.at == at(LATER) => Decision::Start,
        Claim::Started(_) => Decision::Resume,
        Claim::Held => Decision::Held,
        Claim::Passed(_) => Decision::Passed,
    }
}

/// Every state and every attempt that a message could ask for, with a claim of its own.
pub async fn claims_follow_the_rule_in_every_state(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut number = 0;
    for life in Life::ALL {
        for attempt in [0, 1, 2, 3, 4, 5, u32::MAX] {
            number += 1;
            life.lead(&store, number).await;
            check(&store, number, attempt, claim_of(number, 99), life).await;
        }
    }
}

/// Every state, asked once more by the call that led to it.
pub async fn repeated_claims_follow_the_rule_in_every_state(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for (number, life) in (1..).zip(Life::ALL) {
        life.lead(&store, number).await;
        let attempt = store.detail(number).await.summary.attempt;
        check(&store, number, attempt, claim_of(number, attempt), life).await;
    }
}

async fn check(store: &Store, number: u64, attempt: u32, claim: u64, life: Life) {
    let rule = decide(&row(store, number).await, attempt, claim);
    let before = store.detail(number).await;
    let answer = store
        .claim_one(&ticket("holder", claim, at(LATER)), wish(number, attempt))
        .await;
    assert_eq!(decision(&answer), rule, "{life:?}, attempt {attempt}: {answer:?}");
    let changed = store.detail(number).await != before;
    assert_eq!(
        changed,
        rule == Decision::Start,
        "{life:?}, attempt {attempt} changed the job"
    );
}

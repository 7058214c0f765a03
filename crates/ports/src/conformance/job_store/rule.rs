//! The claim rule of the domain, seen through the port.

use domain::claim::{Ask, Decision, decide};
use domain::{CRASH_LIMIT, Outcome, Row};

use super::support::{
    LATER, Store, StoreHarness, announced, at, completed, failed, id, job, result, retry, ticket, wish,
};
use crate::{Claim, ClaimRequest, Command, CommandOutcome, NewJob};

/// A way to bring a job into a state.
#[derive(Clone, Copy, Debug)]
enum Life {
    Pending,
    Scheduled,
    Running,
    RunningAgain,
    Retrying,
    HandedBack,
    Completed,
    Failed,
    Quarantined,
    Cancelled,
    CancelledWhileItRan,
    Revived,
}

impl Life {
    const ALL: [Self; 12] = [
        Self::Pending,
        Self::Scheduled,
        Self::Running,
        Self::RunningAgain,
        Self::Retrying,
        Self::HandedBack,
        Self::Completed,
        Self::Failed,
        Self::Quarantined,
        Self::Cancelled,
        Self::CancelledWhileItRan,
        Self::Revived,
    ];

    /// The job of such a life.
    fn job(self, number: u64) -> NewJob {
        NewJob {
            run_at: matches!(self, Self::Scheduled).then(|| at(LATER + 1)),
            ..job(number)
        }
    }

    async fn lead(self, store: &Store, number: u64) {
        store.admit(vec![self.job(number)]).await;
        match self {
            Self::Pending => {}
            Self::Scheduled => schedule(store, self.job(number), number).await,
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
            Self::Cancelled => want(store, number, Command::Cancel, CommandOutcome::Done).await,
            Self::CancelledWhileItRan => {
                start(store, number, 1).await;
                want(store, number, Command::Cancel, CommandOutcome::Requested).await;
            }
            Self::Revived => {
                run(store, number, failed()).await;
                want(store, number, Command::Retry, CommandOutcome::Done).await;
            }
        }
    }
}

/// The claim of job `number`'s attempt: no two calls of this suite share one.
fn claim_of(number: u64, attempt: u32) -> u64 {
    number * 100 + u64::from(attempt)
}

async fn schedule(store: &Store, job: NewJob, number: u64) {
    let claim = store
        .claim_one(&ticket("holder", claim_of(number, 98), at(1)), announced(job))
        .await;
    assert!(matches!(claim, Claim::Waits(_)), "{claim:?}");
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

async fn want(store: &Store, number: u64, command: Command, outcome: CommandOutcome) {
    assert_eq!(store.command(number, command, 12).await, outcome);
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
        wake_at: detail.summary.wake_at,
        relay: false,
        held: detail.summary.held,
        cancelling: detail.cancelling,
        round: detail.round,
    }
}

/// How the store decided, when asked at [`LATER`].
fn decision(claim: &Claim, job: &NewJob) -> Decision {
    match (claim, job.run_at) {
        (Claim::Started(started), _) if started.event.at == at(LATER) => Decision::Start,
        (Claim::Started(_), _) => Decision::Resume,
        (Claim::Held, _) => Decision::Held,
        (Claim::Waits(_), Some(run_at)) => Decision::Schedule(run_at),
        (Claim::Waits(_), None) => panic!("nothing holds job {} back", job.id),
        (Claim::Passed(_), _) => Decision::Passed,
    }
}

/// Every state and every attempt that a message could ask for, with a claim of its own.
pub async fn claims_follow_the_rule_in_every_state(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut number = 0;
    for life in Life::ALL {
        for attempt in [0, 1, 2, 3, 4, 5, u32::MAX] {
            for dispatched in [false, true] {
                number += 1;
                life.lead(&store, number).await;
                check(&store, number, (attempt, dispatched), claim_of(number, 99), life).await;
            }
        }
    }
}

/// Every state, asked once more by the call that led to it.
pub async fn repeated_claims_follow_the_rule_in_every_state(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut number = 0;
    for life in Life::ALL {
        for dispatched in [false, true] {
            number += 1;
            life.lead(&store, number).await;
            let attempt = store.detail(number).await.summary.attempt;
            let claim = claim_of(number, attempt);
            check(&store, number, (attempt, dispatched), claim, life).await;
        }
    }
}

async fn check(store: &Store, number: u64, (attempt, dispatched): (u32, bool), claim: u64, life: Life) {
    let job = life.job(number);
    let ask = Ask {
        attempt,
        claim,
        dispatched,
    };
    let rule = decide(&row(store, number).await, ask, job.run_at, at(LATER));
    let before = store.detail(number).await;
    let request = ClaimRequest {
        attempt,
        dispatched,
        ..announced(job.clone())
    };
    let answer = store
        .claim_one(&ticket("holder", claim, at(LATER)), request)
        .await;
    assert_eq!(decision(&answer, &job), rule, "{life:?}, {ask:?}: {answer:?}");
    let changed = store.detail(number).await != before;
    let moves = matches!(rule, Decision::Start | Decision::Schedule(_));
    assert_eq!(changed, moves, "{life:?}, {ask:?} changed job {}", id(number));
}

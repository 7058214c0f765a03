use std::time::Duration;

use super::*;
use crate::query::{STUCK_AFTER, STUCK_RUNNING_AFTER};

#[test]
fn states_are_those_of_the_contract_whatever_their_case() {
    for status in JobStatus::ALL {
        let job = Job { status, ..Job::new() };
        assert!(job.matches(&format!("state:{status}")));
        assert!(job.matches(&format!("state:{}", status.as_str().to_lowercase())));
        assert_eq!(
            job.matches("state:failed,completed"),
            job.matches("state:failed") || job.matches("state:completed")
        );
    }
}

#[test]
fn held_and_due_are_states_of_jobs_that_wait() {
    let waiting = Job {
        wake_at: Some(now()),
        status: JobStatus::Retrying,
        ..Job::new()
    };
    waiting.check(&["state:due"], &["state:held"]);
    Job {
        wake_at: Some(now() + Duration::from_secs(1)),
        ..waiting.clone()
    }
    .check(&[], &["state:due"]);
    Job {
        held: Some(Hold::Rate),
        ..waiting.clone()
    }
    .check(&["state:held", "held:rate"], &["state:due", "held:unique"]);
    for status in JobStatus::ALL.into_iter().filter(|status| status.is_terminal()) {
        Job {
            status,
            held: Some(Hold::Rate),
            ..waiting.clone()
        }
        .check(&[], &["state:due", "state:held"]);
    }
}

#[test]
fn stuck_is_what_could_move_and_does_not() {
    let old = |by: Duration| now() - by - Duration::from_micros(1);
    let pending = Job {
        updated_at: old(STUCK_AFTER),
        ..Job::new()
    };
    pending.check(&["state:stuck"], &[]);
    Job {
        updated_at: now() - STUCK_AFTER,
        ..pending.clone()
    }
    .check(&[], &["state:stuck"]);
    Job {
        held: Some(Hold::Paused),
        ..pending.clone()
    }
    .check(&[], &["state:stuck"]);
    let scheduled = Job {
        status: JobStatus::Scheduled,
        ..pending.clone()
    };
    scheduled.check(&[], &["state:stuck"]);
    Job {
        wake_at: Some(now()),
        ..scheduled.clone()
    }
    .check(&[], &["state:stuck"]);
    Job {
        wake_at: Some(old(STUCK_AFTER)),
        ..scheduled
    }
    .check(&["state:stuck"], &[]);
    let running = Job {
        status: JobStatus::Executing,
        ..pending.clone()
    };
    running.check(&[], &["state:stuck"]);
    Job {
        updated_at: old(STUCK_RUNNING_AFTER),
        ..running
    }
    .check(&["state:stuck"], &[]);
    Job {
        status: JobStatus::Failed,
        ..pending
    }
    .check(&[], &["state:stuck"]);
}

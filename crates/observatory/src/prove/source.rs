//! Hands out what is to be submitted next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::plan::{Plan, Unit};

/// The units of a plan, in order, no further than the run has come; jobs that are submitted again turn up
/// among them when their time has come.
#[derive(Debug)]
pub(super) struct Source {
    plan: Plan,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    limit: u64,
    later: BinaryHeap<Reverse<(u64, u64, Later)>>,
}

/// Why a job turns up once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Later {
    Withdraw,
    Refused,
    Repeat,
}

impl Later {
    fn unit(self, index: u64) -> Unit {
        match self {
            Self::Withdraw => Unit::Withdraw(index),
            Self::Refused => Unit::Refused(index),
            Self::Repeat => Unit::Repeat(index),
        }
    }
}

impl Source {
    /// A source that hands out nothing until [`Source::open_to`] is called.
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            plan,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Lets jobs below `limit` be handed out.
    pub(super) fn open_to(&self, limit: u64) {
        self.state().limit = limit.min(self.plan.jobs());
        self.changed.notify_waiters();
    }

    /// Notes that a job was accepted, which is when its repetition and its withdrawal, if the plan has them, are
    /// scheduled.
    pub(super) fn accepted(&self, index: u64) {
        let mut state = self.state();
        if let Some(later) = self.plan.repeat_after(index) {
            let due = state.next + later;
            state.later.push(Reverse((due, index, Later::Repeat)));
        }
        if self.plan.kind(index).is_withdrawn() {
            state.later.push(Reverse((0, index, Later::Withdraw)));
        }
    }

    /// Notes that a job was refused for now.
    pub(super) fn refused(&self, index: u64) {
        let mut state = self.state();
        let due = state.next;
        state.later.push(Reverse((due, index, Later::Refused)));
    }

    /// The next unit, as soon as there is one; `None` when the plan is done.
    pub(super) async fn next(&self) -> Option<Unit> {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            {
                let mut state = self.state();
                if let Some(unit) = state.take(&self.plan) {
                    return Some(unit);
                }
                if state.next >= self.plan.jobs() {
                    return None;
                }
            }
            changed.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self, plan: &Plan) -> Option<Unit> {
        let all_out = self.next >= plan.jobs();
        if let Some(Reverse((due, index, later))) = self.later.peek().copied()
            && (due <= self.next || all_out)
        {
            self.later.pop();
            return Some(later.unit(index));
        }
        if self.next >= self.limit {
            return None;
        }
        let unit = plan.unit_at(self.next);
        self.next = match &unit {
            Unit::Batch(range) => range.end,
            _ => self.next + 1,
        };
        Some(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn plan() -> Plan {
        Plan::new(11, 2_000)
    }

    async fn drain(source: &Source) -> Vec<Unit> {
        let mut units = Vec::new();
        while let Some(unit) = source.next().await {
            match &unit {
                Unit::Single(index) => source.accepted(*index),
                Unit::Batch(range) => range.clone().for_each(|index| source.accepted(index)),
                Unit::Repeat(_) | Unit::Refused(_) | Unit::Withdraw(_) => {}
            }
            units.push(unit);
        }
        units
    }

    #[tokio::test]
    async fn every_job_comes_once_and_what_follows_it_after_it() {
        let source = Source::new(plan());
        source.open_to(2_000);
        let (mut first, mut again, mut withdrawn) = (Vec::new(), Vec::new(), Vec::new());
        for unit in drain(&source).await {
            match unit {
                Unit::Single(index) => first.push(index),
                Unit::Batch(range) => first.extend(range),
                Unit::Repeat(index) => {
                    assert!(first.contains(&index));
                    again.push(index);
                }
                Unit::Withdraw(index) => {
                    assert!(first.contains(&index));
                    withdrawn.push(index);
                }
                Unit::Refused(index) => panic!("{index} was not refused"),
            }
        }
        assert_eq!(first, (0..2_000).collect::<Vec<_>>());
        again.sort_unstable();
        let planned: Vec<_> = (0..2_000).filter(|i| plan().repeat_after(*i).is_some()).collect();
        assert_eq!(again, planned);
        assert!(!again.is_empty());
        withdrawn.sort_unstable();
        let planned: Vec<_> = (0..2_000).filter(|i| plan().kind(*i).is_withdrawn()).collect();
        assert_eq!(withdrawn, planned);
    }

    #[tokio::test]
    async fn a_refused_job_comes_again_at_once() {
        let source = Source::new(plan());
        source.open_to(10);
        assert!(source.next().await.is_some());
        source.refused(0);
        assert_eq!(source.next().await, Some(Unit::Refused(0)));
    }

    #[tokio::test]
    async fn nothing_beyond_the_limit_is_handed_out_until_it_moves() {
        let source = Arc::new(Source::new(plan()));
        let waiting = tokio::spawn({
            let source = Arc::clone(&source);
            async move { source.next().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        source.open_to(1);
        assert!(waiting.await.unwrap().is_some());
        assert!(source.state().take(&plan()).is_none());
    }
}

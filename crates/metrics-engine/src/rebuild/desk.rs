//! What is wanted, what is under way, what is done.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::Notify;

use super::Derived;

/// How rebuilding goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RebuildStatus {
    /// What is under way.
    pub running: Option<Running>,
    /// What is wanted and comes after it.
    pub waiting: BTreeSet<Derived>,
    /// What was rebuilt last since this process started, each once.
    pub done: Vec<Rebuilt>,
}

/// A rebuild that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Running {
    /// What is rebuilt.
    pub what: Derived,
    /// How many jobs were read.
    pub jobs: u64,
    /// How many of their events were new to it.
    pub new_events: u64,
}

/// A rebuild that has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rebuilt {
    /// What it was, and of how much.
    #[serde(flatten)]
    pub what: Running,
    /// When it ended.
    pub at: Timestamp,
}

/// Where rebuilds are asked for.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct State {
    running: Option<Running>,
    wanted: BTreeSet<Derived>,
    done: BTreeMap<Derived, Rebuilt>,
}

impl Desk {
    /// Asks for a rebuild. One that is wanted already, or under way, is the same one.
    pub(crate) fn want(&self, derived: Derived) {
        let mut state = self.lock();
        if state.running.is_none_or(|running| running.what != derived) {
            state.wanted.insert(derived);
            self.wake.notify_one();
        }
    }

    pub(super) async fn wanted(&self) {
        self.wake.notified().await;
    }

    /// Takes what is wanted next.
    pub(super) fn begin(&self) -> Option<Derived> {
        let mut state = self.lock();
        let what = state.wanted.pop_first()?;
        state.running = Some(Running {
            what,
            jobs: 0,
            new_events: 0,
        });
        Some(what)
    }

    pub(super) fn advance(&self, jobs: usize, new_events: usize) {
        if let Some(running) = &mut self.lock().running {
            running.jobs += jobs as u64;
            running.new_events += new_events as u64;
        }
    }

    pub(super) fn done(&self, at: Timestamp) {
        let mut state = self.lock();
        if let Some(what) = state.running.take() {
            state.done.insert(what.what, Rebuilt { what, at });
        }
    }

    pub(super) fn failed(&self) {
        self.lock().running = None;
    }

    pub(crate) fn status(&self) -> RebuildStatus {
        let state = self.lock();
        RebuildStatus {
            running: state.running,
            waiting: state.wanted.clone(),
            done: state.done.values().copied().collect(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_rebuilt_once_however_often_it_is_wanted() {
        let desk = Desk::default();
        assert_eq!(desk.begin(), None);
        for _ in 0..3 {
            desk.want(Derived::EventLog);
            desk.want(Derived::LiveStats);
        }
        assert_eq!(desk.begin(), Some(Derived::LiveStats));
        desk.want(Derived::LiveStats);
        desk.advance(7, 20);
        desk.advance(1, 0);
        let status = desk.status();
        let running = Running {
            what: Derived::LiveStats,
            jobs: 8,
            new_events: 20,
        };
        assert_eq!(status.running, Some(running));
        assert_eq!(status.waiting, [Derived::EventLog].into());
        desk.done(Timestamp::UNIX_EPOCH);
        assert_eq!(desk.begin(), Some(Derived::EventLog));
        desk.failed();
        assert_eq!(desk.begin(), None);
        let at = Timestamp::UNIX_EPOCH;
        assert_eq!(desk.status().done, [Rebuilt { what: running, at }]);
    }
}

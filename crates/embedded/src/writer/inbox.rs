//! Where work waits for the writer thread.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{Operation, Order};
use crate::error::Failure;

/// The most operations in one group: bounds how long the first of them waits for the last.
const LARGEST_GROUP: usize = 512;

/// How much may wait, in units of [`UNIT`].
const ROOM: u32 = 64 * 1024;

/// What a permit stands for, in bytes of waiting data. With [`ROOM`] this bounds the waiting data to 64 MiB.
const UNIT: usize = 1024;

/// How long a caller waits for room before it is refused.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long late work lets other work go first.
const LATE: Duration = Duration::from_millis(3);

/// How much longer it does so while there is much other work.
const LATEST: Duration = Duration::from_millis(50);

/// How many other operations are much.
const MUCH: usize = 3;

/// How the writer thread is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closing {
    /// Do what waits, then leave everything in order.
    Drain,
    /// Stop after the present group, as if the process had died.
    Abort,
}

/// What the writer thread does next.
pub(super) enum Next {
    /// Commit these, and whatever the attendant has.
    Group(Vec<Waiting>),
    /// End.
    End(Closing),
}

/// An operation and the room that it takes.
pub(super) struct Waiting {
    pub(super) operation: Box<dyn Operation>,
    pub(super) room: u32,
}

#[derive(Default)]
struct State {
    waiting: Vec<Waiting>,
    late: Vec<Waiting>,
    late_at: Option<Instant>,
    wake_at: Option<Instant>,
    asleep: bool,
    closing: Option<Closing>,
}

/// The queue to the writer thread.
pub(crate) struct Inbox {
    state: Mutex<State>,
    arrived: Condvar,
    room: Arc<Semaphore>,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::default(),
            arrived: Condvar::new(),
            room: Arc::new(Semaphore::new(ROOM as usize)),
        }
    }

    /// Puts an operation in line that keeps about `size` bytes.
    pub(crate) async fn send(
        &self,
        operation: Box<dyn Operation>,
        order: Order,
        size: usize,
    ) -> Result<(), Failure> {
        let room = self.reserve(size).await?;
        let mut state = self.lock();
        if state.closing.is_some() {
            drop(state);
            self.release(room);
            return Err(Failure::closed());
        }
        let waiting = Waiting { operation, room };
        match order {
            Order::Arrival => state.waiting.push(waiting),
            Order::Late => {
                state.late.push(waiting);
                state.late_at.get_or_insert_with(|| Instant::now() + LATE);
            }
        }
        self.wake(state);
        Ok(())
    }

    /// Waits for room for `size` bytes; it must be given back with [`Inbox::release`].
    pub(crate) async fn reserve(&self, size: usize) -> Result<u32, Failure> {
        let room = u32::try_from(size / UNIT + 1).unwrap_or(ROOM).min(ROOM);
        if let Ok(permit) = self.room.try_acquire_many(room) {
            permit.forget();
            return Ok(room);
        }
        match timeout(PATIENCE, self.room.acquire_many(room)).await {
            Ok(Ok(permit)) => permit.forget(),
            Ok(Err(_)) => return Err(Failure::closed()),
            Err(_) => return Err(Failure::Unavailable("too much waits to be written".to_owned())),
        }
        Ok(room)
    }

    pub(crate) fn release(&self, room: u32) {
        self.room.add_permits(room as usize);
    }

    /// Has a group committed at `moment` at the latest, for the attendant's sake.
    pub(crate) fn wake_by(&self, moment: Instant) {
        let mut state = self.lock();
        if state.wake_at.is_some_and(|earlier| earlier <= moment) {
            return;
        }
        state.wake_at = Some(moment);
        self.wake(state);
    }

    /// Refuses new work and ends the thread. The first call decides how, but for an abort.
    pub(crate) fn close(&self, how: Closing) {
        let mut state = self.lock();
        if state.closing != Some(Closing::Abort) {
            state.closing = Some(how);
        }
        drop(state);
        self.arrived.notify_one();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closing.is_some()
    }

    /// Waits for work.
    pub(super) fn next(&self) -> Next {
        let mut state = self.lock();
        loop {
            if state.closing == Some(Closing::Abort) {
                return Next::End(Closing::Abort);
            }
            if let Some(group) = state.take() {
                return Next::Group(group);
            }
            if let Some(how) = state.closing {
                return Next::End(how);
            }
            state = self.sleep(state);
        }
    }

    /// Takes whatever still waits, to be refused.
    pub(super) fn leftovers(&self) -> Vec<Waiting> {
        let mut state = self.lock();
        let mut all = std::mem::take(&mut state.waiting);
        all.append(&mut state.late);
        all
    }

    fn sleep<'s>(&'s self, mut state: MutexGuard<'s, State>) -> MutexGuard<'s, State> {
        state.asleep = true;
        let mut state = match state.wake_at.into_iter().chain(state.late_at).min() {
            None => self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(moment) => {
                let pause = moment.saturating_duration_since(Instant::now());
                let woken = self.arrived.wait_timeout(state, pause);
                woken.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        state.asleep = false;
        state
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        let asleep = std::mem::take(&mut state.asleep);
        drop(state);
        if asleep {
            self.arrived.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The next group, if it is time for one. It may be empty, for the attendant's sake.
    fn take(&mut self) -> Option<Vec<Waiting>> {
        let now = Instant::now();
        let due = self.wake_at.is_some_and(|moment| moment <= now);
        let late = self
            .late_at
            .is_some_and(|moment| self.is_time_for_late(moment, now));
        if !due && !late && self.waiting.is_empty() {
            return None;
        }
        self.wake_at = self.wake_at.filter(|_| !due);
        let mut group: Vec<_> = if self.waiting.len() <= LARGEST_GROUP {
            std::mem::take(&mut self.waiting)
        } else {
            self.waiting.drain(..LARGEST_GROUP).collect()
        };
        if late {
            group.append(&mut self.late);
            self.late_at = None;
        }
        Some(group)
    }

    fn is_time_for_late(&self, moment: Instant, now: Instant) -> bool {
        let patience = if self.waiting.len() >= MUCH {
            LATEST
        } else {
            Duration::ZERO
        };
        self.closing.is_some() || now >= moment + patience
    }
}

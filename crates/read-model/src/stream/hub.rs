//! Who listens, and what is there for all of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use ports::{EventLog, StoreError};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::timeout;

use super::buffer::{Buffer, Reason};
use super::item::Item;
use super::log_reader::LogReader;
use super::place::Place;
use super::poller;
use super::wants::Wants;
use crate::metrics::StreamMetrics;

/// The most clients at once. Each has a buffer of at most 1,024 events and 1 MiB, and they share the text of events.
pub(crate) const MAX_CLIENTS: usize = 256;

/// How many clients read what they missed at once; the others wait for their next page.
const MAX_CATCHING_UP: usize = 4;

/// Everything that clients share.
pub(crate) struct Hub {
    log: Arc<dyn EventLog>,
    /// The longest time that the log may take.
    pub(super) time: Duration,
    pub(super) catching_up: Semaphore,
    pub(super) metrics: StreamMetrics,
    /// Wakes the poller for those who wait to join.
    pub(super) wake: Notify,
    places: Arc<Semaphore>,
    circle: Mutex<Circle>,
}

/// Who listens now. A member whose client is gone is taken out with the next thing that it would have got.
#[derive(Default)]
pub(super) struct Circle {
    pub(super) members: Vec<Member>,
    pub(super) joining: Vec<Joining>,
    /// Whether the poller runs.
    pub(super) is_polled: bool,
    pub(super) watchers: Vec<Weak<Buffer>>,
    /// Whether somebody works out the numbers.
    pub(super) is_counted: bool,
    /// The numbers as they were told last.
    pub(super) numbers: Option<Bytes>,
}

/// A client that gets events.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) wants: Arc<Wants>,
    pub(super) buffer: Weak<Buffer>,
}

/// A client that will get the events behind the end of the log, as soon as the poller has been there.
pub(super) struct Joining {
    pub(super) member: Member,
    pub(super) told: oneshot::Sender<Result<Place, StoreError>>,
}

impl Hub {
    pub(crate) fn new(log: Arc<dyn EventLog>, time: Duration, metrics: StreamMetrics) -> Self {
        Self {
            log,
            time,
            catching_up: Semaphore::new(MAX_CATCHING_UP),
            metrics,
            wake: Notify::new(),
            places: Arc::new(Semaphore::new(MAX_CLIENTS)),
            circle: Mutex::default(),
        }
    }

    /// A place for one more client, if there is one.
    pub(super) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    pub(super) fn reader(&self) -> LogReader {
        LogReader::new(Arc::clone(&self.log), self.time)
    }

    /// Makes a client a member and says behind which place the events begin that it gets: the end of the log, no
    /// earlier than at this moment.
    pub(super) async fn join(
        self: &Arc<Self>,
        wants: &Arc<Wants>,
        buffer: &Arc<Buffer>,
    ) -> Result<Place, StoreError> {
        let (told, mut answer) = oneshot::channel();
        let member = Member {
            wants: Arc::clone(wants),
            buffer: Arc::downgrade(buffer),
        };
        self.ask_to_join(Joining { member, told });
        let lost = |_| Err(StoreError::Unavailable("the poller is gone".to_owned()));
        if let Ok(answered) = timeout(self.time, &mut answer).await {
            return answered.unwrap_or_else(lost);
        }
        // What was told in the last moment counts: a client is never a member without knowing it.
        answer.close();
        answer.try_recv().unwrap_or_else(|_| Err(late()))
    }

    fn ask_to_join(self: &Arc<Self>, joining: Joining) {
        let mut circle = self.circle();
        circle.joining.push(joining);
        if !circle.is_polled {
            circle.is_polled = true;
            tokio::spawn(poller::run(Arc::clone(self)));
        }
        drop(circle);
        self.wake.notify_one();
    }

    /// Hands events to every member that wants them. `place` is the one behind them.
    pub(super) fn hand_out(&self, items: &[Item], place: &Place) {
        let mut circle = self.circle();
        circle.members.retain(|member| {
            let Some(buffer) = member.buffer.upgrade() else {
                return false;
            };
            let wanted = items.iter().filter(|item| member.wants.includes(item));
            buffer.push(wanted.map(Item::entry), place);
            let is_slow = buffer.ended() == Some(Reason::Slow);
            self.metrics.dropped.inc_by(u64::from(is_slow));
            !is_slow
        });
    }

    pub(super) fn circle(&self) -> MutexGuard<'_, Circle> {
        self.circle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn late() -> StoreError {
    StoreError::Unavailable("no answer in time".to_owned())
}

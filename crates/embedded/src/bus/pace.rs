//! Intake gives way while consumers are behind.
//!
//! A backlog that has left memory costs more to work off, since it is read from the file and parsed again. So while
//! the end of the log is long, what adds work waits for those who do it: under a flood the system then does more, not
//! less. It waits only where that helps: when consumers, at the pace of the last moments, will have caught up within
//! the bound. Those who are held up, by long jobs or for good, hold up nobody else.

use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::shared::{Bus, lock};
use super::tail::{self, Tail};

/// How long the end of the log is, in bytes, when consumers count as behind.
const BEHIND: usize = tail::CAPACITY / 4;

/// How many messages a message that adds work leads to: its own, that of the start and that of the end.
const PUBLICATIONS: usize = 3;

/// The longest wait for each message of a publication.
const PER_MESSAGE: Duration = Duration::from_millis(20);

/// The longest wait of a publication.
const LONGEST: Duration = Duration::from_secs(2);

/// Over what time the consumers' pace is taken.
const SPAN: Duration = Duration::from_millis(100);

/// How fast the slowest queue is read.
#[derive(Debug)]
pub(super) struct Pace {
    since: Instant,
    read_then: u64,
    /// In bytes per second, over the last [`SPAN`] that is complete; without a bound while nobody is behind.
    speed: f64,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            read_then: 0,
            speed: f64::INFINITY,
        }
    }

    fn note(&mut self, tail: &Tail) {
        let span = self.since.elapsed();
        if tail.size() <= BEHIND {
            self.speed = f64::INFINITY;
        } else if span >= SPAN {
            let read = u32::try_from(tail.read() - self.read_then).unwrap_or(u32::MAX);
            self.speed = f64::from(read) / span.as_secs_f64();
        } else {
            return;
        }
        self.since = Instant::now();
        self.read_then = tail.read();
    }

    /// How long reading `bytes` takes, where it goes on at all.
    fn time_for(&self, bytes: usize) -> Option<Duration> {
        let bytes = f64::from(u32::try_from(bytes).unwrap_or(u32::MAX));
        Duration::try_from_secs_f64(bytes / self.speed).ok()
    }
}

impl Bus {
    /// Waits until consumers have caught up, where that helps, for as long as a publication of `messages` should at
    /// most.
    pub(super) async fn give_way(&self, messages: usize) {
        let times = u32::try_from(messages).unwrap_or(u32::MAX);
        let limit = PER_MESSAGE.saturating_mul(times).min(LONGEST);
        // Going on after the limit is the point of it.
        let _ = timeout(limit, self.until_caught_up(limit)).await;
    }

    /// Notes how far consumers are, and tells those who give way if there is no more need to.
    pub(super) fn note_pace(&self) {
        let behind = {
            let tail = lock(&self.tail);
            lock(&self.pace).note(&tail);
            tail.size() > BEHIND
        };
        if !behind {
            self.caught_up.notify_waiters();
        }
    }

    async fn until_caught_up(&self, limit: Duration) {
        loop {
            // Registered before looking, so that a word in between is not missed.
            let mut caught_up = pin!(self.caught_up.notified());
            caught_up.as_mut().enable();
            if !self.is_worth_waiting(limit) {
                return;
            }
            caught_up.await;
        }
    }

    fn is_worth_waiting(&self, limit: Duration) -> bool {
        let incoming = self.incoming.load(Ordering::Relaxed) * PUBLICATIONS;
        let ahead = (lock(&self.tail).size() + incoming).saturating_sub(BEHIND);
        ahead > 0 && lock(&self.pace).time_for(ahead).is_some_and(|time| time <= limit)
    }
}

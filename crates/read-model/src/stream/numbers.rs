//! Tells the numbers to everybody who watches them.

use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{MissedTickBehavior, interval};

use super::buffer::Buffer;
use super::frame;
use super::hub::Circle;
use crate::current::numbers;
use crate::read_model::Shared;

/// How often the numbers are looked at, and the most often that they are told.
const PAUSE: Duration = Duration::from_secs(1);

/// Makes a client a watcher: it gets the numbers at once if they are at hand, and whenever they change.
pub(super) fn watch(shared: &Arc<Shared>, buffer: &Arc<Buffer>) {
    let mut circle = shared.stream.circle();
    circle.watchers.push(Arc::downgrade(buffer));
    if let Some(known) = &circle.numbers {
        buffer.set_numbers(known.clone());
    }
    if !circle.is_counted {
        circle.is_counted = true;
        tokio::spawn(run(Arc::clone(shared)));
    }
}

/// Runs until nobody watches any more.
async fn run(shared: Arc<Shared>) {
    let _shift = Shift(&shared);
    let mut ticks = interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = frame_of_now(&shared).await;
        let mut circle = shared.stream.circle();
        tell(&mut circle, now);
        circle.watchers.retain(|watcher| watcher.strong_count() > 0);
        if circle.watchers.is_empty() {
            circle.is_counted = false;
            circle.numbers = None;
            return;
        }
    }
}

/// The numbers; none while the live stats are away.
async fn frame_of_now(shared: &Shared) -> Option<Bytes> {
    let numbers = numbers(shared).await.ok()?;
    serde_json::to_vec(&numbers).ok().map(|text| frame::stats(&text))
}

/// Tells numbers that are new. Once they were away, they are told again as they come back.
fn tell(circle: &mut Circle, now: Option<Bytes>) {
    if circle.numbers == now {
        return;
    }
    if let Some(frame) = &now {
        for watcher in circle.watchers.iter().filter_map(Weak::upgrade) {
            watcher.set_numbers(frame.clone());
        }
    }
    circle.numbers = now;
}

/// The time that somebody works the numbers out. Should it end with a panic, the next watcher starts anew.
struct Shift<'a>(&'a Shared);

impl Drop for Shift<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stream.circle().is_counted = false;
        }
    }
}

//! Follows the event log for everybody, while somebody listens.

use std::sync::Arc;
use std::time::Duration;

use ports::{Cursor, StoreError};
use tokio::time::{sleep, timeout};

use super::buffer::Reason;
use super::hub::{Hub, Joining};
use super::log_reader::LogReader;
use super::place::Place;

/// How often the log is looked at.
const PAUSE: Duration = Duration::from_millis(50);

/// How long it is left alone once it did not answer.
const LONG_PAUSE: Duration = Duration::from_millis(500);

/// Runs until nobody listens any more.
pub(super) async fn run(hub: Arc<Hub>) {
    let _shift = Shift(&hub);
    let mut reader = hub.reader();
    let mut end = None;
    loop {
        // Whoever is here by now joins behind the end that is found next.
        let joining = std::mem::take(&mut hub.circle().joining);
        let mut found = to_the_end(&hub, &mut reader, &mut end).await;
        if found.as_ref().is_err_and(|error| !error.is_transient()) {
            // The log has been made anew: where it ends is where to begin.
            lose_everybody(&hub);
            end = None;
            found = to_the_end(&hub, &mut reader, &mut end).await;
        }
        settle(&hub, joining, &found);
        if is_over(&hub) {
            return;
        }
        if found.is_ok() {
            let _whichever_is_first = timeout(PAUSE, hub.wake.notified()).await;
        } else {
            sleep(LONG_PAUSE).await;
        }
    }
}

/// Hands out everything up to the end of the log, and says where that is.
async fn to_the_end(
    hub: &Hub,
    reader: &mut LogReader,
    end: &mut Option<Cursor>,
) -> Result<Place, StoreError> {
    loop {
        let page = reader.page(end.as_ref()).await?;
        let place = Place::behind(page.after.clone());
        *end = Some(page.after);
        if !page.items.is_empty() {
            hub.hand_out(&page.items, &place);
        }
        if page.is_last {
            return Ok(place);
        }
        // Clients get a chance to read before there is more.
        tokio::task::yield_now().await;
    }
}

/// Tells those who wait to join what came of it.
fn settle(hub: &Hub, joining: Vec<Joining>, found: &Result<Place, StoreError>) {
    let mut circle = hub.circle();
    for Joining { member, told } in joining {
        let is_there = told.send(found.clone()).is_ok();
        if is_there && found.is_ok() {
            circle.members.push(member);
        }
    }
}

/// Ends the poller's time if there is nobody left.
fn is_over(hub: &Hub) -> bool {
    let mut circle = hub.circle();
    circle.members.retain(|member| member.buffer.strong_count() > 0);
    circle.is_polled = !(circle.members.is_empty() && circle.joining.is_empty());
    !circle.is_polled
}

/// The time that the poller runs. Should it end with a panic, nobody waits in vain, and the next client starts another.
struct Shift<'a>(&'a Hub);

impl Drop for Shift<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        lose_everybody(self.0);
        let mut circle = self.0.circle();
        circle.is_polled = false;
        circle.joining.clear();
    }
}

/// Ends every client: what follows for it is not known.
fn lose_everybody(hub: &Hub) {
    let members = std::mem::take(&mut hub.circle().members);
    for buffer in members.iter().filter_map(|member| member.buffer.upgrade()) {
        buffer.end(Reason::Lost);
    }
}

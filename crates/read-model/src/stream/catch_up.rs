//! What a client missed, read from the log.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use ports::StoreError;

use super::buffer::Buffer;
use super::frame;
use super::hub::Hub;
use super::item::{Entry, Item};
use super::log_reader::{LogReader, Page};
use super::place::Place;
use super::seam::{Met, Seam};
use super::wants::Wants;

/// A client's way from where it was to the live events.
///
/// It reads to the end of the log before it joins the others: however much it missed, nothing piles up for it while it
/// reads. What happens after that comes live as well, and the seam tells where to change over.
pub(super) struct CatchUp {
    hub: Arc<Hub>,
    wants: Arc<Wants>,
    reader: LogReader,
    place: Place,
    way: Way,
}

enum Way {
    /// Far from the end.
    Far,
    /// At the end as it was a moment ago.
    AtEnd,
    /// A member, reading the rest.
    Joining(Seam),
}

/// What came of reading a page.
pub(super) enum Step {
    /// Something to send, and more to read.
    On(Bytes),
    /// The last of it. What comes live follows, without what the seam takes out.
    Joined(Bytes, Seam),
    /// The log grows faster than it is read.
    TooSlow,
}

impl CatchUp {
    pub(super) fn new(hub: Arc<Hub>, wants: Arc<Wants>, place: Place) -> Self {
        Self {
            reader: hub.reader(),
            hub,
            wants,
            place,
            way: Way::Far,
        }
    }

    /// Reads the next page. After an error the same step can be taken again.
    pub(super) async fn step(&mut self, buffer: &Arc<Buffer>) -> Result<Step, StoreError> {
        if matches!(self.way, Way::AtEnd) {
            self.hub.join(&self.wants, buffer).await?;
            self.way = Way::Joining(Seam::default());
        }
        let page = self.read().await?;
        let (after, is_last) = (Place::behind(page.after.clone()), page.is_last);
        let entries = self.wanted(page);
        self.place = after;
        match &mut self.way {
            Way::Joining(seam) => {
                let met = buffer.with_entries(|live| seam.meet(entries, is_last, live));
                Ok(self.met(&met))
            }
            way => {
                if is_last {
                    *way = Way::AtEnd;
                }
                Ok(Step::On(self.written(&entries)))
            }
        }
    }

    async fn read(&mut self) -> Result<Page, StoreError> {
        // The semaphore is never closed, and without a permit there would only be less order.
        let _turn = self.hub.catching_up.acquire().await;
        self.reader.page(Some(&self.place.after)).await
    }

    /// What of a page the client has not seen and wants.
    fn wanted(&self, page: Page) -> Vec<Entry> {
        let named = |item: &Item| Some(item.event.event_id) == self.place.seen;
        let seen = page.items.iter().position(named).map_or(0, |at| at + 1);
        let unseen = page.items.into_iter().skip(seen);
        let wanted = unseen.filter(|item| self.wants.events && self.wants.includes(item));
        wanted.map(|item| item.entry()).collect()
    }

    fn met(&mut self, met: &Met) -> Step {
        // Behind a page that was cut is more than was sent.
        let written = if met.is_cut {
            concatenated(&met.send)
        } else {
            self.written(&met.send)
        };
        match std::mem::replace(&mut self.way, Way::Far) {
            Way::Joining(seam) if met.joined => Step::Joined(written, seam),
            Way::Joining(seam) if seam.is_too_long() => Step::TooSlow,
            way => {
                self.way = way;
                Step::On(written)
            }
        }
    }

    /// The text of a page. One without anything for the client tells it how far the reading has come.
    fn written(&self, entries: &[Entry]) -> Bytes {
        if entries.is_empty() {
            return frame::nothing_until(&self.place);
        }
        concatenated(entries)
    }
}

/// The text of events, as one piece.
pub(super) fn concatenated<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Bytes {
    let mut text = BytesMut::new();
    for entry in entries {
        text.extend_from_slice(&entry.frame);
    }
    text.freeze()
}

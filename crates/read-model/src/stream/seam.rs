//! Where what a client reads from the log by itself meets what it is handed live.
//!
//! Both are stretches of one order of events, each without holes: the reading goes on from somewhere, the live stretch
//! begins somewhere ahead of that or there (the poller has been at the end of the log since the client began to read
//! this stretch). Cursors cannot be compared, so it is the events themselves that tell where the two meet.

use std::collections::{HashSet, VecDeque};

use uuid::Uuid;

use super::item::Entry;

/// The most events that are read of a log that never ends before the client counts as too slow for it.
pub(super) const LONGEST: usize = 65_536;

/// A seam that is being made. All that it is given has passed the client's filter.
#[derive(Debug, Default)]
pub(super) struct Seam {
    /// What was read, and may come live as well.
    read: HashSet<Uuid>,
}

/// What became of a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Met {
    /// What of it is to be sent.
    pub(super) send: Vec<Entry>,
    /// Whether all that follows comes live: nothing more is to be read.
    pub(super) joined: bool,
    /// Whether it was cut: the rest of it comes live.
    pub(super) is_cut: bool,
}

impl Seam {
    /// Compares the next page with what has come live so far, and takes out of the latter what was read before.
    ///
    /// `is_last` says that there was nothing behind the page when it was read, whether or not it passed the filter.
    pub(super) fn meet(&mut self, mut page: Vec<Entry>, is_last: bool, live: &mut VecDeque<Entry>) -> Met {
        self.trim(live);
        let first = live.front();
        let meeting = first.and_then(|first| page.iter().position(|entry| entry.id == first.id));
        if let Some(at) = meeting {
            page.truncate(at);
            self.read.clear();
        } else {
            self.read.extend(page.iter().map(|entry| entry.id));
        }
        Met {
            send: page,
            joined: is_last || meeting.is_some(),
            is_cut: meeting.is_some(),
        }
    }

    /// Takes out of what came live what was read. Says whether anything is left: from then on nothing that was read
    /// can follow.
    pub(super) fn trim(&self, live: &mut VecDeque<Entry>) -> bool {
        while live.front().is_some_and(|entry| self.read.contains(&entry.id)) {
            live.pop_front();
        }
        !live.is_empty()
    }

    /// Whether too much was read without meeting anything.
    pub(super) fn is_too_long(&self) -> bool {
        self.read.len() > LONGEST
    }
}

#[cfg(test)]
mod tests;

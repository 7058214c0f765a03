//! What is known of one job's events.

use uuid::Uuid;

use crate::codec::{Malformed, Reader, put_varint};

/// An event and what was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    event_id: Uuid,
    /// The block that keeps it; 0 for none.
    block: u64,
    counted: bool,
}

/// The events of a job that are kept or counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(Vec<Mark>);

impl Marks {
    /// Notes that an event is kept in `block`; `false` if it is kept already.
    pub(crate) fn keep(&mut self, event_id: Uuid, block: u64) -> bool {
        let mark = self.mark(event_id);
        let new = mark.block == 0;
        if new {
            mark.block = block;
        }
        new
    }

    /// Notes that an event is counted; `false` if it is counted already.
    pub(crate) fn count(&mut self, event_id: Uuid) -> bool {
        let mark = self.mark(event_id);
        !std::mem::replace(&mut mark.counted, true)
    }

    /// Notes that an event is not kept any more.
    pub(crate) fn unkeep(&mut self, event_id: Uuid) {
        self.mark(event_id).block = 0;
        self.0.retain(Mark::matters);
    }

    /// Notes that an event's having been counted is forgotten.
    pub(crate) fn uncount(&mut self, event_id: Uuid) {
        self.mark(event_id).counted = false;
        self.0.retain(Mark::matters);
    }

    /// The blocks that keep events of the job, the latest first.
    pub(crate) fn blocks(&self) -> Vec<u64> {
        let mut blocks: Vec<_> = self
            .0
            .iter()
            .map(|mark| mark.block)
            .filter(|block| *block > 0)
            .collect();
        blocks.sort_unstable_by(|a, b| b.cmp(a));
        blocks.dedup();
        blocks
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.0.len() * 20);
        for mark in &self.0 {
            out.extend_from_slice(mark.event_id.as_bytes());
            put_varint(&mut out, (mark.block << 1) | u64::from(mark.counted));
        }
        out
    }

    pub(crate) fn decode(stored: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(stored);
        let mut marks = Vec::new();
        while !reader.is_empty() {
            let event_id = reader.uuid()?;
            let coded = reader.varint()?;
            marks.push(Mark {
                event_id,
                block: coded >> 1,
                counted: coded & 1 == 1,
            });
        }
        Ok(Self(marks))
    }

    fn mark(&mut self, event_id: Uuid) -> &mut Mark {
        let found = self.0.iter().position(|mark| mark.event_id == event_id);
        let index = found.unwrap_or_else(|| {
            self.0.push(Mark {
                event_id,
                block: 0,
                counted: false,
            });
            self.0.len() - 1
        });
        &mut self.0[index]
    }
}

impl Mark {
    fn matters(&self) -> bool {
        self.block > 0 || self.counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_noted_once_and_apart() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let mut marks = Marks::default();
        assert!(marks.keep(a, 5) && !marks.keep(a, 6));
        assert!(marks.count(a) && !marks.count(a));
        assert!(marks.count(b) && marks.keep(b, 7));
        assert_eq!(marks.blocks(), [7, 5]);
        assert_eq!(Marks::decode(&marks.encode()), Ok(marks.clone()));
        marks.unkeep(a);
        assert!(!marks.count(a), "still counted");
        marks.uncount(a);
        marks.uncount(b);
        marks.unkeep(b);
        assert!(marks.is_empty());
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        assert_eq!(Marks::decode(&[0; 10]), Err(Malformed::Short));
        assert_eq!(Marks::decode(&[0; 16]), Err(Malformed::Short));
    }
}

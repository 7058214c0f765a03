//! The end of the log, in memory: what consumers that keep up read.

use std::collections::VecDeque;
use std::sync::Arc;

use super::block::Block;

/// How many bytes of messages are kept.
pub(super) const CAPACITY: usize = 16 << 20;

/// The latest blocks.
#[derive(Debug, Default)]
pub(super) struct Tail {
    blocks: VecDeque<(usize, Arc<Block>)>,
    size: usize,
    end: u64,
    /// How many bytes of messages everybody had read before they were let go.
    read: u64,
}

impl Tail {
    /// An empty tail of a log that ends before `end`.
    pub(super) fn new(end: u64) -> Self {
        Self {
            end,
            ..Self::default()
        }
    }

    pub(super) fn push(&mut self, block: Arc<Block>) {
        let size = block.size();
        self.end = block.end;
        self.size += size;
        self.blocks.push_back((size, block));
        while self.size > CAPACITY && self.blocks.len() > 1 {
            self.drop_first();
        }
    }

    /// Roughly how many bytes of memory its messages take.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// How many bytes of messages everybody has read out of memory, ever.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// Where it starts; everything from there to the end of the log is in it.
    pub(super) fn first(&self) -> u64 {
        self.blocks.front().map_or(self.end, |(_, block)| block.first)
    }

    /// The block with the message `seq`, or the one after it.
    pub(super) fn at(&self, seq: u64) -> Option<Arc<Block>> {
        let index = self.blocks.partition_point(|(_, block)| block.end <= seq);
        self.blocks.get(index).map(|(_, block)| Arc::clone(block))
    }

    /// Lets go of what everybody has read.
    pub(super) fn forget_before(&mut self, seq: u64) {
        while self.blocks.front().is_some_and(|(_, block)| block.end <= seq) {
            self.read += self.drop_first() as u64;
        }
    }

    fn drop_first(&mut self) -> usize {
        let size = self.blocks.pop_front().map_or(0, |(size, _)| size);
        self.size -= size;
        size
    }
}

//! The bus's part in every group commit: pending messages become blocks, changed queues are saved, blocks
//! that nobody needs go.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use ports::Queue;
use rusqlite::{Connection, params};

use super::block::{Block, Entry, encode, encode_counts, size};
use super::cursor;
use super::publish::{Cause, Pending};
use super::queue::QueueState;
use super::retention::Retention;
use super::shared::{Bus, lock};
use crate::codes::queue_code;
use crate::error::Failure;
use crate::writer::Attendant;

/// The size at which a block is closed and another one begun: what a reader of the file takes at once.
const BLOCK_SIZE: usize = 256 * 1024;

/// When dead letters that could not be written are tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// The writer thread's own notes.
#[derive(Default)]
pub(super) struct Journal {
    /// The number of the next message.
    pub(super) next_seq: u64,
    pub(super) retention: Retention,
    /// What the present transaction writes.
    taken: Vec<Pending>,
    blocks: Vec<Block>,
    added: u64,
}

impl Journal {
    pub(super) fn new(next_seq: u64, retention: Retention) -> Self {
        Self {
            next_seq,
            retention,
            ..Self::default()
        }
    }
}

impl Attendant for Bus {
    fn write(&self, connection: &Connection) -> Result<(), Failure> {
        let journal = &mut *lock(&self.journal);
        journal.taken = std::mem::take(&mut *lock(&self.pending));
        for pending in &journal.taken {
            if let Cause::GivenUp(queue, seq, _) = pending.cause {
                self.queue(queue).lock().forget(seq);
            }
        }
        journal.blocks = build(journal.next_seq, &journal.taken);
        journal.added = insert(connection, &journal.blocks)?;
        if !journal.retention.is_due(journal.taken.is_empty()) {
            return self.save_queues(connection, |_| ());
        }
        let mut needs = Vec::new();
        self.save_queues(connection, |state| needs.push(state.needs()))?;
        self.retain(connection, &mut journal.retention, &needs)
    }

    fn committed(&self) {
        let journal = &mut *lock(&self.journal);
        self.backlog.fetch_add(journal.added, Ordering::Relaxed);
        self.backlog
            .fetch_sub(journal.retention.commit(&journal.blocks), Ordering::Relaxed);
        if let Some(last) = journal.blocks.last() {
            journal.next_seq = last.end;
        }
        self.announce(std::mem::take(&mut journal.blocks));
        for pending in std::mem::take(&mut journal.taken) {
            self.answer(pending, Ok(()));
        }
        if journal.retention.has_more() {
            self.save_soon();
        }
    }

    fn rolled_back(&self) {
        let journal = &mut *lock(&self.journal);
        journal.blocks.clear();
        journal.retention.roll_back();
        for queue in self.queues() {
            let mut state = queue.lock();
            state.saving = 0;
            state.changed = true;
        }
        let mut taken = std::mem::take(&mut journal.taken);
        for pending in &taken {
            if let Cause::GivenUp(queue, seq, returns) = pending.cause {
                self.queue(queue).lock().remember(seq, returns);
            }
        }
        let pending = &mut *lock(&self.pending);
        taken.append(pending);
        *pending = taken;
    }

    fn refused(&self, failure: &Failure) {
        let all = std::mem::take(&mut *lock(&self.pending));
        let (answered, kept): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|pending| matches!(pending.cause, Cause::Caller(_)));
        if !kept.is_empty() {
            lock(&self.pending).extend(kept);
            self.core.inbox.wake_by(Instant::now() + AGAIN);
        }
        for pending in answered {
            self.answer(pending, Err(failure.clone()));
        }
    }

    fn farewell(&self, connection: &Connection) -> Result<(), Failure> {
        for queue in self.queues() {
            queue.lock().changed = true;
        }
        self.write(connection)
    }
}

impl Bus {
    /// Saves what has changed, and shows every queue as it is saved.
    fn save_queues(&self, connection: &Connection, mut show: impl FnMut(&QueueState)) -> Result<(), Failure> {
        for queue in self.queues() {
            let mut state = queue.lock();
            show(&state);
            if state.changed {
                state.changed = false;
                state.saving = state.unsaved;
                let place = Place::of(&state);
                drop(state);
                place.save(connection)?;
            }
        }
        Ok(())
    }

    /// Hands new blocks to the consumers.
    fn announce(&self, blocks: Vec<Block>) {
        let blocks: Vec<_> = blocks
            .into_iter()
            .map(|block| (block.counts(), Arc::new(block)))
            .collect();
        let mut read = u64::MAX;
        {
            let mut tail = lock(&self.tail);
            for (_, block) in &blocks {
                tail.push(Arc::clone(block));
            }
        }
        for (index, shared) in self.queues().iter().enumerate() {
            let mut state = shared.lock();
            state.unsaved -= state.saving;
            state.saving = 0;
            let mut news = 0;
            for (counts, block) in &blocks {
                state.grow(counts[index], block.end);
                news += counts[index];
            }
            read = read.min(state.next_seq);
            drop(state);
            if news > 0 {
                shared.news.notify_waiters();
            }
        }
        lock(&self.tail).forget_before(read);
        self.note_pace();
    }

    fn answer(&self, pending: Pending, outcome: Result<(), Failure>) {
        self.core.inbox.release(pending.room);
        self.incoming.fetch_sub(pending.intake, Ordering::Relaxed);
        if let Cause::Caller(answer) = pending.cause {
            // A publisher that went away does not take its messages back.
            let _ = answer.send(outcome);
        }
    }
}

/// A queue as it is saved.
struct Place {
    queue: Queue,
    next_seq: u64,
    outstanding: Vec<u8>,
}

impl Place {
    fn of(state: &QueueState) -> Self {
        Self {
            queue: state.queue,
            next_seq: state.next_seq,
            outstanding: cursor::encode(&state.outstanding),
        }
    }

    fn save(&self, connection: &Connection) -> Result<(), Failure> {
        let sql = "INSERT OR REPLACE INTO bus_queue (queue, next_seq, outstanding) VALUES (?1, ?2, ?3)";
        let next_seq = self.next_seq.cast_signed();
        connection.prepare_cached(sql)?.execute(params![
            queue_code(self.queue),
            next_seq,
            &self.outstanding
        ])?;
        Ok(())
    }
}

fn build(first: u64, pending: &[Pending]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut seq, mut filled) = (first, BLOCK_SIZE);
    for (queues, message) in pending.iter().flat_map(|pending| &pending.messages) {
        if filled >= BLOCK_SIZE {
            filled = 0;
            blocks.push(Block {
                first: seq,
                end: seq,
                entries: Vec::new(),
            });
        }
        if let Some(block) = blocks.last_mut() {
            block.entries.push(Entry {
                seq,
                queues: *queues,
                message: Arc::clone(message),
            });
            seq += 1;
            block.end = seq;
            filled += size(message);
        }
    }
    blocks
}

fn insert(connection: &Connection, blocks: &[Block]) -> Result<u64, Failure> {
    let mut added = 0;
    if blocks.is_empty() {
        return Ok(added);
    }
    let mut statement = connection
        .prepare_cached("INSERT INTO bus_log (first_seq, last_seq, counts, body) VALUES (?1, ?2, ?3, ?4)")?;
    for block in blocks {
        let body = encode(block);
        statement.execute(params![
            block.first.cast_signed(),
            (block.end - 1).cast_signed(),
            encode_counts(block.counts()),
            &body
        ])?;
        added += body.len() as u64;
    }
    Ok(added)
}

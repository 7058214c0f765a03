//! What a life has left behind, as clients know it.

use std::collections::{BTreeMap, BTreeSet};

use ports::Message;
use uuid::Uuid;

use crate::jobs::Submitted;

#[derive(Default)]
pub(crate) struct Books {
    /// Every job that somebody tried to submit.
    pub(crate) jobs: BTreeMap<Uuid, Submitted>,
    /// The same in the order in which they were made.
    pub(crate) order: Vec<Uuid>,
    /// Jobs that were accepted: their publication was confirmed.
    pub(crate) accepted: BTreeSet<Uuid>,
    /// Jobs whose publication failed for good: some of them may be there all the same.
    pub(crate) doubtful: BTreeSet<Uuid>,
    /// Jobs of which a client was told that they are cancelled, and that they have a new round, so many times.
    pub(crate) cancelled: BTreeMap<Uuid, u32>,
    pub(crate) revived: BTreeMap<Uuid, u32>,
    /// Whether messages that are no events were accepted.
    pub(crate) garbage: bool,
}

impl Books {
    /// Writes down a job and whether it was accepted.
    pub(crate) fn note(&mut self, job: &Submitted, accepted: bool) {
        self.jobs.insert(job.id, job.clone());
        self.order.push(job.id);
        let list = if accepted {
            &mut self.accepted
        } else {
            &mut self.doubtful
        };
        list.insert(job.id);
    }

    /// The messages of all jobs so far.
    pub(crate) fn sent(&self) -> Vec<&Message> {
        self.jobs.values().map(|job| &job.message).collect()
    }
}

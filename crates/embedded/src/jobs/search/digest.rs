//! Everything that the index knows of one chunk.

use std::collections::BTreeSet;

use domain::fingerprint::{Fingerprint, fingerprint};
use rusqlite::Connection;

use super::chunk::range_of;
use super::filter::Terms;
use super::known::Known;
use super::zone::Zones;
use super::{errors, filter, terms};
use crate::error::Failure;

/// What is to be stored of a chunk.
#[derive(Debug)]
pub(super) struct Digest {
    chunk: i64,
    filter: Vec<(i64, Vec<u8>)>,
    zones: Zones,
    errors: BTreeSet<Fingerprint>,
}

impl Digest {
    /// Reads the jobs of a chunk.
    pub(super) fn read(connection: &Connection, chunk: i64) -> Result<Self, Failure> {
        let mut terms = Terms::default();
        let mut digest = Self {
            chunk,
            filter: Vec::new(),
            zones: Zones::NEVER,
            errors: BTreeSet::new(),
        };
        let mut find = connection.prepare_cached(
            "SELECT seq, id, job_type, status, wake_at, state, updated_at FROM jobs WHERE seq >= ?1 AND seq < ?2",
        )?;
        let numbers = range_of(chunk);
        let mut rows = find.query([numbers.start, numbers.end])?;
        while let Some(row) = rows.next()? {
            let mut job = Known::read(row)?;
            job.read_error()?;
            job.read_body(connection)?;
            digest.take_in(&job, &mut terms);
        }
        digest.filter = filter::build(&terms);
        Ok(digest)
    }

    fn take_in(&mut self, job: &Known<'_>, terms: &mut Terms) {
        let facts = job.facts();
        terms::take_in(terms, &facts);
        self.zones.include(facts.accepted_at, facts.created_at);
        self.errors.extend(facts.error.map(fingerprint));
    }

    /// Stores what was read.
    pub(super) fn write(&self, connection: &Connection) -> Result<(), Failure> {
        filter::write(connection, self.chunk, &self.filter)?;
        self.zones.write(connection, self.chunk)?;
        errors::write(connection, self.chunk, self.errors.iter().copied())
    }
}

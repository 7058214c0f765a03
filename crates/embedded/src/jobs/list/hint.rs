//! What is known of chunks before their jobs are read.

use domain::fingerprint::Fingerprint;
use domain::query::Pattern;
use rusqlite::{Connection, params};

use crate::error::Failure;
use crate::jobs::search::{Window, Zones, chunks_with, chunks_with_errors, parts};

/// Something that chunks with a match have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hint {
    /// Jobs of these times.
    Zones(Zones),
    /// One of these types.
    Types(Vec<String>),
    /// One of these terms.
    Terms(Vec<u64>),
    /// One of these groups of errors; looked at are only the jobs that may have one.
    Errors(Vec<Fingerprint>),
    /// All parts of one of these texts in types and tags; otherwise a match has its text in its error.
    Text(Vec<Vec<u64>>),
}

impl Hint {
    /// Whether it also speaks of chunks that are not indexed yet.
    pub(super) fn is_always_known(&self) -> bool {
        matches!(self, Self::Types(_))
    }

    /// The chunks of the window that have it, as far as they are known.
    pub(super) fn chunks(&self, connection: &Connection, window: Window) -> Result<u64, Failure> {
        match self {
            Self::Zones(zones) => zones.chunks(connection, window),
            Self::Types(names) => of_types(connection, window, names),
            Self::Terms(terms) => {
                let sets = chunks_with(connection, window, terms)?;
                Ok(sets.iter().fold(0, |all, set| all | set))
            }
            Self::Errors(groups) => chunks_with_errors(connection, window, groups),
            Self::Text(texts) => of_texts(connection, window, texts),
        }
    }
}

fn of_types(connection: &Connection, window: Window, names: &[String]) -> Result<u64, Failure> {
    let sql = "SELECT chunk FROM job_types WHERE job_type = ?1 AND chunk >= ?2 AND chunk < ?3";
    let mut find = connection.prepare_cached(sql)?;
    let chunks = window.chunks();
    let mut set = 0;
    for name in names {
        let mut rows = find.query(params![name.as_bytes(), chunks.start, chunks.end])?;
        while let Some(row) = rows.next()? {
            set |= window.bit(row.get(0)?);
        }
    }
    Ok(set)
}

fn of_texts(connection: &Connection, window: Window, texts: &[Vec<u64>]) -> Result<u64, Failure> {
    let mut set = 0;
    for parts in texts {
        let sets = chunks_with(connection, window, parts)?;
        set |= sets.iter().fold(u64::MAX, |all, part| all & part);
    }
    Ok(set)
}

/// How many types a pattern may stand for, and still be looked up one by one.
const MOST_TYPES: usize = 64;

/// The hint that patterns of types give, unless they stand for too many.
pub(super) fn types(connection: &Connection, patterns: &[Pattern]) -> Result<Option<Hint>, Failure> {
    let mut names = Vec::new();
    for pattern in patterns {
        match pattern {
            Pattern::Exact(name) => names.push(name.clone()),
            Pattern::Prefix(prefix) if !types_with(connection, prefix, &mut names)? => return Ok(None),
            Pattern::Prefix(_) => {}
        }
    }
    Ok(Some(Hint::Types(names)))
}

/// Adds the types that begin so; says whether there was room for all.
fn types_with(connection: &Connection, prefix: &str, names: &mut Vec<String>) -> Result<bool, Failure> {
    let mut find = connection.prepare_cached("SELECT min(job_type) FROM job_types WHERE job_type >= ?1")?;
    let mut from = prefix.as_bytes().to_vec();
    loop {
        let name: Option<Vec<u8>> = find.query_row([&from], |row| row.get(0))?;
        let Some(name) = name.filter(|name| name.starts_with(prefix.as_bytes())) else {
            return Ok(true);
        };
        if names.len() >= MOST_TYPES {
            return Ok(false);
        }
        names.push(String::from_utf8_lossy(&name).into_owned());
        // The next name that is greater.
        from = name;
        from.push(0);
    }
}

/// The hint that texts give, unless one of them is too short for one.
pub(super) fn text(texts: &[String]) -> Option<Hint> {
    let parts: Vec<Vec<u64>> = texts.iter().map(|text| parts(text).collect()).collect();
    let complete = parts.iter().all(|parts| !parts.is_empty());
    complete.then_some(Hint::Text(parts))
}

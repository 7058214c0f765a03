//! What keeps a job from starting although its time has come.

use domain::limits::{Hold, Verdict};
use jiff::Timestamp;

use super::holds;
use super::limits::{Ask, Busy};
use super::row::Stored;
use super::table::Table;
use super::unique::{self, Key};
use crate::error::Failure;

/// Why a job has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Obstacle {
    pub(super) reason: Hold,
    pub(super) look_again_at: Option<Timestamp>,
}

/// What keeps a job from starting at `now`; if nothing does, its unique key and the token of its start are taken.
/// `is_released` says that the scheduler let it go.
pub(super) fn obstacle(
    table: &mut Table<'_>,
    stored: &Stored,
    is_released: bool,
    now: Timestamp,
) -> Result<Option<Obstacle>, Failure> {
    if is_released {
        table.released().remove(&stored.facts.job_type, &stored.facts.id);
    }
    if let Key::Taken(look_again_at) = unique::own(table.connection(), stored, now)? {
        let reason = Hold::Unique;
        return Ok(Some(Obstacle {
            reason,
            look_again_at,
        }));
    }
    let job_type = &*stored.facts.job_type;
    if table.limits()?.is_open(job_type) {
        return Ok(None);
    }
    let ask = Ask {
        running: table.running()?.of_type(job_type),
        others_wait: !is_released && holds::others_wait(table.connection(), job_type)?,
        is_released,
    };
    Ok(match table.limits()?.gate(job_type, ask, now) {
        Verdict::Open => None,
        Verdict::Hold {
            reason,
            look_again_at,
        } => Some(Obstacle {
            reason,
            look_again_at,
        }),
    })
}

/// How many jobs of a type may be let go at `now`, `most` at most, beside those that are on their way.
pub(super) fn room(
    table: &mut Table<'_>,
    job_type: &str,
    now: Timestamp,
    most: usize,
) -> Result<usize, Failure> {
    if table.limits()?.is_open(job_type) {
        return Ok(most);
    }
    let about_to_run = table.released().of_type(job_type, now);
    room_beside(table, job_type, about_to_run, now, most)
}

/// Whether the end of an attempt lets a job start that the limits of its type held back. It is worth a look also where
/// others are on their way: they may be lost.
pub(super) fn end_makes_room(table: &mut Table<'_>, job_type: &str, now: Timestamp) -> Result<bool, Failure> {
    Ok(table.limits()?.has_places(job_type)
        && holds::any(table.connection(), job_type)?
        && room_beside(table, job_type, 0, now, 1)? > 0)
}

fn room_beside(
    table: &mut Table<'_>,
    job_type: &str,
    about_to_run: usize,
    now: Timestamp,
    most: usize,
) -> Result<usize, Failure> {
    let busy = Busy {
        running: table.running()?.of_type(job_type),
        about_to_run,
    };
    Ok(table.limits()?.room(job_type, busy, now, most))
}

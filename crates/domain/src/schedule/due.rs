//! What a schedule has to fire by now.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Cron;

/// The most firings that are dealt with at once; of more, the latest.
pub const MAX_CATCH_UP: usize = 100;

/// What happens to firings that were missed because nothing was there to fire them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CatchUp {
    /// They are left out.
    Skip,
    /// One firing makes up for all of them.
    #[default]
    One,
    /// Each is made up for, at most the latest [`MAX_CATCH_UP`].
    All,
}

/// What a schedule has to fire by now, and when it fires next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The moments to fire, the earliest first. The last of them is the new [`super::Schedule::last_at`].
    pub fire: Vec<Timestamp>,
    /// When to ask again.
    pub next: Option<Timestamp>,
}

/// The firings that are due after `last` and up to `now`.
///
/// A firing is *missed* once it is older than `grace`, which allows for a scheduler that is a little late; firings that
/// are not missed always fire, missed ones as `catch_up` says. Under [`CatchUp::One`] that is the latest missed one,
/// and only where none that is not missed follows, since that one does as well.
pub fn due(cron: &Cron, last: Timestamp, now: Timestamp, catch_up: CatchUp, grace: Duration) -> Due {
    let mut fire = latest(cron, last, now);
    let limit = now.saturating_sub(grace).unwrap_or(Timestamp::MIN);
    let missed = fire.partition_point(|at| *at < limit);
    let kept = match catch_up {
        CatchUp::Skip => missed,
        CatchUp::One => missed.min(fire.len().saturating_sub(1)),
        CatchUp::All => 0,
    };
    fire.drain(..kept);
    Due {
        fire,
        next: cron.next_after(now),
    }
}

/// The latest firings after `last` and up to `now`, [`MAX_CATCH_UP`] at most.
///
/// After a year of absence a schedule of every second has millions; so the moment to count from is found by halving.
fn latest(cron: &Cron, last: Timestamp, now: Timestamp) -> Vec<Timestamp> {
    let (mut from, mut early, mut late) = (last, last, now);
    loop {
        let after = std::iter::successors(cron.next_after(from), |at| cron.next_after(*at));
        let some: Vec<Timestamp> = after
            .take_while(|at| *at <= now)
            .take(2 * MAX_CATCH_UP + 1)
            .collect();
        if some.len() > 2 * MAX_CATCH_UP {
            early = from;
        } else if some.len() >= MAX_CATCH_UP || from == last {
            return some[some.len().saturating_sub(MAX_CATCH_UP)..].to_vec();
        } else {
            late = from;
        }
        from = early + late.duration_since(early) / 2;
    }
}

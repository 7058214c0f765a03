//! When a run kills the observatory: a function of the seed.

use std::time::Duration;

use crate::seeded::{Stream, draw, draw_below};

/// The moment of a kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Once so many jobs were accepted, with more being submitted.
    Submitting {
        /// Counted from the start of the run.
        accepted: u64,
    },
    /// Once every job that may be submitted before this kill was: while they are queued and run, or have just
    /// ended.
    Running,
    /// So soon after the process was started.
    Starting,
}

/// One kill of the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kill {
    /// What it waits for.
    pub(super) moment: Moment,
    /// How much longer it waits then.
    pub(super) delay: Duration,
    /// How many jobs of the run may be submitted before it.
    pub(super) jobs_before: u64,
}

/// The phase of the run that a kill hits; five kills of a row are one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aim {
    Submitting,
    Queued,
    Ending,
    Settled,
    Starting,
}

const AIMS: [Aim; 5] = [
    Aim::Submitting,
    Aim::Queued,
    Aim::Ending,
    Aim::Starting,
    Aim::Settled,
];

/// The schedule of `kills` kills in a run of `jobs` jobs. The jobs are spread evenly over the times between
/// kills, so that each kill finds work, and the last of them run undisturbed.
pub(super) fn schedule(seed: u64, jobs: u64, kills: u64) -> Vec<Kill> {
    let aims = aims(seed, kills);
    let portion = |kill: u64| share(jobs, kill, kills + 1);
    (0..kills)
        .zip(aims)
        .map(|(kill, aim)| aimed(seed, kill, aim, portion(kill)..portion(kill + 1)))
        .collect()
}

/// The kinds of kills in a random order. The first one is never [`Aim::Starting`]: whether the observatory
/// starts at all is found out first.
fn aims(seed: u64, kills: u64) -> Vec<Aim> {
    let mut aims: Vec<(u64, Aim)> = (0..kills)
        .zip(AIMS.into_iter().cycle())
        .map(|(kill, aim)| (draw(seed, Stream::KillKind, kill), aim))
        .collect();
    aims.sort_by_key(|(order, _)| *order);
    let mut aims: Vec<Aim> = aims.into_iter().map(|(_, aim)| aim).collect();
    if let Some(other) = aims.iter().position(|aim| *aim != Aim::Starting) {
        aims.swap(0, other);
    }
    aims
}

fn aimed(seed: u64, kill: u64, aim: Aim, jobs: std::ops::Range<u64>) -> Kill {
    let among = jobs.end - jobs.start;
    let (moment, delays) = match aim {
        Aim::Submitting => {
            let accepted = jobs.start + draw_below(seed, Stream::KillMoment, kill, among);
            (Moment::Submitting { accepted }, 0..5_000)
        }
        Aim::Queued => (Moment::Running, 0..10_000),
        Aim::Ending => (Moment::Running, 10_000..100_000),
        Aim::Settled => (Moment::Running, 100_000..1_000_000),
        Aim::Starting => (Moment::Starting, 0..300_000),
    };
    let spread = draw_below(seed, Stream::KillDelay, kill, delays.end - delays.start);
    Kill {
        moment,
        delay: Duration::from_micros(delays.start + spread),
        jobs_before: jobs.end,
    }
}

fn share(jobs: u64, part: u64, parts: u64) -> u64 {
    u64::try_from(u128::from(jobs) * u128::from(part) / u128::from(parts)).unwrap_or(jobs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_kills_at_the_same_moments() {
        assert_eq!(schedule(1, 1_000, 10), schedule(1, 1_000, 10));
        assert_ne!(schedule(1, 1_000, 10), schedule(2, 1_000, 10));
    }

    #[test]
    fn kills_are_spread_over_the_whole_run() {
        let kills = schedule(3, 20_000, 20);
        assert!(kills.is_sorted_by(|a, b| a.jobs_before < b.jobs_before));
        assert_eq!(kills[0].jobs_before, 952);
        assert_eq!(kills[19].jobs_before, 19_047);
        let mut before = 0;
        for kill in kills {
            if let Moment::Submitting { accepted } = kill.moment {
                assert!((before..kill.jobs_before).contains(&accepted));
            }
            before = kill.jobs_before;
        }
    }

    #[test]
    fn every_phase_is_hit_and_the_first_start_is_spared() {
        for seed in 0..50 {
            let kills = schedule(seed, 20_000, 20);
            let count = |test: fn(&Kill) -> bool| kills.iter().filter(|kill| test(kill)).count();
            assert_eq!(count(|kill| matches!(kill.moment, Moment::Submitting { .. })), 4);
            assert_eq!(count(|kill| kill.moment == Moment::Running), 12);
            assert_eq!(count(|kill| kill.moment == Moment::Starting), 4);
            assert_ne!(kills[0].moment, Moment::Starting);
        }
    }

    #[test]
    fn more_kills_than_jobs_is_no_problem() {
        assert_eq!(schedule(1, 2, 5).len(), 5);
        assert!(schedule(1, 2, 0).is_empty());
    }
}

//! A schedule must have fired at each moment that its rule names, once.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use domain::schedule::{Cron, CronError, firing_id};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Breach, Findings};
use crate::api::ScheduleDetail;

/// A schedule that fires no more, and the jobs that the list shows as made by it.
#[derive(Clone, Debug)]
pub(crate) struct Fired {
    /// Its name.
    pub(crate) name: String,
    /// What is known of it.
    pub(crate) schedule: ScheduleDetail,
    /// The jobs.
    pub(crate) jobs: Vec<Uuid>,
    /// When it was stopped.
    pub(crate) stopped: Timestamp,
}

impl Fired {
    /// Before this, a last firing is an old one.
    fn recent(&self) -> Timestamp {
        self.stopped.saturating_sub(BEHIND).unwrap_or(Timestamp::MIN)
    }
}

/// How far the last firing may lie before the moment at which a schedule was stopped.
const BEHIND: Duration = Duration::from_secs(3);

/// Judges whether a schedule has fired when it should. From its making to the last firing that it says it dealt with,
/// which must be a recent one, every moment of the rule has the one job whose identifier follows from it, and there is
/// no other job.
pub(crate) fn firings(fired: &Fired) -> Findings {
    let mut findings = Findings::default();
    let behind = fired.schedule.last_at.is_none_or(|last| last < fired.recent());
    if behind {
        let last = fired
            .schedule
            .last_at
            .map_or_else(|| "never".to_owned(), |at| at.to_string());
        let reason = format!("has last fired {last}, and was stopped at {}", fired.stopped);
        findings.add(Breach::Lost, &fired.name, reason);
    }
    match expected(&fired.schedule) {
        Ok(expected) => compare(fired, expected, &mut findings),
        Err(error) => findings.add(Breach::Unexpected, &fired.name, error.to_string()),
    }
    findings
}

/// The jobs that there should be, and when each was due.
fn expected(schedule: &ScheduleDetail) -> Result<BTreeMap<Uuid, Timestamp>, CronError> {
    let cron = Cron::new(&schedule.cron, &schedule.timezone)?;
    let last = schedule.last_at.unwrap_or(Timestamp::MIN);
    let moments = std::iter::successors(cron.next_after(schedule.created_at), |at| cron.next_after(*at));
    let due = moments.take_while(|at| *at <= last);
    Ok(due.map(|at| (firing_id(schedule.id, at), at)).collect())
}

fn compare(fired: &Fired, mut expected: BTreeMap<Uuid, Timestamp>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for id in &fired.jobs {
        if !seen.insert(*id) {
            findings.add(
                Breach::State,
                id,
                format!("listed twice as a job of {}", fired.name),
            );
        } else if expected.remove(id).is_none() {
            let reason = format!("made by {}, whose rule names no such firing", fired.name);
            findings.add(Breach::State, id, reason);
        }
    }
    for (id, at) in expected {
        let reason = format!("{} has no job of its firing at {at}", fired.name);
        findings.add(Breach::Lost, id, reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_767_323_045_000 + millis).unwrap()
    }

    fn fired(last: Option<i64>, jobs: &[i64]) -> Fired {
        let schedule = ScheduleDetail {
            id: Uuid::from_u128(7),
            cron: "* * * * * *".into(),
            timezone: "UTC".into(),
            created_at: at(500),
            last_at: last.map(at),
        };
        Fired {
            name: "tick".into(),
            jobs: jobs
                .iter()
                .map(|millis| firing_id(schedule.id, at(*millis)))
                .collect(),
            schedule,
            stopped: at(3_900),
        }
    }

    fn breaches(fired: &Fired) -> Vec<(Breach, String)> {
        let findings = firings(fired);
        findings
            .named()
            .iter()
            .map(|offence| (offence.breach, offence.reason.clone()))
            .collect()
    }

    #[test]
    fn a_job_for_each_moment_up_to_the_last_passes() {
        assert_eq!(breaches(&fired(Some(3_000), &[3_000, 1_000, 2_000])), []);
    }

    #[test]
    fn a_schedule_that_stands_still_is_lost() {
        for last in [None, Some(0)] {
            let found = breaches(&fired(last, &[]));
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!(found[0].0, Breach::Lost);
            assert!(
                found[0].1.contains("and was stopped at 2026-01-02T03:04:08.9Z"),
                "{found:?}"
            );
        }
    }

    #[test]
    fn a_missed_firing_is_lost() {
        let found = breaches(&fired(Some(3_000), &[1_000, 3_000]));
        assert_eq!(
            found,
            [(
                Breach::Lost,
                "tick has no job of its firing at 2026-01-02T03:04:07Z".to_owned()
            )]
        );
    }

    #[test]
    fn a_doubled_or_invented_firing_is_a_duplicated_state() {
        let twice = breaches(&fired(Some(1_000), &[1_000, 1_000]));
        assert_eq!(
            twice,
            [(Breach::State, "listed twice as a job of tick".to_owned())]
        );
        let mut invented = fired(Some(1_000), &[1_000]);
        invented.jobs.push(Uuid::from_u128(9));
        assert_eq!(breaches(&invented)[0].0, Breach::State);
        // One that came before the schedule was made.
        assert_eq!(breaches(&fired(Some(1_000), &[0, 1_000]))[0].0, Breach::State);
    }
}

//! What a run says at its end.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::findings::{Breach, Findings};
use super::ledger::Ledger;
use super::recovery::Recovery;

/// What is killed where all is killed at once.
pub(super) const EVERYTHING: &str = "everything";

/// The numbers of a run, as `--json` prints them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Report {
    /// Distinct jobs that were answered 202.
    pub(super) accepted: u64,
    /// Accepted jobs in a terminal state.
    pub(super) terminal: u64,
    /// Accepted jobs that are unknown or never ended.
    pub(super) lost: u64,
    /// Effects that happened twice or differ from what they derive from: the sum of the next four.
    pub(super) duplicated: u64,
    /// Everything else that should not be.
    pub(super) unexpected: u64,
    /// From each kill to the first job that completed afterwards.
    pub(super) recovery_ms: Recovery,
    /// From each kill to readiness, where that came before the next kill.
    pub(super) ready_ms: Recovery,
    /// From the kill that ended an attempt to the next attempt of the same job.
    pub(super) resumed_ms: Recovery,
    /// Transitions of jobs that happened twice.
    pub(super) duplicated_states: u64,
    /// Events that are in the log twice, or without having happened.
    pub(super) duplicated_events: u64,
    /// Events that happened and are not in the log.
    pub(super) missing_events: u64,
    /// Counters that differ from what they count.
    pub(super) duplicated_counters: u64,
    /// Jobs under which the process died three times.
    pub(super) quarantined: u64,
    /// Attempts under which the process died.
    pub(super) crashed_attempts: u64,
    /// Submissions without an answer, repeated.
    pub(super) unanswered: u64,
    /// Submissions told to come back later, repeated.
    pub(super) turned_away: u64,
    /// Jobs submitted again after their acceptance.
    pub(super) resubmitted: u64,
    /// Accepted jobs that ended CANCELLED.
    pub(super) cancelled: u64,
    /// Submissions refused because another job held their unique key, each of which was accepted later.
    pub(super) unique_refused: u64,
    /// Jobs that schedules made.
    pub(super) fired: u64,
    /// The longest time in which no job ended while there were jobs that could.
    pub(super) longest_gap_ms: u64,
    /// How many jobs there were to submit.
    pub(super) jobs: u64,
    /// How often something was killed.
    pub(super) kills: u64,
    /// How many processes of each role, and how often everything at once.
    pub(super) killed: BTreeMap<&'static str, u64>,
    /// What makes the run repeatable.
    pub(super) seed: u64,
    /// How long it took.
    pub(super) elapsed_ms: u64,
    /// What was found wrong: the first few, by name.
    pub(super) findings: Findings,
}

impl Report {
    /// Takes what was counted while jobs were submitted.
    pub(super) fn take_from(&mut self, ledger: &Ledger) {
        self.accepted = ledger.accepted();
        self.unanswered = ledger.unanswered();
        self.turned_away = ledger.turned_away();
        self.resubmitted = ledger.repeated();
        self.unique_refused = ledger.refusals();
    }

    /// Puts the counts of the findings where they belong.
    pub(super) fn with_findings(mut self, findings: Findings) -> Self {
        self.lost = findings.count(Breach::Lost);
        self.unexpected = findings.count(Breach::Unexpected);
        self.duplicated_states = findings.count(Breach::State);
        self.duplicated_events = findings.count(Breach::Event);
        self.missing_events = findings.count(Breach::Missing);
        self.duplicated_counters = findings.count(Breach::Counter);
        self.duplicated =
            self.duplicated_states + self.duplicated_events + self.missing_events + self.duplicated_counters;
        self.findings = findings;
        self
    }

    /// Whether the promise was kept.
    pub(super) fn kept(&self) -> bool {
        self.findings.is_empty() && self.accepted == self.jobs && self.terminal == self.accepted
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = Duration::from_millis(self.elapsed_ms).as_secs_f64();
        writeln!(
            f,
            "{} jobs, {} kills, seed {}: {seconds:.1} s",
            self.jobs, self.kills, self.seed
        )?;
        self.hits(f)?;
        writeln!(f)?;
        for (name, count, note) in self.lines() {
            writeln!(f, "  {name:<22}{count:>9}  {note}")?;
        }
        writeln!(f)?;
        recovery(f, "ready again", &self.ready_ms)?;
        recovery(f, "first job completed", &self.recovery_ms)?;
        recovery(f, "interrupted job again", &self.resumed_ms)?;
        if self.longest_gap_ms > 0 {
            writeln!(
                f,
                "  {:<22}{} ms at most",
                "no job ended for", self.longest_gap_ms
            )?;
        }
        for offence in self.findings.named() {
            writeln!(
                f,
                "\n  {}: {}\n    {}",
                offence.breach, offence.subject, offence.reason
            )?;
        }
        let verdict = if self.kept() { "kept" } else { "BROKEN" };
        write!(f, "\nthe promise was {verdict}")
    }
}

impl Report {
    /// What was killed, where there was a choice.
    fn hits(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.killed.keys().all(|what| *what == EVERYTHING) {
            return Ok(());
        }
        let hits: Vec<_> = self
            .killed
            .iter()
            .map(|(what, times)| format!("{what} {times}"))
            .collect();
        writeln!(f, "killed: {}", hits.join(", "))
    }

    fn lines(&self) -> [(&'static str, u64, &'static str); 15] {
        [
            ("accepted", self.accepted, "answered 202"),
            ("terminal", self.terminal, "of those"),
            ("lost", self.lost, "unknown, or never ended"),
            (
                "duplicated states",
                self.duplicated_states,
                "transitions that happened twice",
            ),
            (
                "duplicated events",
                self.duplicated_events,
                "in the log twice, or never happened",
            ),
            (
                "missing events",
                self.missing_events,
                "happened, and not in the log",
            ),
            (
                "wrong counters",
                self.duplicated_counters,
                "differ from what they count",
            ),
            ("unexpected", self.unexpected, "anything else that should not be"),
            (
                "crashed attempts",
                self.crashed_attempts,
                "running when the process was killed",
            ),
            (
                "quarantined",
                self.quarantined,
                "killed three times while running",
            ),
            ("unanswered", self.unanswered, "submissions cut off, repeated"),
            ("resubmitted", self.resubmitted, "on purpose after their 202"),
            ("cancelled", self.cancelled, "withdrawn while they waited or ran"),
            (
                "unique refused",
                self.unique_refused,
                "key held by another, came again",
            ),
            ("fired", self.fired, "jobs that schedules made"),
        ]
    }
}

fn recovery(f: &mut fmt::Formatter<'_>, name: &str, recovery: &Recovery) -> fmt::Result {
    match (recovery.p50, recovery.p99, recovery.max) {
        (Some(p50), Some(p99), Some(max)) => {
            writeln!(f, "  {name:<22}p50 {p50:.0} ms  p99 {p99:.0} ms  max {max:.0} ms")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        Report {
            accepted: 10,
            terminal: 10,
            jobs: 10,
            kills: 1,
            seed: 3,
            elapsed_ms: 1_500,
            recovery_ms: Recovery {
                p50: Some(100.0),
                p99: Some(200.0),
                max: Some(200.5),
            },
            ..Report::default()
        }
    }

    #[test]
    fn the_json_has_the_names_that_scripts_rely_on() {
        let json = serde_json::to_value(report()).unwrap();
        for name in [
            "accepted",
            "terminal",
            "lost",
            "duplicated",
            "unexpected",
            "cancelled",
            "unique_refused",
            "fired",
        ] {
            assert!(json[name].is_u64(), "{name}");
        }
        assert_eq!(
            json["recovery_ms"],
            serde_json::json!({"p50": 100.0, "p99": 200.0, "max": 200.5})
        );
    }

    #[test]
    fn what_was_killed_is_told_where_there_was_a_choice() {
        let killed = BTreeMap::from([(EVERYTHING, 1)]);
        let whole = Report { killed, ..report() };
        assert!(!whole.to_string().contains("killed: "), "{whole}");
        let killed = BTreeMap::from([(EVERYTHING, 1), ("processor", 4)]);
        let parts = Report {
            killed,
            longest_gap_ms: 5_400,
            ..report()
        };
        let text = parts.to_string();
        assert!(text.contains("\nkilled: everything 1, processor 4\n"), "{text}");
        assert!(text.contains("no job ended for      5400 ms at most"), "{text}");
        let json = serde_json::to_value(parts).unwrap();
        assert_eq!(
            json["killed"],
            serde_json::json!({"everything": 1, "processor": 4})
        );
        assert_eq!(json["longest_gap_ms"], 5_400);
    }

    #[test]
    fn every_finding_breaks_the_promise_and_duplicates_add_up() {
        assert!(report().with_findings(Findings::default()).kept());
        let mut findings = Findings::default();
        for breach in [Breach::State, Breach::Event, Breach::Missing, Breach::Counter] {
            findings.add(breach, "it", "why");
        }
        let broken = report().with_findings(findings);
        assert_eq!((broken.duplicated, broken.lost, broken.unexpected), (4, 0, 0));
        assert!(!broken.kept());
        assert!(broken.to_string().contains("wrong counter: it\n    why"));
        assert!(broken.to_string().ends_with("the promise was BROKEN"));
    }

    #[test]
    fn jobs_never_accepted_or_never_ended_break_the_promise() {
        assert!(
            !Report {
                accepted: 9,
                terminal: 9,
                ..report()
            }
            .kept()
        );
        assert!(
            !Report {
                terminal: 9,
                ..report()
            }
            .kept()
        );
    }
}

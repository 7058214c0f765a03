//! What the measurement says at its end.

use std::fmt;

use serde::Serialize;

use super::ListArgs;
use crate::measure::{Millis, Percentiles};

/// The result, as `--json` prints it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    /// How many jobs were submitted.
    pub(super) jobs: u64,
    /// How long until they had settled, in seconds.
    pub(super) fill_s: f64,
    /// Pages asked for of each question.
    pub(super) requests: u64,
    /// Jobs on a page.
    pub(super) limit: u64,
    /// The questions.
    pub(super) questions: Vec<Answered>,
    /// The slowest question's 95th percentile.
    pub(super) worst_p95_ms: Millis,
}

/// How fast one question was answered.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Answered {
    /// What it is called.
    pub(super) name: &'static str,
    /// The query.
    pub(super) query: &'static str,
    /// How many jobs the last list had.
    pub(super) items: usize,
    /// From a request to its whole answer.
    pub(super) page_ms: Percentiles,
    /// Until there were as many jobs as fit on a page, or no more. The work for one page is bounded, so where few jobs
    /// match it may take several.
    pub(super) list_ms: Percentiles,
}

impl Report {
    /// The report of a measurement.
    pub(super) fn new(args: &ListArgs, fill_s: f64, questions: Vec<Answered>) -> Self {
        let worst = questions.iter().map(|question| question.page_ms.p95);
        Self {
            jobs: args.jobs,
            fill_s: (fill_s * 10.0).round() / 10.0,
            requests: args.requests,
            limit: args.limit,
            worst_p95_ms: worst.fold(0.0, f64::max),
            questions,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            jobs,
            requests,
            limit,
            ..
        } = self;
        writeln!(f, "{jobs} jobs submitted, settled after {:.1} s", self.fill_s)?;
        writeln!(f, "{requests} lists of {limit} jobs for each question\n")?;
        writeln!(
            f,
            "  {:<22}{:>6}{:>28}{:>28}",
            "ms", "jobs", "page  p50     p95     p99", "list  p50     p95     p99"
        )?;
        for answered in &self.questions {
            let Answered { name, items, .. } = answered;
            write!(f, "  {name:<22}{items:>6}")?;
            for Percentiles { p50, p95, p99, .. } in [&answered.page_ms, &answered.list_ms] {
                write!(f, "{p50:>12.1}{p95:>8.1}{p99:>8.1}")?;
            }
            writeln!(f)?;
        }
        write!(
            f,
            "\n  the slowest question has a p95 of {:.1} ms",
            self.worst_p95_ms
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_aligned_and_the_json_has_the_names_that_scripts_rely_on() {
        let page_ms = Percentiles {
            p50: 1.0,
            p95: 2.5,
            p99: 3.0,
            max: 40.0,
        };
        let report = Report {
            jobs: 1_000,
            fill_s: 1.5,
            requests: 10,
            limit: 50,
            questions: vec![Answered {
                name: "state",
                query: "state:failed",
                items: 50,
                page_ms,
                list_ms: page_ms,
            }],
            worst_p95_ms: 2.5,
        };
        let text = report.to_string();
        assert!(
            text.contains(
                "state                     50         1.0     2.5     3.0         1.0     2.5     3.0\n"
            ),
            "{text}"
        );
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["questions"][0]["page_ms"]["p95"], 2.5);
        assert_eq!(json["worst_p95_ms"], 2.5);
    }
}

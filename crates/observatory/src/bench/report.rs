//! What a benchmark says at its end.

use std::fmt;

use serde::Serialize;

use super::pipe::Pipe;
use super::rounded;
use super::rss::Rss;
use crate::measure::{Millis, Percentiles};

/// The result, as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Report {
    /// Jobs by the time from the first submission to the last job's end.
    pub(super) jobs_per_second: f64,
    /// From the moment a request was due to its 202.
    pub(super) accept_ms: Percentiles,
    /// From there to the recorded start of the job.
    pub(super) start_ms: Percentiles,
    /// From there to the recorded end of the job.
    pub(super) complete_ms: Percentiles,
    /// How many jobs.
    pub(super) jobs: u64,
    /// How many of them ended otherwise than COMPLETED.
    pub(super) failed: u64,
    /// `flat out` or `open loop`.
    pub(super) mode: &'static str,
    /// Jobs per second as told, at `open loop`.
    pub(super) rate: Option<f64>,
    /// Jobs in one request.
    pub(super) batch: u32,
    /// Requests under way at once, at most.
    pub(super) connections: usize,
    /// The job type.
    #[serde(rename = "type")]
    pub(super) job_type: String,
    /// From the first submission to the last job's end, in seconds.
    pub(super) elapsed_s: f64,
    /// From the last job's end until the counters showed it.
    pub(super) stats_lag_ms: Millis,
    /// How many jobs `start_ms` and `complete_ms` were taken of.
    pub(super) sampled: usize,
    /// Requests that the gateway turned away, repeated.
    pub(super) turned_away: u64,
    /// Resident memory of our own observatory.
    pub(super) rss_mb: Option<Rss>,
    /// From the start of our own observatory's process to its first COMPLETED job.
    pub(super) first_job_ms: Option<Millis>,
    /// What the servers do at best, measured before: messages published, stored and acknowledged per second.
    pub(super) pipe_per_second: Option<f64>,
    /// Our throughput as a part of that.
    pub(super) ratio: Option<f64>,
}

impl Report {
    /// Sets it beside what the servers do at best.
    pub(super) fn beside(mut self, pipe: Option<Pipe>) -> Self {
        if let Some(Pipe { messages_per_second }) = pipe {
            self.pipe_per_second = Some(rounded(messages_per_second, 10.0));
            self.ratio = Some(rounded(self.jobs_per_second / messages_per_second, 1_000.0));
        }
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.rate.map(|rate| format!(" at {rate}/s")).unwrap_or_default();
        writeln!(
            f,
            "{} {} jobs, {}{rate}, {} connections, batches of {}",
            self.jobs, self.job_type, self.mode, self.connections, self.batch
        )?;
        writeln!(f)?;
        let (speed, elapsed) = (self.jobs_per_second, self.elapsed_s);
        writeln!(
            f,
            "  {:<12}{speed:>10.0} jobs/s over {elapsed:.2} s",
            "throughput"
        )?;
        if let (Some(pipe), Some(ratio)) = (self.pipe_per_second, self.ratio) {
            let percent = ratio * 100.0;
            writeln!(
                f,
                "  {:<12}{pipe:>10.0} messages/s, of which that is {percent:.0} %",
                "bare pipe"
            )?;
        }
        writeln!(f)?;
        writeln!(
            f,
            "  {:<12}{:>10}{:>10}{:>10}{:>10}",
            "ms", "p50", "p95", "p99", "max"
        )?;
        percentiles(f, "accept", &self.accept_ms)?;
        percentiles(f, "start", &self.start_ms)?;
        percentiles(f, "complete", &self.complete_ms)?;
        writeln!(f)?;
        if let Some(rss) = &self.rss_mb {
            write!(f, "{rss}")?;
        }
        if let Some(first) = self.first_job_ms {
            writeln!(
                f,
                "  {:<12}{first:>10.0} ms after the process was started",
                "first job"
            )?;
        }
        let jobs = if self.sampled as u64 == self.jobs {
            "all"
        } else {
            "a seeded sample of"
        };
        write!(
            f,
            "  start and complete: {jobs} {} jobs, by the server's clock",
            self.sampled
        )?;
        if self.turned_away > 0 {
            write!(
                f,
                "\n  {} requests were turned away and repeated",
                self.turned_away
            )?;
        }
        if self.failed > 0 {
            write!(f, "\n  {} jobs did not complete", self.failed)?;
        }
        Ok(())
    }
}

fn percentiles(f: &mut fmt::Formatter<'_>, name: &str, values: &Percentiles) -> fmt::Result {
    let Percentiles { p50, p95, p99, max } = values;
    writeln!(f, "  {name:<12}{p50:>10.3}{p95:>10.3}{p99:>10.3}{max:>10.3}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::rss::Usage;

    fn report() -> Report {
        let percentiles = |p50| Percentiles {
            p50,
            p95: p50 * 2.0,
            p99: p50 * 3.0,
            max: p50 * 4.0,
        };
        Report {
            jobs_per_second: 21_034.4,
            accept_ms: percentiles(1.25),
            start_ms: percentiles(2.0),
            complete_ms: percentiles(3.0),
            jobs: 20_000,
            failed: 0,
            mode: "open loop",
            rate: Some(500.0),
            batch: 1,
            connections: 32,
            job_type: "echo".into(),
            elapsed_s: 0.951,
            stats_lag_ms: 3.0,
            sampled: 20_000,
            turned_away: 0,
            rss_mb: Some(Rss::One(Usage {
                idle: 30.5,
                peak: 81.2,
            })),
            first_job_ms: Some(143.0),
            pipe_per_second: None,
            ratio: None,
        }
    }

    #[test]
    fn the_json_has_the_names_that_scripts_rely_on() {
        let json = serde_json::to_value(report()).unwrap();
        assert!(json["jobs_per_second"].is_f64());
        for name in ["accept_ms", "start_ms", "complete_ms"] {
            for percentile in ["p50", "p95", "p99"] {
                assert!(json[name][percentile].is_f64(), "{name}.{percentile}");
            }
        }
        assert_eq!(json["rss_mb"], serde_json::json!({"idle": 30.5, "peak": 81.2}));
    }

    #[test]
    fn a_throughput_is_set_beside_what_the_servers_do_at_best() {
        let pipe = Pipe {
            messages_per_second: 42_068.8,
        };
        let report = report().beside(Some(pipe));
        assert_eq!(
            (report.pipe_per_second, report.ratio),
            (Some(42_068.8), Some(0.5))
        );
        let text = report.to_string();
        assert!(
            text.contains("bare pipe        42069 messages/s, of which that is 50 %"),
            "{text}"
        );
    }

    #[test]
    fn the_table_is_aligned() {
        let text = report().to_string();
        let widths: Vec<_> = text
            .lines()
            .filter(|line| line.contains("   "))
            .map(str::len)
            .collect();
        assert_eq!(widths[1..5], [54, 54, 54, 54], "{text}");
        assert!(
            text.contains("accept           1.250     2.500     3.750     5.000"),
            "{text}"
        );
        assert!(text.ends_with("all 20000 jobs, by the server's clock"), "{text}");
    }
}

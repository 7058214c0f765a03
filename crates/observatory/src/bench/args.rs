//! What `observatory bench` can be told.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use uuid::fmt::Hyphenated;

use super::list::ListArgs;
use super::place::PlaceArgs;
use crate::output::OutputArgs;

/// How many connections there are by default: enough to keep the server busy when flat out, enough to keep a
/// slow answer from holding up others at a rate.
const FLAT_OUT_CONNECTIONS: usize = 128;
const RATE_CONNECTIONS: usize = 32;

/// The command line of a benchmark.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct BenchArgs {
    /// Something else than the way of jobs
    #[command(subcommand)]
    pub(super) other: Option<OtherBench>,

    #[command(flatten)]
    pub(super) load: LoadArgs,
}

/// Other things to measure.
#[derive(Subcommand, Clone, Debug)]
pub(super) enum OtherBench {
    /// Measure how fast lists and filters answer over many jobs
    #[command(long_about = super::list::ABOUT, after_help = super::list::AFTER)]
    List(ListArgs),
}

/// A load of jobs.
#[derive(Args, Clone, Debug)]
pub(super) struct LoadArgs {
    /// How many jobs to submit
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(super) jobs: u64,

    /// Jobs per second, whether or not the server keeps up [default: as fast as it answers]
    #[arg(long, value_name = "R", value_parser = positive)]
    pub(super) rate: Option<f64>,

    /// How many jobs to put into one request; more than 1 uses POST /jobs/batch
    #[arg(long, value_name = "B", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) batch: u32,

    /// How many requests may be under way at once [default: 128, or 32 at a rate]
    #[arg(long, value_name = "C", value_parser = clap::value_parser!(u16).range(1..=4096))]
    connections: Option<u16>,

    /// The jobs' type
    #[arg(long = "type", value_name = "TYPE", default_value = "echo")]
    pub(super) job_type: String,

    /// The jobs' payload, a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    payload: String,

    /// What identifiers and samples are drawn from [default: the time]
    #[arg(long, value_name = "S")]
    pub(super) seed: Option<u64>,

    #[command(flatten)]
    pub(super) place: PlaceArgs,

    #[command(flatten)]
    pub(super) output: OutputArgs,
}

impl LoadArgs {
    /// Looks at what the command line parser cannot judge.
    ///
    /// # Errors
    /// When the payload is no JSON object.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let payload: serde_json::Value =
            serde_json::from_str(&self.payload).context("--payload is not JSON")?;
        if !payload.is_object() {
            bail!("--payload is not a JSON object");
        }
        Ok(())
    }

    /// How many requests may be under way at once.
    pub(super) fn connections(&self) -> usize {
        let default = match self.rate {
            None => FLAT_OUT_CONNECTIONS,
            Some(_) => RATE_CONNECTIONS,
        };
        self.connections.map_or(default, usize::from)
    }

    /// What follows the identifier in each job's body.
    pub(super) fn rest_of_body(&self) -> String {
        let job_type = serde_json::Value::from(self.job_type.as_str());
        match self.payload.trim() {
            "{}" => format!(r#""type":{job_type}"#),
            payload => format!(r#""type":{job_type},"payload":{payload}"#),
        }
    }

    /// How long the body of one job is.
    pub(super) fn body_bytes(&self) -> usize {
        // {"id":"...",REST}
        10 + Hyphenated::LENGTH + self.rest_of_body().len()
    }

    /// The number of jobs, for divisions.
    #[expect(
        clippy::cast_precision_loss,
        reason = "at most 100 million, by the command line"
    )]
    pub(super) fn jobs_as_f64(&self) -> f64 {
        self.jobs as f64
    }
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("not a positive number".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: LoadArgs,
    }

    fn parse(words: &[&str]) -> Result<LoadArgs, clap::Error> {
        let line = std::iter::once("bench").chain(words.iter().copied());
        Line::try_parse_from(line).map(|line| line.args)
    }

    #[test]
    fn connections_follow_the_mode() {
        assert_eq!(parse(&[]).unwrap().connections(), 128);
        assert_eq!(parse(&["--rate", "500"]).unwrap().connections(), 32);
        assert_eq!(
            parse(&["--rate", "500", "--connections", "7"])
                .unwrap()
                .connections(),
            7
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for words in [
            &["--rate", "0"][..],
            &["--rate", "NaN"],
            &["--jobs", "0"],
            &["--batch", "0"],
            &["--gateway", "http://x"],
            &["--target", "somewhere"],
            &[
                "--gateway",
                "http://x",
                "--read-model",
                "http://y",
                "--port-offset",
                "1",
            ],
        ] {
            assert!(parse(words).is_err(), "{words:?}");
        }
        assert!(parse(&["--payload", "[1]"]).unwrap().check().is_err());
        let line = parse(&["--gateway", "x", "--read-model", "http://y"]).unwrap();
        assert!(line.place.targets().is_err());
        let running = [
            "--gateway",
            "http://x",
            "--read-model",
            "http://y",
            "--target",
            "services",
        ];
        let error = parse(&running).unwrap().place.targets().unwrap_err().to_string();
        assert!(error.contains("--gateway is for one that runs"), "{error}");
    }

    #[test]
    fn bodies_carry_type_and_payload() {
        assert_eq!(parse(&[]).unwrap().rest_of_body(), r#""type":"echo""#);
        let body = format!(r#"{{"id":"{}","type":"echo"}}"#, uuid::Uuid::nil());
        assert_eq!(parse(&[]).unwrap().body_bytes(), body.len());
        let line = parse(&["--type", "sleep", "--payload", r#"{"ms":5}"#]).unwrap();
        assert_eq!(line.rest_of_body(), r#""type":"sleep","payload":{"ms":5}"#);
    }
}

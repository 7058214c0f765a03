//! `observatory limits set`.

use std::num::NonZeroU32;
use std::process::ExitCode;
use std::str::FromStr;

use clap::Args;
use domain::duration::Span;
use domain::limits::{Limits, Rate};

use crate::client::remote::{Ask, Remote, RequestError};
use crate::client::style::printable;
use crate::client::{Common, verdict};
use crate::http_client::encoded;

/// The limits to set.
#[derive(Args, Clone, Debug)]
pub(super) struct SetArgs {
    /// The job type
    #[arg(value_name = "TYPE")]
    job_type: String,

    /// How many run at once, or none for no limit
    #[arg(long, value_name = "N|none", required_unless_present = "rate")]
    concurrency: Option<Wish<NonZeroU32>>,

    /// How many start in a span of time, e.g. 100/1s, or none for no limit
    #[arg(long, value_name = "N/SPAN|none")]
    rate: Option<Wish<PerSpan>>,
}

/// A limit, or the wish for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wish<T>(Option<T>);

impl<T: FromStr> FromStr for Wish<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "none" {
            return Ok(Self(None));
        }
        text.parse().map(|limit| Self(Some(limit)))
    }
}

/// A rate as a command line has it: `100/1s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PerSpan(Rate);

impl FromStr for PerSpan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (limit, per) = text
            .split_once('/')
            .ok_or("expected a number, a slash and a span, e.g. 100/1s")?;
        let limit = limit
            .parse()
            .map_err(|_| format!("`{limit}` is not a whole number"))?;
        let per: Span = per.parse().map_err(|error| format!("{error}"))?;
        Rate::new(limit, per).map(Self).map_err(|error| error.to_string())
    }
}

/// Sets.
pub(super) async fn run(common: &Common, args: &SetArgs) -> anyhow::Result<ExitCode> {
    let (gateway, out) = (common.gateway(), common.out());
    let path = format!("/limits/{}", encoded(&args.job_type));
    let mut limits = current(&gateway, &path).await?;
    if let Some(Wish(concurrency)) = args.concurrency {
        limits.concurrency = concurrency;
    }
    if let Some(Wish(rate)) = args.rate {
        limits.rate = rate.map(|PerSpan(rate)| rate);
    }
    let answer = gateway.must(Ask::put(path).json(&limits)?).await?;
    if out.json {
        out.raw(&answer.body)?;
    } else {
        out.line(words(&args.job_type, &answer.json()?))?;
    }
    Ok(verdict(true))
}

/// What is set by now; open limits where nothing is.
async fn current(gateway: &Remote, path: &str) -> Result<Limits, RequestError> {
    let answer = gateway.send(Ask::get(path)).await?;
    match answer.status {
        404 => Ok(Limits::default()),
        200 => answer.json(),
        _ => Err(answer.refusal()),
    }
}

fn words(job_type: &str, limits: &Limits) -> String {
    let mut words = Vec::new();
    words.extend(limits.paused.then(|| "paused".to_owned()));
    words.extend(limits.concurrency.map(|most| format!("{most} at once")));
    words.extend(limits.rate.map(|rate| rate.to_string()));
    if words.is_empty() {
        words.push("no limits".to_owned());
    }
    format!("{}: {}", printable(job_type), words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_counts_read_as_people_write_them() {
        let rate = Rate::new(100, Span::from_secs(1)).unwrap();
        assert_eq!("100/1s".parse(), Ok(Wish(Some(PerSpan(rate)))));
        assert_eq!("none".parse::<Wish<PerSpan>>(), Ok(Wish(None)));
        assert_eq!("5".parse::<Wish<NonZeroU32>>().unwrap().0.unwrap().get(), 5);
        for wrong in ["100", "x/1s", "100/1", "0/1s", "5/"] {
            assert!(wrong.parse::<PerSpan>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_set_is_told_in_words() {
        let limits = Limits {
            concurrency: NonZeroU32::new(5),
            rate: Rate::new(100, Span::from_secs(1)).ok(),
            ..Limits::default()
        };
        assert_eq!(words("email", &limits), "email: 5 at once, 100 per 1s");
        assert_eq!(words("email", &Limits::default()), "email: no limits");
    }
}

//! `observatory errors`: why jobs fail, grouped by cause.

use std::process::ExitCode;

use clap::Args;
use domain::{Clock, SystemClock};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::remote::Ask;
use super::style::{Paint, brief};
use super::table::{Cell, Table};
use super::times::age;
use super::{Common, verdict};
use crate::output;

/// How much of an error a row shows, in characters.
const TITLE: usize = 80;

/// What it is for.
pub(super) const ABOUT: &str = "\
Why jobs fail, grouped by cause, the latest first.

Errors are of one cause when they are the same but for numbers, identifiers, times and quoted names. The fingerprint of \
a group finds its jobs: `observatory jobs fingerprint:…`, and `observatory retry --query fingerprint:…` once the cause is \
gone.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory errors
  observatory errors --limit 5 --json | jq -r .query

Exit codes:
  0    listed
  2    it could not be done
  130  interrupted";

/// How many.
#[derive(Args, Clone, Debug)]
pub(crate) struct ErrorsArgs {
    /// How many groups at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=500))]
    limit: u64,

    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Deserialize)]
struct Groups {
    items: Vec<Box<RawValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group {
    fingerprint: String,
    title: String,
    count: u64,
    first_at: Timestamp,
    last_at: Timestamp,
    last_job: Uuid,
}

/// Lists.
pub(super) async fn run(args: ErrorsArgs) -> anyhow::Result<ExitCode> {
    let out = args.common.out();
    let ask = Ask::get(format!("/errors?limit={}", args.limit));
    let groups: Groups = args.common.read_model().must(ask).await?.json()?;
    if groups.items.is_empty() {
        output::note(&"nothing has failed");
    }
    let mut table = Table::new(["COUNT", "LAST", "FIRST", "FINGERPRINT", "LAST JOB", "ERROR"]);
    let now = SystemClock.now();
    for item in &groups.items {
        if out.json {
            out.raw(item.get().as_bytes())?;
        } else {
            let group: Group = serde_json::from_str(item.get())?;
            table.row(group.cells(now));
        }
    }
    if !out.json && !groups.items.is_empty() {
        out.table(&mut table)?;
    }
    Ok(verdict(true))
}

impl Group {
    fn cells(&self, now: Timestamp) -> [Cell; 6] {
        [
            self.count.to_string().into(),
            age(self.last_at, now).into(),
            age(self.first_at, now).into(),
            Cell::of(brief(&self.fingerprint, 16), Paint::Dim),
            self.last_job.to_string().into(),
            Cell::of(brief(&self.title, TITLE), Paint::Bad),
        ]
    }
}

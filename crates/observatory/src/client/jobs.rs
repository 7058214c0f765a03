//! `observatory jobs`: lists jobs.

mod row;

use std::process::ExitCode;

use clap::Args;
use domain::{Clock, SystemClock};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::out::Out;
use super::remote::{Ask, Remote, RequestError};
use super::table::Table;
use super::{Common, queries, verdict};
use crate::http_client::encoded;
use crate::output;
use row::Row;

/// The most jobs of one page.
const PAGE: u64 = 500;

/// What it is for.
pub(super) const ABOUT: &str = "\
List jobs, newest first, all or those that a query matches.

A query is terms side by side, all of which must hold: a field, an operator (: ~ > >= < <=) and a value. A comma between \
values means or, - before a term means not, and a word alone finds a part of the type, a tag, the error, or the \
beginning of an identifier. A mistake in a query is pointed at before anything is asked.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory jobs
  observatory jobs state:failed type:email 'error~\"timed out\"'
  observatory jobs 'state:retrying,scheduled -tag:eu age>5m'      quoted, because of -tag
  observatory jobs payload.user.id:42 --all --json | jq -r .id

States:
  pending scheduled executing retrying completed failed cancelled quarantined
  held   waits because of a limit, a pause or a unique key
  due    waits, and is the next to start
  stuck  does not move although it should

Fields:
  type:email,report.*  state:failed  tag:eu  priority:high  key:invoice-7  schedule:nightly
  held:rate  worker:w-1  fingerprint:cbf29ce484222325  error~\"timed out\"  attempt>1
  failures>=3  crashes:1  age>2h30m  idle>=7d  created>=2026-11-25  updated<2026-11-25T10:00:00Z
  payload.user.id:42  metadata.customer~acme  id:0199a3f2-7c1e-7000-8000-0123456789ab

Exit codes:
  0    listed
  1    a query matches nothing
  2    it could not be done
  130  interrupted";

/// Which jobs, and how many.
#[derive(Args, Clone, Debug)]
pub(crate) struct JobsArgs {
    /// Which jobs, in the query language [default: all]
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    limit: u64,

    /// However many there are
    #[arg(long, conflicts_with = "limit")]
    all: bool,

    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Box<RawValue>>,
    #[serde(default)]
    next_cursor: Option<String>,
}

/// Lists.
pub(super) async fn run(args: JobsArgs) -> anyhow::Result<ExitCode> {
    let query = queries::checked(&args.query)?;
    let most = if args.all { u64::MAX } else { args.limit };
    let mut list = List {
        read_model: args.common.read_model(),
        out: args.common.out(),
        table: row::table(),
        listed: 0,
    };
    let more = list.pages(&query, most).await?;
    if list.listed == 0 {
        let words = if query.is_empty() {
            "there are no jobs yet"
        } else {
            "no job matches"
        };
        output::note(&words);
    } else if more && !args.common.out().json {
        output::note(&format_args!(
            "there are more: --limit {}, or --all",
            args.limit.saturating_mul(5)
        ));
    }
    Ok(verdict(list.listed > 0 || query.is_empty()))
}

/// A list as it grows.
struct List {
    read_model: Remote,
    out: Out,
    table: Table<6>,
    listed: u64,
}

impl List {
    /// Prints up to `most` jobs; says whether there are more.
    async fn pages(&mut self, query: &str, most: u64) -> anyhow::Result<bool> {
        let mut cursor = None;
        while self.listed < most {
            let limit = PAGE.min(most - self.listed);
            let page = self.page(query, limit, cursor.as_deref()).await?;
            for item in &page.items {
                self.item(item)?;
            }
            if !self.out.json && self.listed > 0 {
                self.out.table(&mut self.table)?;
            }
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn page(&self, query: &str, limit: u64, cursor: Option<&str>) -> Result<Page, RequestError> {
        let mut path = format!("/jobs?limit={limit}");
        for (name, value) in [
            ("q", Some(query).filter(|query| !query.is_empty())),
            ("cursor", cursor),
        ] {
            if let Some(value) = value {
                path = format!("{path}&{name}={}", encoded(value));
            }
        }
        self.read_model.must(Ask::get(path)).await?.json()
    }

    fn item(&mut self, item: &RawValue) -> anyhow::Result<()> {
        self.listed += 1;
        if self.out.json {
            return Ok(self.out.raw(item.get().as_bytes())?);
        }
        let row: Row = serde_json::from_str(item.get())?;
        self.table.row(row.cells(SystemClock.now()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_field_of_the_language() {
        for field in domain::query::FIELDS {
            let named = [":", ">", "<", "~", "."]
                .iter()
                .any(|end| AFTER.contains(&format!(" {}{end}", field.name)));
            assert!(named, "{}", field.name);
        }
    }
}

//! `observatory dead-letters list`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use domain::{Clock, SystemClock};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::client::remote::Ask;
use crate::client::style::{Paint, brief, printable};
use crate::client::table::{Cell, Table};
use crate::client::times::age;
use crate::client::{Common, verdict};
use crate::http_client::encoded;
use crate::output;

/// How much of a reason a row shows, in characters.
const REASON: usize = 80;
/// The most letters of one page.
const PAGE: u64 = 500;

/// Which letters.
#[derive(Args, Clone, Debug)]
pub(super) struct ListArgs {
    /// Letters in this state
    #[arg(long, value_name = "STATE", value_enum, default_value_t = State::Open)]
    state: State,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    limit: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum State {
    /// Nobody has dealt with them
    Open,
    /// Published again
    Replayed,
    /// Nothing follows
    Discarded,
    /// Any
    All,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    items: Vec<Box<RawValue>>,
    #[serde(default)]
    next_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Letter {
    id: Uuid,
    validation_error: String,
    rejected_at: Timestamp,
    service: String,
    #[serde(default)]
    state: String,
}

/// Lists.
pub(super) async fn run(common: &Common, args: &ListArgs) -> anyhow::Result<ExitCode> {
    let (read_model, out) = (common.read_model(), common.out());
    let mut table = Table::new(["ID", "STATE", "AGE", "FROM", "REASON"]);
    let (mut left, mut cursor, mut any) = (args.limit, None, false);
    loop {
        let path = args.path(left.min(PAGE), cursor.as_deref());
        let page: Page = read_model.must(Ask::get(path)).await?.json()?;
        for item in &page.items {
            any = true;
            left -= 1;
            if out.json {
                out.raw(item.get().as_bytes())?;
            } else {
                let letter: Letter = serde_json::from_str(item.get())?;
                table.row(letter.cells(SystemClock.now()));
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() || left == 0 {
            break;
        }
    }
    if !any {
        output::note(&args.state.none());
    } else if !out.json {
        out.table(&mut table)?;
    }
    Ok(verdict(true))
}

impl ListArgs {
    fn path(&self, limit: u64, cursor: Option<&str>) -> String {
        let state = match self.state {
            State::All => "",
            State::Open => "&state=open",
            State::Replayed => "&state=replayed",
            State::Discarded => "&state=discarded",
        };
        let cursor = cursor.map(|cursor| format!("&cursor={}", encoded(cursor)));
        format!("/dead-letters?limit={limit}{state}{}", cursor.unwrap_or_default())
    }
}

impl State {
    fn none(self) -> &'static str {
        match self {
            Self::Open => "no dead letter is open",
            Self::Replayed => "no dead letter was replayed",
            Self::Discarded => "no dead letter was discarded",
            Self::All => "there are no dead letters",
        }
    }
}

impl Letter {
    fn cells(&self, now: Timestamp) -> [Cell; 5] {
        [
            self.id.to_string().into(),
            Cell::state(&printable(&self.state)),
            age(self.rejected_at, now).into(),
            brief(&self.service, 20).into(),
            Cell::of(brief(&self.validation_error, REASON), Paint::Dim),
        ]
    }
}

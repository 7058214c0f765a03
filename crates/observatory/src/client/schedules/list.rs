//! `observatory schedules list`.

use std::process::ExitCode;

use domain::{Clock, SystemClock};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::view::View;
use crate::client::remote::Ask;
use crate::client::table::Table;
use crate::client::{Common, verdict};
use crate::output;

#[derive(Deserialize)]
struct Schedules {
    items: Vec<Box<RawValue>>,
}

/// Lists.
pub(super) async fn run(common: &Common) -> anyhow::Result<ExitCode> {
    let out = common.out();
    let all: Schedules = common.read_model().must(Ask::get("/schedules")).await?.json()?;
    if all.items.is_empty() {
        output::note(&"there are no schedules; `observatory schedules create --help` says how to make one");
    }
    let mut table = Table::new(["NAME", "STATE", "CRON", "TIMEZONE", "TYPE", "NEXT", "LAST"]);
    for item in &all.items {
        if out.json {
            out.raw(item.get().as_bytes())?;
        } else {
            let schedule: View = serde_json::from_str(item.get())?;
            table.row(schedule.cells(SystemClock.now()));
        }
    }
    if !out.json && !all.items.is_empty() {
        out.table(&mut table)?;
    }
    Ok(verdict(true))
}

//! `observatory limits list`.

use std::process::ExitCode;

use domain::limits::{Limits, Rate};
use ports::AllLimits;

use crate::client::remote::Ask;
use crate::client::style::{Paint, printable};
use crate::client::table::{Cell, Table};
use crate::client::{Common, verdict};
use crate::output;

/// Lists.
pub(super) async fn run(common: &Common) -> anyhow::Result<ExitCode> {
    let out = common.out();
    let answer = common.read_model().must(Ask::get("/limits")).await?;
    if out.json {
        out.raw(&answer.body)?;
        return Ok(verdict(true));
    }
    let all: AllLimits = answer.json()?;
    if all.paused {
        out.line(out.style.paint("everything is paused", Paint::Warning))?;
    }
    if all.types.is_empty() {
        output::note(&"no type has limits of its own");
        return Ok(verdict(true));
    }
    let mut table = Table::new(["TYPE", "STATE", "CONCURRENCY", "RATE"]);
    for (job_type, limits) in &all.types {
        table.row(cells(job_type, limits));
    }
    out.table(&mut table)?;
    Ok(verdict(true))
}

fn cells(job_type: &str, limits: &Limits) -> [Cell; 4] {
    let state = if limits.paused { "paused" } else { "active" };
    [
        printable(job_type).into(),
        Cell::state(state),
        limits
            .concurrency
            .map(|most| most.to_string())
            .unwrap_or_default()
            .into(),
        limits
            .rate
            .as_ref()
            .map(Rate::to_string)
            .unwrap_or_default()
            .into(),
    ]
}

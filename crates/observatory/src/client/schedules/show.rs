//! `observatory schedules show`.

use std::process::ExitCode;

use domain::schedule::ScheduleName;
use domain::{Clock, SystemClock};

use super::view::View;
use crate::client::remote::{Answered, Ask};
use crate::client::{Common, verdict};
use crate::output;

/// Shows.
pub(super) async fn run(common: &Common, name: &ScheduleName) -> anyhow::Result<ExitCode> {
    let answer = common
        .read_model()
        .send(Ask::get(format!("/schedules/{name}")))
        .await?;
    print(common, name, &answer)
}

/// Prints the schedule that an answer has, or says that there is none.
pub(super) fn print(common: &Common, name: &ScheduleName, answer: &Answered) -> anyhow::Result<ExitCode> {
    if answer.status == 404 {
        output::note(&format_args!("there is no schedule {name}"));
        return Ok(verdict(false));
    }
    if !answer.is_good() {
        return Err(answer.refusal().into());
    }
    let out = common.out();
    if out.json {
        out.raw(&answer.body)?;
    } else {
        answer.json::<View>()?.show(out, SystemClock.now())?;
    }
    Ok(verdict(true))
}

//! `observatory limits clear`.

use std::process::ExitCode;

use clap::Args;

use crate::client::remote::Ask;
use crate::client::style::printable;
use crate::client::{Common, verdict};
use crate::http_client::encoded;

/// Whose limits to lift.
#[derive(Args, Clone, Debug)]
pub(super) struct ClearArgs {
    /// The job type
    #[arg(value_name = "TYPE")]
    job_type: String,
}

/// Lifts them.
pub(super) async fn run(common: &Common, args: &ClearArgs) -> anyhow::Result<ExitCode> {
    let out = common.out();
    let ask = Ask::delete(format!("/limits/{}", encoded(&args.job_type)));
    let answer = common.gateway().must(ask).await?;
    if out.json {
        let body = if answer.body.is_empty() {
            b"{}"
        } else {
            &*answer.body
        };
        out.raw(body)?;
    } else {
        out.line(format_args!("{}: no limits", printable(&args.job_type)))?;
    }
    Ok(verdict(true))
}

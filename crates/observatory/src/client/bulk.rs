//! What is done to many things at once: a count first, a question to whoever sits there, then a stream of what became
//! of each.

mod line;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::confirm::{self, Consent};
use super::out::Out;
use super::remote::{Ask, Remote};
use super::verdict;
use crate::http_client::Reply;
use crate::output;
use crate::progress::Progress;
use line::{Counts, Line, Step};

/// How long counting what would be done may take: it reads every match.
const COUNT_LIMIT: Duration = Duration::from_mins(10);
/// How long the stream may say nothing; it says how far it is every second.
const IDLE_LIMIT: Duration = Duration::from_secs(30);

/// How much is asked before it is done.
#[derive(Args, Clone, Copy, Debug)]
pub(super) struct BulkOptions {
    /// Only count what would be done
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Do not ask first
    #[arg(long, short = 'y')]
    pub(super) yes: bool,

    /// Show no progress
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// What a dry run counts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Total {
    matched: u64,
    /// Whether it counted to the end.
    #[serde(default)]
    complete: bool,
}

/// What is to be done, in words.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verb {
    /// The end of its address: `cancel` of `/jobs/{id}/cancel` and `/jobs:cancel`.
    pub(super) name: &'static str,
    /// What was done: `cancelled`.
    pub(super) past: &'static str,
    /// What happens while it is done: `cancelling`.
    pub(super) doing: &'static str,
    /// To what, of which there is one: `job`.
    pub(super) what: &'static str,
}

/// One selection of things to do something to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bulk<'a> {
    /// Who does it.
    pub(super) gateway: &'a Remote,
    /// Where: `/jobs:cancel`.
    pub(super) path: &'a str,
    /// What is done.
    pub(super) verb: &'a Verb,
    /// How much is asked before.
    pub(super) options: BulkOptions,
    /// Where the answer goes.
    pub(super) out: Out,
}

impl Bulk<'_> {
    /// Does it to what `selection` says, if whoever is asked agrees.
    ///
    /// # Errors
    /// When it cannot be done, or nobody is there to agree.
    pub(super) async fn run(&self, selection: Map<String, Value>) -> anyhow::Result<ExitCode> {
        if self.options.yes && !self.options.dry_run {
            return self.carry_out(selection, None).await;
        }
        let total = self.count(&selection).await?;
        if self.options.dry_run {
            self.say_count(total)?;
            return Ok(verdict(total.matched > 0));
        }
        if !self.agreed(total).await? {
            return Ok(verdict(false));
        }
        let known = total.complete.then_some(total.matched);
        self.carry_out(selection, known).await
    }

    async fn count(&self, selection: &Map<String, Value>) -> anyhow::Result<Total> {
        let mut body = selection.clone();
        body.insert("dryRun".into(), true.into());
        let ask = Ask::post(self.path).json(&body)?.limit(COUNT_LIMIT);
        Ok(self.gateway.must(ask).await?.json()?)
    }

    fn say_count(&self, total: Total) -> anyhow::Result<()> {
        if self.out.json {
            return Ok(self.out.document(&total)?);
        }
        Ok(self
            .out
            .line(format_args!("{} would be {}", self.many(total), self.verb.past))?)
    }

    /// Whether it is to be done to so many.
    async fn agreed(&self, total: Total) -> anyhow::Result<bool> {
        let Verb { name, what, .. } = self.verb;
        if total.matched == 0 {
            output::note(&format_args!("no {what} matches: nothing to {name}"));
            return Ok(false);
        }
        let matching = self.many(total);
        match confirm::ask(&format!("{name} {matching}?")).await? {
            Consent::Given => Ok(true),
            Consent::Denied => {
                output::note(&"nothing was done");
                Ok(false)
            }
            Consent::NobodyThere => {
                bail!("this would {name} {matching}, and nobody is there to ask: say --yes, or --dry-run")
            }
        }
    }

    fn many(&self, total: Total) -> String {
        let Total { matched, complete } = total;
        let least = if complete { "" } else { "at least " };
        let plural = if matched == 1 { "" } else { "s" };
        format!("{least}{matched} {}{plural}", self.verb.what)
    }

    async fn carry_out(&self, selection: Map<String, Value>, total: Option<u64>) -> anyhow::Result<ExitCode> {
        let ask = Ask::post(self.path).json(&selection)?;
        let mut stream = self.gateway.stream(ask).await?;
        let quiet = self.options.quiet || self.out.json;
        let progress = Progress::begin(self.verb.doing, total, quiet);
        let counts = self.follow(&mut stream, &progress).await;
        drop(progress);
        let counts = counts?;
        if !self.out.json {
            self.out.line(counts.summary(self.verb))?;
        }
        Ok(verdict(counts.seen > 0 && counts.refused() == 0))
    }

    async fn follow(&self, stream: &mut Reply, progress: &Progress) -> anyhow::Result<Counts> {
        let mut seen = Counts::default();
        let failed = |source| self.gateway.failed(source);
        while let Some(text) = stream.line(IDLE_LIMIT).await.map_err(failed)? {
            if text.is_empty() {
                continue;
            }
            if self.out.json {
                self.out.raw(&text)?;
            }
            match serde_json::from_slice(&text)
                .with_context(|| format!("unexpected line `{}`", lossy(&text)))?
            {
                Line::Step(step) => self.step(&step, &mut seen, progress)?,
                Line::Progress { progress: counts } => progress.show(counts.seen, &counts.note()),
                Line::Summary { summary } => return Ok(summary),
                Line::Error { error } => return Err(self.broken_off(&seen, &error)),
            }
        }
        Err(self.broken_off(&seen, &"the connection ended"))
    }

    fn step(&self, step: &Step, seen: &mut Counts, progress: &Progress) -> anyhow::Result<()> {
        seen.count(step.outcome);
        if step.outcome.is_refusal() && !self.out.json {
            let line = step.line(self.verb, self.out.style);
            progress.aside(|| self.out.line(&line))?;
        }
        progress.show(seen.seen, &seen.note());
        Ok(())
    }

    /// Part of it is done; the same command again does the rest.
    fn broken_off(&self, seen: &Counts, why: &dyn std::fmt::Display) -> anyhow::Error {
        let done = seen.summary(self.verb);
        anyhow!("broke off: {why}; so far {done}; the same command again goes on with the rest")
    }
}

fn lossy(text: &[u8]) -> String {
    super::style::brief(&String::from_utf8_lossy(text), 80)
}

/// Shown by commands that do the same to single things.
pub(super) use line::{Counts as BulkCounts, Outcome, Step as BulkStep};

//! Finds out, once the last kill is over, whether everything that was promised has come to pass.

use std::sync::Arc;

use tokio::time::sleep;
use uuid::Uuid;

use super::arena::Halt;
use super::attacked::Attacked;
use super::findings::{Breach, Findings};
use super::judge::{self, Fired};
use super::recovery::Killed;
use super::report::Report;
use super::schedules::Schedules;
use super::submit::Submission;
use super::{ProveArgs, inspect, scan, settle};
use crate::api::{ApiError, ReadModel};
use crate::http_client::Target;
use crate::progress::Progress;

/// What there is to verify.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    /// How the run was asked for.
    pub(super) args: &'a ProveArgs,
    /// What was promised.
    pub(super) submission: &'a Arc<Submission>,
    /// What happened to the observatory meanwhile.
    pub(super) killed: &'a [Killed],
}

/// When the observatory is gone for good, nothing that it accepted can be shown to have ended.
pub(super) fn unverified(halt: &Halt, submission: &Submission) -> Findings {
    let mut findings = Findings::default();
    findings.add(Breach::Unexpected, "observatory", halt.to_string());
    for index in 0..submission.plan.jobs() {
        if submission.ledger.is_accepted(index) {
            let id = submission.plan.id(index);
            findings.add(Breach::Lost, id, "the observatory is gone");
        }
    }
    findings
}

impl Claim<'_> {
    /// Waits until all has settled, then asks about everything. The observatory must live through that.
    pub(super) async fn verify(
        &self,
        attacked: &mut Attacked,
        schedules: Schedules,
        report: &mut Report,
    ) -> anyhow::Result<Findings> {
        let read_model = attacked.read_model();
        tokio::select! {
            findings = self.examine(read_model, schedules, report) => Ok(findings),
            status = attacked.wait_end() => {
                let (kills, status) = (self.killed.len(), status?);
                Ok(unverified(&Halt::Ended { kills, status }, self.submission))
            }
        }
    }

    async fn examine(&self, read_model: Target, schedules: Schedules, report: &mut Report) -> Findings {
        let (mut findings, fired) = match schedules.stop().await {
            Ok(all) => judged(&all),
            Err(error) => {
                let mut findings = Findings::default();
                findings.add(Breach::Unexpected, "schedules", format!("{error:#}"));
                (findings, Vec::new())
            }
        };
        report.fired = fired.len() as u64;
        let mut client = self.client(read_model.clone());
        self.settle(&mut client, report.fired).await;
        findings.merge(self.jobs(read_model, &fired, report).await);
        findings
    }

    fn client(&self, read_model: Target) -> ReadModel {
        ReadModel::new(read_model, inspect::ANSWER_LIMIT).patient(self.submission.patience)
    }

    async fn settle(&self, client: &mut ReadModel, fired: u64) {
        let jobs = self.submission.ledger.accepted() + fired;
        let progress = Progress::start("settling", jobs, self.args.output.quiet);
        let patience = self.args.patience();
        settle::settle(client, jobs, patience, &progress).await;
    }

    /// Holds what was measured against what was demanded.
    fn judge_report(&self, report: &Report, findings: &mut Findings) {
        if self.args.gently && report.crashed_attempts > 0 {
            let reason = format!(
                "{} attempts were lost though every process was asked to stop",
                report.crashed_attempts
            );
            findings.add(Breach::Unexpected, "stopping", reason);
        }
        let Some(limit) = self.args.max_recovery else {
            return;
        };
        if report.longest_gap_ms > limit.saturating_mul(1_000) {
            let gap = report.longest_gap_ms;
            let reason =
                format!("no job ended for {gap} ms while there were open ones; {limit} s are allowed");
            findings.add(Breach::Unexpected, "recovery", reason);
        }
    }

    /// Asks about every job, then about the totals.
    async fn jobs(&self, read_model: Target, fired: &[Uuid], report: &mut Report) -> Findings {
        let jobs = self.args.jobs + fired.len() as u64;
        let progress = Progress::start("checking", jobs, self.args.output.quiet);
        let mut client = self.client(read_model.clone());
        let inspection = inspect::inspect(self.submission, fired, read_model, self.killed, progress).await;
        report.terminal = inspection.terminal;
        report.quarantined = inspection.quarantined;
        report.cancelled = inspection.cancelled;
        report.crashed_attempts = inspection.crashes;
        report.recovery_ms = inspection.traces.until_work();
        report.resumed_ms = inspection.traces.until_resumed();
        report.longest_gap_ms = inspection.gaps.longest();
        let mut findings = inspection.findings;
        self.judge_report(report, &mut findings);
        match settled_totals(&mut client, self.submission, fired, inspection.retries).await {
            Ok(more) => findings.merge(more),
            Err(error) => findings.add(Breach::Unexpected, "totals", error.to_string()),
        }
        findings
    }
}

/// As [`totals`], which are looked at again where they are wrong: counters of another process may lie behind.
async fn settled_totals(
    client: &mut ReadModel,
    submission: &Submission,
    fired: &[Uuid],
    retries: u64,
) -> Result<Findings, ApiError> {
    let mut looks = 0;
    loop {
        let findings = totals(client, submission, fired, retries).await?;
        looks += 1;
        if findings.is_empty() || looks > inspect::VAIN_LOOKS {
            return Ok(findings);
        }
        sleep(inspect::ANOTHER_LOOK).await;
    }
}

/// Judges the schedules, and names the jobs that they made.
fn judged(all: &[Fired]) -> (Findings, Vec<Uuid>) {
    let mut findings = Findings::default();
    for fired in all {
        findings.merge(judge::firings(fired));
    }
    let jobs = all.iter().flat_map(|fired| fired.jobs.iter().copied());
    (findings, jobs.collect())
}

/// Holds the job list, the counters and the dead letters against what was accepted and what schedules made.
async fn totals(
    client: &mut ReadModel,
    submission: &Submission,
    fired: &[Uuid],
    retries: u64,
) -> Result<Findings, ApiError> {
    let (mut tally, mut findings) = scan::scan(client, &submission.plan, &submission.ledger, fired).await?;
    tally.retries = retries;
    let stats = client.stats().await?;
    let created = submission.ledger.accepted() + fired.len() as u64;
    findings.merge(judge::counters(created, &tally, &stats));
    let dead = client.dead_letters().await?;
    if dead > 0 {
        findings.add(
            Breach::Unexpected,
            "dead letters",
            format!("{dead}, of good jobs only"),
        );
    }
    Ok(findings)
}

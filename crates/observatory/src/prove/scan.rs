//! Reads the whole job list once and holds it against what was accepted.

use std::collections::HashSet;

use contracts::JobStatus;
use uuid::Uuid;

use super::findings::{Breach, Findings};
use super::judge::Tally;
use super::ledger::Ledger;
use super::plan::Plan;
use crate::api::{ApiError, JobItem, ReadModel};

/// The job list, held against a plan.
#[derive(Debug)]
struct Scan<'a> {
    plan: &'a Plan,
    /// What schedules made, as far as it was not listed yet.
    fired: HashSet<Uuid>,
    listed: Ledger,
    tally: Tally,
    findings: Findings,
}

/// Counts the jobs of the list by state, and finds those that are listed twice, that neither a client nor a schedule
/// made, or that are not listed though they were accepted.
pub(super) async fn scan(
    read_model: &mut ReadModel,
    plan: &Plan,
    accepted: &Ledger,
    fired: &[Uuid],
) -> Result<(Tally, Findings), ApiError> {
    let mut scan = Scan::new(plan, fired);
    let mut cursor = None;
    // A list that goes round in circles must not keep us for ever.
    let most = 2 * (plan.jobs() + fired.len() as u64) + 1000;
    while scan.tally.total < most {
        let (items, next) = read_model.jobs("", cursor.as_deref()).await?;
        for JobItem { id, status } in items {
            scan.note(id, status);
        }
        if next.is_none() {
            break;
        }
        cursor = next;
    }
    Ok(scan.close(accepted))
}

impl<'a> Scan<'a> {
    fn new(plan: &'a Plan, fired: &[Uuid]) -> Self {
        Self {
            plan,
            fired: fired.iter().copied().collect(),
            listed: Ledger::new(plan.jobs()),
            tally: Tally::default(),
            findings: Findings::default(),
        }
    }

    fn note(&mut self, id: Uuid, status: JobStatus) {
        self.tally.count(status);
        match self.plan.index(id) {
            None if self.fired.remove(&id) => {}
            None => self
                .findings
                .add(Breach::Unexpected, id, "listed, and nobody submitted it"),
            Some(index) if !self.listed.accept(index) => {
                self.findings.add(Breach::State, id, "listed twice");
            }
            Some(_) => {}
        }
    }

    fn close(mut self, accepted: &Ledger) -> (Tally, Findings) {
        for index in 0..self.plan.jobs() {
            if accepted.is_accepted(index) && !self.listed.is_accepted(index) {
                let id = self.plan.id(index);
                self.findings
                    .add(Breach::Unexpected, id, "accepted, and not in the job list");
            }
        }
        for id in self.fired {
            let reason = "made by a schedule, and not in the job list";
            self.findings.add(Breach::Unexpected, id, reason);
        }
        (self.tally, self.findings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(listed: &[Uuid], accepted: &[u64]) -> Vec<(Breach, String)> {
        let plan = Plan::new(1, 10);
        let ledger = Ledger::new(10);
        for index in accepted {
            ledger.accept(*index);
        }
        let fired = [Uuid::from_u128(77)];
        let mut scan = Scan::new(&plan, &fired);
        scan.note(fired[0], JobStatus::Completed);
        for id in listed {
            scan.note(*id, JobStatus::Completed);
        }
        let (tally, findings) = scan.close(&ledger);
        assert_eq!(tally.completed, listed.len() as u64 + 1);
        findings
            .named()
            .iter()
            .map(|o| (o.breach, o.reason.clone()))
            .collect()
    }

    #[test]
    fn a_list_of_all_accepted_jobs_passes() {
        let plan = Plan::new(1, 10);
        assert_eq!(judged(&[plan.id(3), plan.id(9)], &[9, 3]), []);
    }

    #[test]
    fn jobs_listed_twice_foreign_or_missing_are_found() {
        let plan = Plan::new(1, 10);
        assert_eq!(
            judged(&[plan.id(3), plan.id(3), Uuid::nil()], &[3, 4]),
            [
                (Breach::State, "listed twice".to_owned()),
                (Breach::Unexpected, "listed, and nobody submitted it".to_owned()),
                (Breach::Unexpected, "accepted, and not in the job list".to_owned()),
            ]
        );
    }
}

//! What a job costs of which nobody wants anything.

use std::num::NonZeroU32;

use domain::limits::Limits;

use super::super::fixtures::job;
use super::super::{admit, record};
use super::*;

/// How many rows are written meanwhile, beside the list of running jobs, which is one for the group.
fn rows_of(desk: &Desk, work: impl FnOnce(&Desk)) -> u64 {
    let before = desk.connection.total_changes();
    work(desk);
    desk.connection.total_changes() - before - 1
}

#[test]
fn a_plain_job_costs_its_row_its_body_and_its_result_whatever_is_set_for_others() {
    let desk = Desk::new();
    announce(&desk, 1, vec![job(0)]);
    let one_at_a_time = Limits {
        concurrency: NonZeroU32::new(1),
        ..Limits::default()
    };
    for change in [
        LimitChange::PauseAll(false),
        LimitChange::Of("other".to_owned(), one_at_a_time),
    ] {
        set(&desk, &change);
        let first = u128::from(change == LimitChange::PauseAll(false)) * 100 + 1;
        let jobs: Vec<NewJob> = (first..first + 10).map(job).collect();
        let shared: Vec<_> = jobs.iter().cloned().map(Arc::new).collect();
        let claimed = rows_of(&desk, |desk| {
            assert_eq!(started(&announce(desk, 2, jobs)), 10);
        });
        assert_eq!(claimed, 20);
        let recorded = rows_of(&desk, |desk| {
            desk.write(|table| admit::admit(table, &shared, at(1)));
            let results: Vec<_> = (first..first + 10)
                .map(|number| completed(number, 1, at(2)))
                .collect();
            desk.write(|table| record::record(table, &results));
        });
        assert_eq!(recorded, 10);
    }
    for table in ["job_holds", "job_waits", "unique_keys", "job_logs", "outbox"] {
        assert_eq!(desk.count(table), 0, "{table}");
    }
}

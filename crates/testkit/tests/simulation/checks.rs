//! What has to be true in the end.

mod derived;
mod firings;
mod lives;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use contracts::JobStatus;
use domain::query::Query;
use domain::{Clock, SystemClock};
use ports::{EventQuery, JobDetail, LoggedEvent, StoredDeadLetter};
use testkit::wait_for;

use crate::books::Books;
use crate::process::Process;

/// How long a system without faults may take to finish what is left.
const PEACE: Duration = Duration::from_mins(1);

/// Waits until every job is terminal and nothing is on its way any more.
pub(crate) async fn settled(process: &Process, books: &Books) {
    wait_for(PEACE, "every accepted job to end", || unfinished(process, books)).await;
    wait_for(PEACE, "an empty outbox and empty queues", || on_its_way(process)).await;
    wait_for(PEACE, "every job of the schedule to end", || unended(process)).await;
    wait_for(PEACE, "an empty outbox and empty queues", || on_its_way(process)).await;
}

async fn unfinished(process: &Process, books: &Books) -> Result<(), String> {
    let jobs = process.jobs();
    for id in books.accepted.union(&books.doubtful) {
        match jobs.job(*id).await.expect("the store answers") {
            Some(detail) if detail.summary.status.is_terminal() => {}
            Some(detail) => return Err(format!("job {id} is not finished: {detail:?}")),
            None if books.accepted.contains(id) => return Err(format!("job {id} is lost")),
            None => {}
        }
    }
    Ok(())
}

/// Whether any job at all has not ended, as the list of them says.
async fn unended(process: &Process) -> Result<(), String> {
    let open = Query::parse("state:pending,validated,scheduled,executing,retrying").expect("a query");
    let page = process.jobs().list(&open, SystemClock.now(), None, 5).await;
    let page = page.expect("the store answers");
    if page.items.is_empty() && page.next.is_none() {
        Ok(())
    } else {
        Err(format!("{page:?}"))
    }
}

async fn on_its_way(process: &Process) -> Result<(), String> {
    let outbox = process.jobs().outbox(5).await.expect("the store answers");
    let depths = process.true_bus().depths().await.expect("the bus answers");
    let busy: Vec<_> = depths
        .into_iter()
        .filter(|depth| depth.ready + depth.unacknowledged > 0)
        .collect();
    let is_complete = process.stats().is_complete().await.expect("the stats answer");
    if outbox.is_empty() && busy.is_empty() && is_complete {
        Ok(())
    } else {
        Err(format!("{outbox:?}, {busy:?}, counters complete: {is_complete}"))
    }
}

/// Compares everything with everything, and says how many jobs ended in which way.
pub(crate) async fn reckoning(process: &Process, books: &Books) -> BTreeMap<JobStatus, usize> {
    let jobs = all_jobs(process).await;
    let known: BTreeSet<_> = jobs.iter().map(|job| job.summary.id).collect();
    assert!(known.is_superset(&books.accepted), "accepted jobs are lost");
    let fired = firings::expected(&*process.jobs()).await;
    assert!(known.is_superset(&fired), "firings are missed");
    for id in &known {
        assert!(
            books.jobs.contains_key(id) || fired.contains(id),
            "nobody submitted {id}"
        );
    }
    for job in &jobs {
        lives::check(job, books);
    }
    let log = all_events(process).await;
    derived::check_log(&jobs, &log);
    derived::check_counters(process, &jobs, &log).await;
    derived::check_letters(&all_letters(process).await, books);
    let mut ends = BTreeMap::new();
    for job in &jobs {
        *ends.entry(job.summary.status).or_default() += 1;
    }
    ends
}

async fn all_jobs(process: &Process) -> Vec<JobDetail> {
    let (store, every) = (process.jobs(), Query::default());
    let (mut cursor, mut all) = (None, Vec::new());
    loop {
        let page = store.list(&every, SystemClock.now(), cursor.as_ref(), 100);
        let page = page.await.expect("the store answers");
        for summary in page.items {
            let detail = store.job(summary.id).await.expect("the store answers");
            let detail = detail.expect("what is listed is there");
            assert_eq!(detail.summary, summary);
            all.push(detail);
        }
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

async fn all_events(process: &Process) -> Vec<LoggedEvent> {
    let (log, mut cursor, mut all) = (process.log(), None, Vec::new());
    loop {
        let page = log
            .events(&EventQuery::default(), cursor.as_ref(), 500)
            .await
            .expect("the log answers");
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

async fn all_letters(process: &Process) -> Vec<StoredDeadLetter> {
    let page = process
        .log()
        .dead_letters(None, None, 10_000)
        .await
        .expect("the log answers");
    assert_eq!(page.next, None);
    page.items
}

//! Lists of jobs, newest first: the numbers of the jobs from the highest down, as far as a page's time goes.
//!
//! A [`Plan`] says which jobs can match at all, as far as indexes know; the [`Sheet`] looks at them one by one. The
//! cursor is the number of the last job that was looked at, or passed over because it cannot match.

mod budget;
mod filter;
mod indexed;
mod plan;
mod runs;
mod sheet;
mod statuses;

use domain::query::Query;
use jiff::Timestamp;
use ports::{JobSummary, Page};

use crate::core::{Operation, Session};
use crate::error::Failure;
use crate::search::chunk_of;
use budget::Budget;
use plan::Plan;
use runs::{Window, runs};
use sheet::{Flow, Sheet};

/// The numbers of the first job and of the last, and the first chunk that is not indexed.
type Ends = (Option<i64>, Option<i64>, i64);

/// A page of the jobs that `query` matches at `now`, of numbers below `before`.
pub(crate) struct List<'a> {
    pub(crate) query: &'a Query,
    pub(crate) now: Timestamp,
    pub(crate) before: i64,
    pub(crate) limit: usize,
}

impl Operation for List<'_> {
    type Answer = Page<JobSummary>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Page<JobSummary>, Failure> {
        let budget = Budget::start();
        let sql = "SELECT (SELECT seq FROM jobs ORDER BY seq LIMIT 1),
                          (SELECT seq FROM jobs ORDER BY seq DESC LIMIT 1), indexed_to FROM search";
        let ends: Ends = sqlx::query_as(sql).fetch_one(&mut *session.connection).await?;
        let (Some(first), Some(last), indexed_to) = ends else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
            });
        };
        let plan = Plan::of(session.connection, self.query, self.now).await?;
        let mut sheet = Sheet::new(&plan, self.query, self.now, self.limit, budget);
        let mut until = self.before.min(last.saturating_add(1));
        let mut flow = Flow::On;
        while flow == Flow::On && until > first {
            let window = Window::of(chunk_of(until - 1));
            let from = window.start().max(first);
            for run in runs(session.connection, &plan, window, indexed_to, from..until).await? {
                flow = sheet.look_at(session.connection, run).await?;
                if flow == Flow::Stop {
                    break;
                }
            }
            if flow == Flow::On {
                flow = sheet.pass(from);
            }
            until = from;
        }
        Ok(sheet.page(flow, first))
    }
}

//! Everything that has happened, job by job, oldest first.

use ports::{JobJournal, Page};

use crate::codes::count;
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::horizon::Settle;
use crate::job::{extra_columns, read_job};
use crate::place;
use crate::row::{Stored, row_columns};

/// A page of the jobs of numbers above `after`.
pub(crate) async fn journal(core: &Core, after: i64, limit: usize) -> Result<Page<JobJournal>, Failure> {
    let mut until = core.settled.get();
    let mut found = core.ask(&Read { after, until, limit }).await?;
    if found.len() < limit {
        // What has arrived since is in the journal, too, once nothing can come in below it.
        until = core.ask(&Settle).await?;
        found = core.ask(&Read { after, until, limit }).await?;
    }
    let last = found.last().map(|(seq, _)| *seq).filter(|_| found.len() == limit);
    Ok(Page {
        items: found.into_iter().map(|(_, journal)| journal).collect(),
        next: last.map(place::write),
    })
}

struct Read {
    after: i64,
    until: i64,
    limit: usize,
}

impl Operation for Read {
    type Answer = Vec<(i64, JobJournal)>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        let sql = concat!(
            "SELECT ",
            row_columns!(),
            ", ",
            extra_columns!(),
            ", body FROM jobs WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3"
        );
        let query = sqlx::query(sql)
            .bind(self.after)
            .bind(self.until)
            .bind(count(self.limit));
        let found = query.fetch_all(&mut *session.connection).await?;
        let journal = |row| {
            let stored = Stored::read(row)?;
            let (job, history) = (read_job(row, &stored.facts)?, stored.events()?);
            Ok((stored.seq, JobJournal { job, history }))
        };
        found.iter().map(journal).collect()
    }
}

//! How long a page of the job list takes: builds a database of many jobs and asks the same questions of it again and
//! again, each for its first page and then page after page.
//!
//! ```text
//! cargo run --release -p embedded --example search -- [JOBS] [DIRECTORY] [QUESTION]
//! ```
//!
//! A database that is in `DIRECTORY` already is asked as it is. Without one a temporary database is made. Only the
//! questions are asked in whose name `QUESTION` is.

#[path = "search/jobs.rs"]
mod jobs;
#[path = "search/questions.rs"]
mod questions;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::SystemClock;
use embedded::{Database, OpenOptions};
use ports::JobStore;

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let kept = arguments.next().map(PathBuf::from);
    let question = arguments.next().unwrap_or_default();
    let temporary = std::env::temp_dir().join(format!("observatory-search-{}", std::process::id()));
    let directory = kept.clone().unwrap_or_else(|| temporary.clone());
    let is_new = !directory.join("observatory.sqlite").exists();
    let database = Database::open(&directory, OpenOptions::new(Arc::new(SystemClock)))?;
    let store = database.job_store();
    if is_new {
        let started = Instant::now();
        jobs::make(&*store, count).await?;
        report_rate("made", count, started.elapsed());
    }
    let started = Instant::now();
    catch_up(&*store, &directory).await?;
    report_rate("indexed", count, started.elapsed());
    questions::ask_all(&*store, count, &question).await?;
    drop(store);
    database.close();
    sizes(&directory)?;
    if kept.is_none() {
        std::fs::remove_dir_all(&directory)?;
    }
    Ok(())
}

/// Comes by until everything is indexed.
async fn catch_up(store: &dyn JobStore, directory: &Path) -> Result<(), Failed> {
    let connection = rusqlite::Connection::open(directory.join("observatory.sqlite"))?;
    loop {
        store
            .take_due(jiff::Timestamp::MIN, jiff::Timestamp::MIN, 1)
            .await?;
        let sql =
            "SELECT (SELECT max(seq) FROM jobs) / 1024 <= value FROM meta WHERE name = 'search_to_chunk'";
        if connection.query_row(sql, [], |row| row.get(0))? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers for people")]
fn report_rate(what: &str, count: u64, elapsed: Duration) {
    let seconds = elapsed.as_secs_f64();
    print(&format!(
        "{what} {count} jobs in {seconds:.1} s: {:.0} a second",
        count as f64 / seconds
    ));
}

/// What the index takes beside the jobs.
fn sizes(directory: &Path) -> Result<(), Failed> {
    let file = directory.join("observatory.sqlite");
    print(&format!(
        "file {} MB",
        std::fs::metadata(&file)?.len() / 1_000_000
    ));
    let connection = rusqlite::Connection::open(file)?;
    for table in ["job_filters", "job_chunks", "job_errors", "job_types"] {
        let sql = match table {
            "job_filters" => "SELECT sum(length(bits)) FROM job_filters".to_owned(),
            _ => format!("SELECT count(*) FROM {table}"),
        };
        let size: Option<i64> = connection.query_row(&sql, [], |row| row.get(0))?;
        let unit = if table == "job_filters" { "bytes" } else { "rows" };
        print(&format!("{table} {} {unit}", size.unwrap_or(0)));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the purpose of an example")]
pub(crate) fn print(line: &str) {
    println!("{line}");
}

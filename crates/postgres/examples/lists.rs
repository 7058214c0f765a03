//! How long pages of lists take, in a database that has jobs: those of `throughput`, for example.
//!
//! ```text
//! cargo run --release -p postgres-adapter --example lists -- URL [QUERY...]
//! ```
//!
//! What can be indexed is indexed first. Each list is read for up to a hundred pages of fifty jobs.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::query::Query;
use domain::{Clock, SystemClock};
use ports::JobStore;
use postgres_adapter::{Options, PostgresStore};

type Failed = Box<dyn std::error::Error + Send + Sync>;

const QUERIES: [&str; 12] = [
    "",
    "state:completed",
    "state:failed",
    "state:pending,executing",
    "type:echo",
    "type:unknown",
    "tag:eu payload.message:hello",
    "payload.number:42",
    "attempt>5",
    "age>7d",
    "unknown",
    "error~timeout",
];

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("the URL of a database is missing")?;
    let own: Vec<String> = arguments.collect();
    let options = Options {
        call_limit: Duration::from_mins(1),
        ..Options::new(Arc::new(SystemClock))
    };
    let store = PostgresStore::open(&url, options)?;
    let started = Instant::now();
    store.index().await?;
    let mut out = std::io::stdout();
    writeln!(out, "indexed in {:?}", started.elapsed())?;
    let texts = if own.is_empty() {
        QUERIES.map(str::to_owned).into()
    } else {
        own
    };
    for text in texts {
        writeln!(out, "{}", measure(&store, &text).await?)?;
    }
    Ok(())
}

async fn measure(store: &PostgresStore, text: &str) -> Result<String, Failed> {
    let query = Query::parse(text)?;
    let (mut took, mut found, mut cursor) = (Vec::new(), 0, None);
    while took.len() < 100 {
        let started = Instant::now();
        let page = store.list(&query, SystemClock.now(), cursor.as_ref(), 50).await?;
        took.push(started.elapsed());
        found += page.items.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    took.sort_unstable();
    let at = |part: usize| took.get(took.len() * part / 100).copied().unwrap_or_default();
    let (half, most) = (at(50), at(95));
    let pages = took.len();
    Ok(format!(
        "{text:40} {found:6} jobs in {pages:3} pages, half within {half:?}, 95 % within {most:?}"
    ))
}

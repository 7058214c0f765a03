//! The questions, and how long their pages take: on the clock, and of the processors' time, which does not depend on
//! what else the machine does.

use std::time::{Duration, Instant};

use domain::query::Query;
use ports::JobStore;

use crate::jobs::{accepted_at, id};
use crate::{Failed, print};

/// How often the first page is asked for.
const FIRST_PAGES: usize = 50;

/// How many pages are turned at most.
const PAGES: usize = 400;

/// How many jobs a page has.
const LIMIT: usize = 50;

/// What is asked, and under which name.
fn questions(count: u64) -> Vec<(&'static str, String)> {
    let question = |name, text: &str| (name, text.to_owned());
    let middle = id(count / 2);
    vec![
        question("no filter", ""),
        question("state, frequent", "state:completed"),
        question("state, rare", "state:executing"),
        question("state, one in a hundred", "state:retrying"),
        question("state, derived", "state:stuck,held"),
        question("type, frequent", "type:email.send"),
        question("type, rare", "type:audit.export"),
        question("type, beginning", "type:audit.*"),
        question("tag, frequent", "tag:eu"),
        question("tag, rare", "tag:vip"),
        question("priority", "priority:high"),
        question("unique key", &format!("key:key-{}", count / 30 * 10)),
        question("error, part", "error~\"timed out\""),
        question("error, rare part", "error~certificate"),
        question(
            "error, whole",
            "error:\"certificate of host 10.0.0.1 has expired\"",
        ),
        question(
            "fingerprint",
            &format!(
                "fingerprint:{}",
                domain::fingerprint::fingerprint("user 7 does not exist")
            ),
        ),
        question("payload, frequent", "payload.region:north"),
        question("payload, rare", "payload.user.id:4242"),
        question("payload, once", &format!("payload.order:{}", count / 3)),
        question("payload, part", "payload.user.name~4242"),
        question("metadata", "metadata.build:3"),
        question("age, young", "age<1h"),
        question("age, old", "age>24h"),
        question("changed lately", "idle<10m"),
        question("id", &format!("id:{middle}")),
        question("text, beginning of an id", &middle.to_string()[..23]),
        question("text, part of a type", "export"),
        question("text, part of an error", "expired"),
        question("text, nowhere", "nowhere"),
        question(
            "combination",
            "type:email.send state:failed error~\"timed out\" tag:eu age>1h payload.region:north",
        ),
        question(
            "combination, rare",
            "type:report.* tag:eu payload.user.id:4242 -state:failed",
        ),
        question("nothing, not a value", "payload.user.id:nobody"),
        question("nothing, together", "state:failed tag:vip type:image.resize"),
        question("nothing, no index", "attempt>7"),
    ]
}

/// Asks the questions in whose name `part` is.
pub(crate) async fn ask_all(store: &dyn JobStore, count: u64, part: &str) -> Result<(), Failed> {
    print(&format!(
        "{:>26} | {:>23} | {:>23} | {:>6} | {:>7} {:>9}",
        "milliseconds", "first: p50 / p95 / max", "next: p50 / p95 / max", "CPU", "pages", "matches"
    ));
    for (name, text) in questions(count)
        .into_iter()
        .filter(|(name, _)| name.contains(part))
    {
        ask(store, count, name, &Query::parse(&text)?).await?;
    }
    Ok(())
}

async fn ask(store: &dyn JobStore, count: u64, name: &str, query: &Query) -> Result<(), Failed> {
    let now = accepted_at(count);
    let mut first = Vec::new();
    for _ in 0..FIRST_PAGES {
        let started = Instant::now();
        store.list(query, now, None, LIMIT).await?;
        first.push(started.elapsed());
    }
    let (mut all, mut matches, mut cursor) = (Vec::new(), 0, None);
    let cpu = cpu_millis();
    while all.len() < PAGES {
        let started = Instant::now();
        let page = store.list(query, now, cursor.as_ref(), LIMIT).await?;
        all.push(started.elapsed());
        matches += page.items.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let more = if cursor.is_some() { "+" } else { "" };
    let pages = u32::try_from(all.len())?;
    let cpu = (cpu_millis() - cpu) / f64::from(pages);
    print(&format!(
        "{name:>26} | {:>23} | {:>23} | {cpu:>6.2} | {pages:>6}{more:1} {matches:>8}{more:1}",
        spread(first),
        spread(all)
    ));
    Ok(())
}

/// Half of them took less, nineteen in twenty, all.
fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| {
        let time = times.get((times.len() * percent / 100).min(times.len().saturating_sub(1)));
        time.map_or(0.0, |time| time.as_secs_f64() * 1e3)
    };
    format!("{:.2} / {:.2} / {:.2}", at(50), at(95), at(100))
}

/// The processors' time that this process has used, as Linux counts it.
#[expect(clippy::cast_precision_loss, reason = "numbers for people")]
fn cpu_millis() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten();
    let nanos = tasks.map(|task| {
        let times = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        times
            .split(' ')
            .next()
            .and_then(|text| text.parse::<u64>().ok())
            .unwrap_or(0)
    });
    nanos.sum::<u64>() as f64 / 1e6
}

//! How many events a second are applied, and what remembering them costs:
//! `cargo run --release --example apply -- redis://... [COUNT] [BATCH]`.
//!
//! Three events of every job, as they come from the bus. Flush the database before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use contracts::EventType;
use domain::{Clock, SystemClock};
use ports::{LiveStats, StatEvent};
use redis_adapter::{Options, Redis};
use uuid::Uuid;

fn event(number: u64) -> StatEvent {
    let kinds = [EventType::Created, EventType::Executed, EventType::Completed];
    let kind = usize::try_from(number % 3).unwrap_or(0);
    StatEvent {
        event_id: Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes()),
        job_id: Uuid::from_u128(u128::from(number / 3)),
        job_type: "echo".to_owned(),
        event_type: kinds[kind],
        at: SystemClock.now(),
        attempt_ended: kind == 2,
        failure: None,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which Redis?")?;
    let count: u64 = arguments.next().map_or(Ok(300_000), |text| text.parse())?;
    let size: u64 = arguments.next().map_or(Ok(500), |text| text.parse())?;
    let stats = Redis::open(&url, Options::new(Arc::new(SystemClock)))?;
    let (mut new, mut longest, mut waited) = (0, Duration::ZERO, Duration::ZERO);
    for from in (0..count).step_by(usize::try_from(size)?) {
        let batch = (from..count.min(from + size)).map(event).collect();
        let since = Instant::now();
        new += stats.apply(batch).await?;
        let took = since.elapsed();
        longest = longest.max(took);
        waited += took;
    }
    let rate = u32::try_from(count).map(f64::from)? / waited.as_secs_f64();
    #[expect(clippy::print_stdout, reason = "the result of a measurement")]
    {
        println!(
            "{rate:.0} events a second in batches of {size}, the longest call {longest:?}; {new} were new"
        );
    }
    Ok(())
}

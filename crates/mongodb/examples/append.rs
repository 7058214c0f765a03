//! How many events a second are appended: `cargo run --release --example append -- mongodb://... [COUNT] [BATCH]`.
//!
//! Three events of every job, as they come from the bus, of 600 bytes each. Drop the database before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use contracts::EventType;
use domain::{Clock, SystemClock};
use mongodb_adapter::{MongoDb, Options};
use ports::{EventLog, LoggedEvent};
use uuid::Uuid;

fn event(number: u64, padding: &str) -> LoggedEvent {
    let kinds = [EventType::Created, EventType::Executed, EventType::Completed];
    let kind = kinds[usize::try_from(number % 3).unwrap_or(0)];
    let body = format!(
        "{{\"contractVersion\":\"1.1.0\",\"correlationId\":\"c-{number}\",\"payload\":{{\"text\":\"{padding}\"}}}}"
    );
    LoggedEvent {
        event_id: Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes()),
        job_id: Uuid::from_u128(u128::from(number / 3)),
        event_type: kind,
        occurred_at: SystemClock.now(),
        body: Bytes::from(body),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which MongoDB?")?;
    let count: u64 = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let size: u64 = arguments.next().map_or(Ok(500), |text| text.parse())?;
    let log = MongoDb::open(&url, Options::new(Arc::new(SystemClock))).await?;
    let padding = " ".repeat(530);
    let (mut new, mut longest, mut waited) = (0, Duration::ZERO, Duration::ZERO);
    for from in (0..count).step_by(usize::try_from(size)?) {
        let batch = (from..count.min(from + size))
            .map(|number| event(number, &padding))
            .collect();
        let since = Instant::now();
        new += log.append(batch).await?;
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

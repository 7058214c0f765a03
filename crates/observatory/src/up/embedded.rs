//! `observatory up`: the whole observatory in one process.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use processor::HandlerRegistry;
use service::open_files;
use service::shutdown::Shutdown;
use service::telemetry::{self, LogFormat};
use tokio::time::timeout;

use super::adapters::{self, Location};
use super::{UpArgs, banner, data_dir, listeners, services};

/// How long the metrics engine may go on applying what is on the bus after the last job has ended. What is
/// left then is applied after the next start.
const SETTLE: Duration = Duration::from_secs(2);

/// Runs the observatory until it is told to stop.
///
/// # Errors
/// In words for a person: a port or the data directory is taken, the data is unreadable.
pub(super) async fn run(args: UpArgs, handlers: HandlerRegistry) -> anyhow::Result<ExitCode> {
    telemetry::init(LogFormat::Text, "warn,service::shutdown=info")?;
    open_files::allow_many();
    let shutdown = Shutdown::new();
    shutdown.on_signals().context("cannot listen to signals")?;
    let listeners = listeners::bind(args.bind, args.port_offset).await?;
    let data_dir = data_dir::resolve(args.data_dir.as_deref())?;
    let adapters = adapters::open(&Location::Embedded(data_dir.clone()))?;
    let points = listeners.access_points();

    let services = services::assemble(&args, &adapters, handlers, &points)?;
    let running = services.start(listeners, &shutdown);
    let (parts, text) = (banner::parts(&points), banner::text(&points, &data_dir));
    banner::announce(&parts, &text, &shutdown).await;

    running
        .until_stopped(&shutdown, SETTLE, Arc::clone(&adapters.bus))
        .await;
    let closing = tokio::task::spawn_blocking(move || adapters.close());
    if timeout(Duration::from_secs(10), closing).await.is_err() {
        tracing::warn!("data not checkpointed in time; the next start reads the log instead");
    }
    Ok(ExitCode::SUCCESS)
}

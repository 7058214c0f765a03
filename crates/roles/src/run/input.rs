//! The end of the standard input as a wish to stop.

use std::io::Read;
use std::thread;

use service::shutdown::Shutdown;
use tokio::sync::oneshot;

/// Takes the end of the standard input as the first signal to stop. Whoever supervises us holds the other end; if that
/// ends, however it does, so do we.
pub(super) fn stop_at_its_end(shutdown: &Shutdown) -> std::io::Result<()> {
    let (sender, ended) = oneshot::channel();
    // A thread of its own, since a read cannot be cancelled: it must not hold up the runtime when that ends.
    thread::Builder::new().name("input".to_owned()).spawn(move || {
        drain(std::io::stdin().lock());
        // Nobody waits for it once the process stops.
        let _ = sender.send(());
    })?;
    let shutdown = shutdown.clone();
    tokio::spawn(async move {
        if ended.await.is_ok() && !shutdown.soft.is_cancelled() {
            tracing::info!("stopping: the input has ended");
            shutdown.advance();
        }
    });
    Ok(())
}

fn drain(mut input: impl Read) {
    let mut buffer = [0; 256];
    while input.read(&mut buffer).is_ok_and(|length| length > 0) {}
}

//! The wish of a person, or of whoever started us, that we stop.

/// The exit code of a command that was interrupted, as shells have it.
pub(crate) const EXIT_INTERRUPTED: u8 = 130;

/// Returns when the process is asked to stop: Ctrl-C, or SIGTERM where that exists.
pub(crate) async fn requested() {
    tokio::select! {
        () = ctrl_c() => {}
        () = terminated() => {}
    }
}

async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

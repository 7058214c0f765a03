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

/// Asks ourselves to stop when the standard input ends.
///
/// # Errors
/// When there can be no thread that reads it.
#[cfg(unix)]
pub(crate) fn at_end_of_input() -> std::io::Result<()> {
    use rustix::process::{Signal, getpid, kill_process};
    let wait = || {
        let _whatever_ended_it = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        let _gone_already = kill_process(getpid(), Signal::TERM);
    };
    std::thread::Builder::new()
        .name("end of input".to_owned())
        .spawn(wait)
        .map(drop)
}

/// There is no such signal here.
#[cfg(not(unix))]
pub(crate) fn at_end_of_input() -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
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

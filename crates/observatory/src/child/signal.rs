//! Signals to processes, by their numbers.

/// What a process is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// End at once.
    Kill,
    /// Stop in order.
    Terminate,
    /// Stand still, until one of the others.
    Freeze,
}

/// Sends a signal. A process that has ended takes none, which is no error.
///
/// # Errors
/// When the system does not let us.
#[cfg(unix)]
pub(super) fn send(pid: u32, signal: Signal) -> std::io::Result<()> {
    use rustix::io::Errno;
    use rustix::process::{Pid, Signal as Number, kill_process};
    let Some(process) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return Ok(());
    };
    let number = match signal {
        Signal::Kill => Number::KILL,
        Signal::Terminate => Number::TERM,
        Signal::Freeze => Number::STOP,
    };
    match kill_process(process, number) {
        Ok(()) | Err(Errno::SRCH) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// There are no signals here.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub(super) fn send(_pid: u32, _signal: Signal) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

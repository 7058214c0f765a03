//! How many files the process may have open. Every connection is one, and shells commonly allow 1024.

/// Raises the limit to what the system allows; where it allows nothing more, connections wait to be accepted.
pub fn allow_many() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "limit of open files not raised");
        }
    }
}

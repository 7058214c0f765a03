//! Every job and every event is counted, so none may be there before.

use std::path::Path;

use anyhow::{Context, bail};

use crate::api::ReadModel;

/// Whether a directory is empty, or not there.
///
/// # Errors
/// When it is not.
pub(super) fn expect_directory(dir: &Path) -> anyhow::Result<()> {
    let first = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        entries => entries
            .with_context(|| format!("cannot read {}", dir.display()))?
            .next(),
    };
    if first.is_some() {
        bail!("{} is not empty", dir.display());
    }
    Ok(())
}

/// Whether the servers behind an observatory are empty, as far as it tells.
///
/// # Errors
/// When they are not: names everything that is there.
pub(super) async fn expect_servers(read_model: &mut ReadModel) -> anyhow::Result<()> {
    let (jobs, _) = read_model.jobs("", None).await?;
    let stats = read_model.stats().await?;
    let found = Found {
        jobs: !jobs.is_empty(),
        counted: stats.total_jobs > 0 || stats.ended() > 0,
        waiting: read_model.queued().await? > 0,
        events: read_model.has_events().await?,
        dead_letters: read_model.dead_letters().await? > 0,
        schedules: read_model.schedules().await? > 0,
    };
    match found.words() {
        None => Ok(()),
        Some(words) => bail!(
            "the servers are not empty: there are {words}; every job and event of theirs is counted, so give them \
             databases (and a virtual host of the broker) of which nothing is in use"
        ),
    }
}

/// What is there.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that may be there"
)]
struct Found {
    jobs: bool,
    counted: bool,
    waiting: bool,
    events: bool,
    dead_letters: bool,
    schedules: bool,
}

impl Found {
    fn words(&self) -> Option<String> {
        let all = [
            (self.jobs, "jobs"),
            (self.schedules, "schedules"),
            (self.waiting, "messages in queues"),
            (self.counted, "counters"),
            (self.events, "events"),
            (self.dead_letters, "dead letters"),
        ];
        let there: Vec<_> = all
            .into_iter()
            .filter_map(|(is, what)| is.then_some(what))
            .collect();
        (!there.is_empty()).then(|| there.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_there_is_named() {
        let mut found = Found {
            jobs: false,
            counted: false,
            waiting: false,
            events: false,
            dead_letters: false,
            schedules: false,
        };
        assert_eq!(found.words(), None);
        (found.events, found.jobs) = (true, true);
        assert_eq!(found.words().as_deref(), Some("jobs, events"));
    }

    #[test]
    fn a_directory_that_is_not_there_is_empty() {
        let dir = tempfile::tempdir().unwrap();
        assert!(expect_directory(&dir.path().join("not-there")).is_ok());
        assert!(expect_directory(dir.path()).is_ok());
        std::fs::write(dir.path().join("mine"), "x").unwrap();
        let error = expect_directory(dir.path()).unwrap_err().to_string();
        assert!(error.ends_with("is not empty"), "{error}");
    }
}

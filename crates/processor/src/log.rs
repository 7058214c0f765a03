//! What a handler writes down, kept with its attempt.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Clock, LogLine, MAX_LOG_LINE, MAX_LOG_LINES};

/// The log of one attempt; clones write to the same one.
#[derive(Clone)]
pub struct AttemptLog {
    clock: Arc<dyn Clock>,
    lines: Arc<Mutex<Lines>>,
}

#[derive(Default)]
struct Lines {
    kept: Vec<LogLine>,
    dropped: usize,
}

impl AttemptLog {
    /// An empty log.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            lines: Arc::default(),
        }
    }

    /// Adds what `text` says, line by line. The first [`MAX_LOG_LINES`] lines are kept, each up to [`MAX_LOG_LINE`]
    /// characters.
    pub fn write(&self, text: impl fmt::Display) {
        let (text, at) = (text.to_string(), self.clock.now());
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        for line in text.lines() {
            if lines.kept.len() >= MAX_LOG_LINES - 1 {
                lines.dropped += 1;
                continue;
            }
            let text = line.chars().filter(|c| *c != '\0').take(MAX_LOG_LINE).collect();
            lines.kept.push(LogLine { at, text });
        }
    }

    /// Takes the lines, with a word on those that are missing.
    pub(crate) fn take(&self) -> Vec<LogLine> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let Lines { mut kept, dropped } = std::mem::take(&mut *lines);
        if dropped > 0 {
            let text = format!("({dropped} more lines are not kept)");
            kept.push(LogLine {
                at: self.clock.now(),
                text,
            });
        }
        kept
    }
}

impl fmt::Debug for AttemptLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptLog").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use domain::ManualClock;
    use jiff::Timestamp;

    use super::*;

    fn texts(log: &AttemptLog) -> Vec<String> {
        log.take().into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn lines_are_kept_in_order_up_to_their_bounds() {
        let log = AttemptLog::new(Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH)));
        log.write("one\ntwo\0");
        log.write("x".repeat(MAX_LOG_LINE + 5));
        let lines = texts(&log);
        assert_eq!(lines[..2], ["one", "two"]);
        assert_eq!(lines[2].len(), MAX_LOG_LINE);
        assert!(texts(&log).is_empty(), "taken once");
    }

    #[test]
    fn a_flood_is_cut_and_counted() {
        let log = AttemptLog::new(Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH)));
        for number in 0..MAX_LOG_LINES + 10 {
            log.write(number);
        }
        let lines = texts(&log);
        assert_eq!(lines.len(), MAX_LOG_LINES);
        assert_eq!(lines.last().unwrap(), "(11 more lines are not kept)");
    }
}

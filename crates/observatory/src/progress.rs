//! What a person sees on stderr while a command works.

use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How far apart lines are where stderr is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(3);

/// The progress of one phase of a command.
#[derive(Debug)]
pub(crate) struct Progress(Display);

#[derive(Debug)]
enum Display {
    Nothing,
    Bar(ProgressBar),
    Lines(Mutex<Lines>),
}

#[derive(Debug)]
struct Lines {
    phase: String,
    total: Option<u64>,
    next: Instant,
}

impl Progress {
    /// Begins a phase of `total` steps: a bar on a terminal, a line every few seconds elsewhere, nothing if
    /// `quiet`.
    pub(crate) fn start(phase: &str, total: u64, quiet: bool) -> Self {
        Self::begin(phase, Some(total), quiet)
    }

    /// As [`Progress::start`], where nobody may know how many steps there are.
    pub(crate) fn begin(phase: &str, total: Option<u64>, quiet: bool) -> Self {
        Self(if quiet {
            Display::Nothing
        } else if std::io::stderr().is_terminal() {
            Display::Bar(bar(phase, total))
        } else {
            Display::Lines(Mutex::new(Lines {
                phase: phase.to_owned(),
                total,
                next: Instant::now() + LINE_EVERY,
            }))
        })
    }

    /// Shows that `done` steps are behind us, and a note.
    pub(crate) fn show(&self, done: u64, note: &str) {
        match &self.0 {
            Display::Nothing => {}
            Display::Bar(bar) => {
                bar.set_position(done);
                bar.set_message(note.to_owned());
            }
            Display::Lines(lines) => {
                let mut lines = lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                lines.show(done, note);
            }
        }
    }

    /// Prints something while the bar is out of the way.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.0 {
            Display::Bar(bar) => bar.suspend(print),
            Display::Nothing | Display::Lines(_) => print(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Display::Bar(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Lines {
    fn show(&mut self, done: u64, note: &str) {
        let now = Instant::now();
        if now < self.next {
            return;
        }
        self.next = now + LINE_EVERY;
        let Self { phase, total, .. } = self;
        let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
        // Progress that cannot be shown is no reason to stop working.
        let _ = writeln!(std::io::stderr(), "{phase}: {done}{of}  {note}");
    }
}

fn bar(phase: &str, total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(total) => (
            ProgressBar::new(total),
            "{prefix:>10} [{bar:30}] {pos}/{len} {elapsed}  {msg}",
        ),
        None => (
            ProgressBar::no_length(),
            "{prefix:>10} {spinner} {pos} {elapsed}  {msg}",
        ),
    };
    let bar = bar.with_prefix(phase.to_owned());
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

//! What an operator does wrong, and how quickly and clearly that is said.

mod command_line;
mod data;
mod help;
mod logs;
mod ports;

use std::time::{Duration, Instant};

use crate::common::{PATIENCE, Site};

/// A mistake is told before a person looks away.
const QUICK: Duration = Duration::from_secs(5);

/// How a command ended that was expected to end by itself.
struct Ended {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ended {
    /// It failed with this exit code and said all of `words`, and did not say it like a program that crashed.
    fn assert_failed(&self, code: i32, words: &[&str]) {
        let Self {
            code: found, stderr, ..
        } = self;
        assert_eq!(*found, code, "{stderr}");
        for word in words {
            assert!(stderr.contains(word), "`{word}` is not in: {stderr}");
        }
        for ugly in ["panicked", "RUST_BACKTRACE", "Os {", "Error {"] {
            assert!(!stderr.contains(ugly), "{stderr}");
        }
    }
}

/// Runs `observatory` with `arguments` to its end, which must come quickly.
async fn run(arguments: &[&str]) -> Ended {
    let site = Site::new();
    let begun = Instant::now();
    let mut process = site.run(arguments);
    let code = process.exit_code(PATIENCE).await;
    assert!(
        begun.elapsed() < QUICK,
        "{arguments:?} took {:?}",
        begun.elapsed()
    );
    Ended {
        code,
        stdout: process.stdout(),
        stderr: process.stderr(),
    }
}

//! The program as a command that ends by itself.

use std::io::Write;
use std::process::{Command, Stdio};

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Runs a command to its end with something to read on stdin, which is no terminal.
    pub(crate) async fn of(mut command: Command, stdin: &str) -> Self {
        let stdin = stdin.to_owned();
        let run = move || {
            let pipes = command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut child = pipes.spawn().unwrap();
            // A command that does not read may be gone already.
            let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
            child.wait_with_output().unwrap()
        };
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// It ended so and said all of `words`, on stdout or stderr.
    #[track_caller]
    pub(crate) fn assert(&self, code: i32, words: &[&str]) -> &Self {
        assert_eq!(self.code, code, "{self:?}");
        for word in words {
            let said = self.stdout.contains(word) || self.stderr.contains(word);
            assert!(said, "`{word}` is not in {self:?}");
        }
        assert!(
            !self.stdout.contains('\x1b'),
            "colour where nobody looks: {self:?}"
        );
        for ugly in ["panicked", "Os {", "Error {"] {
            assert!(!self.stderr.contains(ugly), "{self:?}");
        }
        self
    }

    /// The documents that it printed, one per line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        let read = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        self.stdout.lines().map(read).collect()
    }
}

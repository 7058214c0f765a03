//! Prints answers: for people, or as JSON.

use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use super::style::{Paint, Style};
use super::table::Table;

/// Where answers go: stdout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Out {
    /// Whether scripts read along.
    pub(super) json: bool,
    /// How things look to people.
    pub(super) style: Style,
}

#[expect(clippy::unused_self, reason = "whoever has no `Out` prints nothing")]
impl Out {
    /// Answers as JSON, or for people.
    pub(super) fn new(json: bool) -> Self {
        let style = Style::of_stdout();
        Self { json, style }
    }

    /// Prints a line.
    ///
    /// # Errors
    /// When stdout is closed.
    pub(super) fn line(self, text: impl Display) -> io::Result<()> {
        writeln!(io::stdout(), "{text}")
    }

    /// Prints a document of the observatory as it came, in one line.
    ///
    /// # Errors
    /// When stdout is closed.
    pub(super) fn raw(self, document: &[u8]) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(document.trim_ascii())?;
        stdout.write_all(b"\n")
    }

    /// Prints a document in one line.
    ///
    /// # Errors
    /// When stdout is closed.
    pub(super) fn document(self, document: &impl Serialize) -> io::Result<()> {
        self.line(serde_json::to_string(document)?)
    }

    /// Prints the rows that a table has got since the last time.
    ///
    /// # Errors
    /// When stdout is closed.
    pub(super) fn table<const N: usize>(self, table: &mut Table<N>) -> io::Result<()> {
        io::stdout().write_all(table.take(self.style).as_bytes())
    }

    /// Prints a heading with an empty line before it.
    ///
    /// # Errors
    /// When stdout is closed.
    pub(super) fn heading(self, text: &str) -> io::Result<()> {
        self.line(format_args!("\n{}", self.style.paint(text, Paint::Heading)))
    }
}

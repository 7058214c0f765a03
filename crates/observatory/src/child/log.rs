//! What an observatory of our own says, in a file.

use std::fs::{File, OpenOptions};
use std::path::Path;

use anyhow::Context;

/// How many lines of it an error quotes.
const QUOTED_LINES: usize = 5;
/// How many characters of each.
const QUOTED_LINE: usize = 400;

/// Opens it to write more.
///
/// # Errors
/// When that is not possible.
pub(super) fn open(path: &Path) -> anyhow::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot open {}", path.display()))
}

/// The last few lines; empty where there are none.
pub(super) fn last_words(path: &Path) -> String {
    let text = std::fs::read(path).unwrap_or_default();
    last_lines(&String::from_utf8_lossy(&text))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(QUOTED_LINES)..];
    let cut = |line: &&str| line.chars().take(QUOTED_LINE).collect::<String>();
    last.iter().map(cut).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_quoted_and_long_ones_cut() {
        let text = format!("1\n2\n3\n\n4\n5\n{}\n", "x".repeat(1_000));
        let expected = format!("2\n3\n4\n5\n{}", "x".repeat(QUOTED_LINE));
        assert_eq!(last_lines(&text), expected);
        assert_eq!(last_words(Path::new("/no/such/file")), "");
    }
}

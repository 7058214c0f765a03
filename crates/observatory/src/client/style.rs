//! Colour where somebody looks at it, words everywhere.

use std::fmt::Write;
use std::io::{self, IsTerminal};

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Paint {
    /// As the rest.
    #[default]
    Plain,
    /// The heading of a table or a section.
    Heading,
    /// Beside the point.
    Dim,
    /// It went well.
    Good,
    /// It went wrong.
    Bad,
    /// It may yet go either way.
    Warning,
    /// It is under way.
    Active,
}

impl Paint {
    /// What a state is, by its name.
    pub(super) fn of_state(state: &str) -> Self {
        match state.to_ascii_lowercase().as_str() {
            "completed" | "done" | "replayed" => Self::Good,
            "failed" | "quarantined" | "conflict" => Self::Bad,
            "retrying" | "cancelled" | "paused" | "open" => Self::Warning,
            "executing" | "requested" | "active" => Self::Active,
            "discarded" | "unknown" => Self::Dim,
            _ => Self::Plain,
        }
    }

    /// The terminal's code for it.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Heading => Some("1"),
            Self::Dim => Some("2"),
            Self::Good => Some("32"),
            Self::Bad => Some("31"),
            Self::Warning => Some("33"),
            Self::Active => Some("36"),
        }
    }
}

/// Whether there is colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    colour: bool,
}

impl Style {
    /// Colour where stdout is a terminal that can do it and nobody said no (<https://no-color.org>).
    pub(super) fn of_stdout() -> Self {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let dumb = variable("TERM").is_some_and(|term| term == "dumb");
        let colour = io::stdout().is_terminal() && variable("NO_COLOR").is_none() && !dumb;
        Self { colour }
    }

    /// No colour at all.
    #[cfg(test)]
    pub(super) const PLAIN: Self = Self { colour: false };

    /// Colour in any case.
    #[cfg(test)]
    pub(super) const COLOURED: Self = Self { colour: true };

    /// Text as what it is.
    pub(super) fn paint(self, text: &str, paint: Paint) -> String {
        match paint.code() {
            Some(code) if self.colour && !text.is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }

    /// A state's name as people read it, lower case.
    pub(super) fn state(self, state: &str) -> String {
        self.paint(&state.to_ascii_lowercase(), Paint::of_state(state))
    }
}

/// Text of others, fit for a terminal: what would move its cursor, change its colours or turn the direction of its
/// text around is shown as an escape instead.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
        if c.is_control() || turns {
            // Writing to a string cannot fail.
            let _ = write!(shown, "{}", c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The first line of a text of others, at most so many characters of it.
pub(super) fn brief(text: &str, most: usize) -> String {
    let first = text.trim().lines().next().unwrap_or_default();
    let cut = first.chars().count() > most || first.len() < text.trim().len();
    let shown: String = first.chars().take(most).collect();
    printable(&shown) + if cut { "…" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_words_and_colour_is_added_only_where_wanted() {
        assert_eq!(Style::PLAIN.state("FAILED"), "failed");
        assert_eq!(Style::COLOURED.state("FAILED"), "\x1b[31mfailed\x1b[0m");
        assert_eq!(Style::COLOURED.state("PENDING"), "pending");
    }

    #[test]
    fn nothing_that_others_write_reaches_the_terminal_as_a_command() {
        assert_eq!(printable("a\x1b[2Jb\u{202e}c\té"), "a\\u{1b}[2Jb\\u{202e}c\\té");
    }

    #[test]
    fn long_texts_are_cut_to_one_line() {
        assert_eq!(brief("short", 10), "short");
        assert_eq!(brief("first\nsecond", 10), "first…");
        assert_eq!(brief("0123456789abc", 10), "0123456789…");
    }
}

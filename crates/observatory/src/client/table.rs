//! Aligned columns.

use std::fmt::Write;

use super::style::{Paint, Style};

/// What stands between two columns.
const GAP: &str = "  ";

/// A piece of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    text: String,
    paint: Paint,
}

impl Cell {
    /// A cell that is something in particular.
    pub(super) fn of(text: impl Into<String>, paint: Paint) -> Self {
        let text = text.into();
        Self { text, paint }
    }

    /// A state's name, lower case, in its colour.
    pub(super) fn state(state: &str) -> Self {
        Self::of(state.to_ascii_lowercase(), Paint::of_state(state))
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::of(text, Paint::Plain)
    }
}

/// Rows under headings. Rows may come in portions: columns only ever grow wider.
#[derive(Clone, Debug)]
pub(super) struct Table<const N: usize> {
    widths: [usize; N],
    rows: Vec<[Cell; N]>,
}

impl<const N: usize> Table<N> {
    /// A table whose first row are the headings.
    pub(super) fn new(headings: [&str; N]) -> Self {
        let mut table = Self {
            widths: [0; N],
            rows: Vec::new(),
        };
        table.row(headings.map(|heading| Cell::of(heading, Paint::Heading)));
        table
    }

    /// Adds a row.
    pub(super) fn row(&mut self, row: [Cell; N]) {
        for (width, cell) in self.widths.iter_mut().zip(&row) {
            *width = (*width).max(cell.width());
        }
        self.rows.push(row);
    }

    /// The rows that were added since the last time, one per line.
    pub(super) fn take(&mut self, style: Style) -> String {
        let mut text = String::new();
        for row in std::mem::take(&mut self.rows) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}", self.line(&row, style));
        }
        text
    }

    fn line(&self, row: &[Cell; N], style: Style) -> String {
        let mut line = String::new();
        let used = row
            .iter()
            .rposition(|cell| !cell.text.is_empty())
            .map_or(0, |last| last + 1);
        for (place, (cell, width)) in row.iter().zip(self.widths).enumerate().take(used) {
            let last = place + 1 == used;
            let fill = if last { 0 } else { width - cell.width() };
            line.push_str(&style.paint(&cell.text, cell.paint));
            line.extend(std::iter::repeat_n(' ', fill));
            line.push_str(if last { "" } else { GAP });
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_nothing_trails() {
        let mut table = Table::new(["ID", "STATE", "NOTE"]);
        table.row(["1".into(), Cell::state("FAILED"), "why".into()]);
        table.row(["22".into(), Cell::state("PENDING"), Cell::default()]);
        assert_eq!(
            table.take(Style::PLAIN),
            "ID  STATE    NOTE\n1   failed   why\n22  pending\n"
        );
    }

    #[test]
    fn colour_does_not_shift_columns() {
        let mut table = Table::new(["A", "B"]);
        table.take(Style::PLAIN);
        table.row([Cell::state("FAILED"), "x".into()]);
        table.row(["123456789".into(), "x".into()]);
        let text = table.take(Style::COLOURED);
        assert_eq!(text, "\x1b[31mfailed\x1b[0m     x\n123456789  x\n");
    }

    #[test]
    fn later_rows_stand_under_the_earlier_ones() {
        let mut table = Table::new(["NAME", "B"]);
        table.take(Style::PLAIN);
        table.row(["x".into(), "y".into()]);
        assert_eq!(table.take(Style::PLAIN), "x     y\n");
    }
}

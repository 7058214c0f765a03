//! The text of a query, read from left to right.

use std::ops::Range;

use super::{Operator, QueryError, QueryErrorKind};

/// Words that other languages join terms with. Alone they mean nothing here, and somebody who writes them expects
/// otherwise.
pub(super) const RESERVED: [&str; 3] = ["AND", "OR", "NOT"];

/// Whether a name of a field or a step of a path ends before this character.
pub(super) fn ends_name(c: char) -> bool {
    c.is_whitespace() || matches!(c, '.' | ',' | '"' | ':' | '~' | '<' | '>' | '=')
}

#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn text_of(&self, span: &Range<usize>) -> &'t str {
        &self.text[span.clone()]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.text[self.at..].starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    pub(super) fn take_until(&mut self, ends: impl Fn(char) -> bool) -> &'t str {
        let rest = &self.text[self.at..];
        let length = rest.find(ends).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    pub(super) fn skip_white_space(&mut self) {
        self.take_until(|c| !c.is_whitespace());
    }

    /// An error at the character that comes next.
    pub(super) fn error_here(&self, kind: QueryErrorKind) -> QueryError {
        let length = self.peek().map_or(0, char::len_utf8);
        kind.at(self.at..self.at + length)
    }

    /// Reads the operator that comes next, if one does.
    pub(super) fn operator(&mut self) -> Option<Operator> {
        Operator::ALL
            .into_iter()
            .find(|operator| self.eat(operator.as_str()))
    }

    /// Reads a text in quotes; the opening one comes next.
    pub(super) fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        self.eat("\"");
        let mut text = String::new();
        loop {
            text.push_str(self.take_until(|c| matches!(c, '"' | '\\')));
            if self.eat("\"") {
                return Ok(text);
            }
            if self.eat("\\\"") {
                text.push('"');
            } else if self.eat("\\\\") {
                text.push('\\');
            } else if self.peek().is_some() {
                let escape = self.at..self.at + 1;
                return Err(QueryErrorKind::Escape.at(escape));
            } else {
                return Err(QueryErrorKind::UnclosedQuote.at(start..self.at));
            }
        }
    }
}

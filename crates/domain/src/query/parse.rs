//! From text to terms.

use std::ops::Range;

use super::cursor::{Cursor, RESERVED, ends_name};
use super::given::{Given, Value, wrong_operator};
use super::{
    Condition, FIELDS, Field, MAX_LENGTH, MAX_PATH, MAX_TERMS, MAX_VALUES, Path, QueryError, QueryErrorKind,
    Term,
};
use crate::suggest::nearest;

/// Reads every term of `text`.
pub(super) fn terms(text: &str) -> Result<Vec<Term>, QueryError> {
    if text.len() > MAX_LENGTH {
        return Err(QueryErrorKind::TooLong.of_all());
    }
    let mut cursor = Cursor::new(text);
    if let Some(at) = text.find('\0') {
        return Err(QueryErrorKind::Nul.at(at..at + 1));
    }
    let mut terms = Vec::new();
    cursor.skip_white_space();
    while cursor.peek().is_some() {
        if terms.len() == MAX_TERMS {
            return Err(cursor.error_here(QueryErrorKind::TooManyTerms));
        }
        terms.push(term(&mut cursor)?);
        cursor.skip_white_space();
    }
    Ok(terms)
}

fn term(cursor: &mut Cursor<'_>) -> Result<Term, QueryError> {
    let negated = cursor.eat("-");
    let condition = match head(*cursor)? {
        Some((head, after)) => {
            *cursor = after;
            given(cursor, head)?
        }
        None => Condition::Text(bare(cursor)?),
    };
    Ok(Term { negated, condition })
}

/// What stands before the operator of a term.
struct Head {
    span: Range<usize>,
    name: String,
    path: Vec<String>,
    has_empty_step: bool,
}

/// Reads a field with its path if an operator follows them; otherwise the text has no field.
fn head(mut cursor: Cursor<'_>) -> Result<Option<(Head, Cursor<'_>)>, QueryError> {
    let start = cursor.position();
    let (name, mut has_empty_step) = step(&mut cursor)?;
    let mut path = Vec::new();
    while cursor.eat(".") {
        let (step, is_empty) = step(&mut cursor)?;
        path.push(step);
        has_empty_step |= is_empty;
    }
    let span = start..cursor.position();
    let head = Head {
        span,
        name,
        path,
        has_empty_step,
    };
    let operator_follows = cursor
        .peek()
        .is_some_and(|c| matches!(c, ':' | '~' | '<' | '>' | '='));
    Ok(operator_follows.then_some((head, cursor)))
}

/// Reads a name, and says whether there is none at all: an empty one stands in quotes.
fn step(cursor: &mut Cursor<'_>) -> Result<(String, bool), QueryError> {
    if cursor.peek() == Some('"') {
        return Ok((cursor.quoted()?, false));
    }
    let step = cursor.take_until(ends_name);
    Ok((step.to_owned(), step.is_empty()))
}

fn given(cursor: &mut Cursor<'_>, head: Head) -> Result<Condition, QueryError> {
    let field = field(cursor, &head)?;
    let start = cursor.position();
    let operator = cursor
        .operator()
        .ok_or_else(|| cursor.error_here(QueryErrorKind::EqualsSign))?;
    if !field.operators.contains(&operator) {
        return Err(wrong_operator(field, operator).at(start..cursor.position()));
    }
    let (path, values) = (Path(head.path), values(cursor)?);
    (field.read)(&Given {
        field,
        path,
        operator,
        values,
    })
}

fn field(cursor: &Cursor<'_>, head: &Head) -> Result<&'static Field, QueryError> {
    let error = |kind: QueryErrorKind| Err(kind.at(head.span.clone()));
    let named = FIELDS
        .iter()
        .find(|field| field.name.eq_ignore_ascii_case(&head.name));
    match named {
        Some(field) if field.has_path && (head.path.is_empty() || head.has_empty_step) => {
            error(QueryErrorKind::MissingPath(field.name))
        }
        Some(_) if head.path.len() > MAX_PATH => error(QueryErrorKind::PathTooLong),
        Some(field) if field.has_path || head.path.is_empty() => Ok(field),
        _ => {
            let all = FIELDS.iter().map(|field| field.name);
            let meant = nearest(&head.name, all).filter(|_| named.is_none());
            let name = cursor.text_of(&head.span).to_owned();
            error(QueryErrorKind::UnknownField { name, meant })
        }
    }
}

/// Reads one value or several with commas between them.
fn values(cursor: &mut Cursor<'_>) -> Result<Vec<Value>, QueryError> {
    let mut values = vec![value(cursor)?];
    while cursor.eat(",") {
        if values.len() == MAX_VALUES {
            return Err(cursor.error_here(QueryErrorKind::TooManyValues));
        }
        values.push(value(cursor)?);
    }
    Ok(values)
}

fn value(cursor: &mut Cursor<'_>) -> Result<Value, QueryError> {
    let start = cursor.position();
    let in_quotes = cursor.peek() == Some('"');
    let ends = |c: char| c.is_whitespace() || matches!(c, ',' | '"');
    let text = if in_quotes {
        cursor.quoted()?
    } else {
        cursor.take_until(ends).to_owned()
    };
    let span = start..cursor.position();
    match cursor.peek() {
        Some('"') if !in_quotes => Err(cursor.error_here(QueryErrorKind::StrayQuote)),
        Some(c) if c != ',' && !c.is_whitespace() => Err(cursor.error_here(QueryErrorKind::AfterQuote)),
        _ if span.is_empty() => Err(cursor.error_here(QueryErrorKind::MissingValue)),
        _ => Ok(Value {
            text,
            in_quotes,
            span,
        }),
    }
}

/// Reads texts without a field.
fn bare(cursor: &mut Cursor<'_>) -> Result<Vec<String>, QueryError> {
    let plain = |value: Value| match misleading(&value) {
        Some(kind) => Err(kind.at(value.span)),
        None => Ok(value.text),
    };
    values(cursor)?.into_iter().map(plain).collect()
}

/// Why a text without a field is refused: it says nothing, or looks like something else and is not in quotes.
fn misleading(value: &Value) -> Option<QueryErrorKind> {
    if value.text.is_empty() {
        return Some(QueryErrorKind::MissingValue);
    }
    if value.in_quotes {
        return None;
    }
    if let Some(word) = RESERVED.into_iter().find(|word| value.text == *word) {
        return Some(QueryErrorKind::Reserved(word));
    }
    let like_a_term = value.text.contains(|c| c != '.' && ends_name(c));
    like_a_term.then_some(QueryErrorKind::TermInList)
}

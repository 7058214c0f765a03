//! What somebody wrote in one term, and the ways in which fields read it.

use std::ops::Range;
use std::str::FromStr;

use super::{Field, Operator, Order, Path, QueryError, QueryErrorKind};

/// A value as it was written.
pub(super) struct Value {
    pub(super) text: String,
    pub(super) in_quotes: bool,
    pub(super) span: Range<usize>,
}

/// A term with a field as it was written; the operator is one that the field takes.
pub(super) struct Given {
    pub(super) field: &'static Field,
    pub(super) path: Path,
    pub(super) operator: Operator,
    pub(super) values: Vec<Value>,
}

impl Given {
    /// The comparison, where the operator is one.
    pub(super) fn order(&self) -> Option<Order> {
        match self.operator {
            Operator::Order(order) => Some(order),
            Operator::Is | Operator::Contains => None,
        }
    }

    /// The comparison of a field that takes nothing else.
    pub(super) fn comparison(&self) -> Result<Order, QueryError> {
        self.order()
            .ok_or_else(|| wrong_operator(self.field, self.operator).of_all())
    }

    /// Every value as it is.
    pub(super) fn texts(&self) -> Vec<String> {
        self.values.iter().map(|value| value.text.clone()).collect()
    }

    /// Every value as what `FromStr` makes of it.
    pub(super) fn parsed<T: FromStr>(&self, expected: &'static str) -> Result<Vec<T>, QueryError> {
        self.each(expected, |value| value.text.parse().ok())
    }

    /// Every value as what `read` makes of it.
    pub(super) fn each<T>(
        &self,
        expected: &'static str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>, QueryError> {
        let read = |value: &Value| read(value).ok_or_else(|| self.unexpected(value, expected));
        self.values.iter().map(read).collect()
    }

    /// The only value as what `read` makes of it.
    pub(super) fn one<T>(
        &self,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, QueryError> {
        match self.values.as_slice() {
            [value] => read(&value.text).ok_or_else(|| self.unexpected(value, expected)),
            [_, second, ..] => Err(self.unexpected(second, "one value with this operator")),
            [] => Err(QueryErrorKind::MissingValue.of_all()),
        }
    }

    fn unexpected(&self, value: &Value, expected: &'static str) -> QueryError {
        let kind = QueryErrorKind::Value {
            field: self.field.name,
            expected,
        };
        QueryError {
            kind,
            span: value.span.clone(),
        }
    }
}

pub(super) fn wrong_operator(field: &Field, found: Operator) -> QueryErrorKind {
    QueryErrorKind::Operator {
        field: field.name,
        found,
        takes: field.operators,
    }
}

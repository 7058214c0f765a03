//! What a field of the query language is.

use std::fmt;

use super::given::Given;
use super::{Condition, Order, QueryError};

/// How a field and a value relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `:`
    Is,
    /// `~`
    Contains,
    /// By size.
    Order(Order),
}

impl Operator {
    /// Every operator; one that begins like another stands before it.
    pub const ALL: [Self; 6] = [
        Self::Is,
        Self::Contains,
        Self::Order(Order::AtLeast),
        Self::Order(Order::AtMost),
        Self::Order(Order::Greater),
        Self::Order(Order::Less),
    ];

    pub(super) const IS: &[Self] = &[Self::Is];
    pub(super) const TEXT: &[Self] = &[Self::Is, Self::Contains];
    pub(super) const ORDER: &[Self] = Self::ALL.split_at(2).1;
    pub(super) const NUMBER: &[Self] = &[
        Self::Is,
        Self::Order(Order::AtLeast),
        Self::Order(Order::AtMost),
        Self::Order(Order::Greater),
        Self::Order(Order::Less),
    ];

    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Is => ":",
            Self::Contains => "~",
            Self::Order(order) => order.as_str(),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A field of the query language: one line of its documentation, and how a term is read.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// What it is called.
    pub name: &'static str,
    /// What it takes.
    pub operators: &'static [Operator],
    /// Whether a path follows the name.
    pub has_path: bool,
    /// What it asks.
    pub help: &'static str,
    /// A query that uses it.
    pub example: &'static str,
    /// Makes the condition of what was given.
    pub(super) read: fn(&Given) -> Result<Condition, QueryError>,
}

//! The one pass: a serde visitor that builds the value and notices what must be refused.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use super::error::StrictError;
use crate::pointer;

/// What the visitor tells beside its value; serde's own errors can carry only words.
#[derive(Default)]
pub(super) struct Findings {
    refusal: RefCell<Option<Refusal>>,
    decimal: Cell<bool>,
}

/// The path is collected leaf first while the error travels up, so that a valid document pays nothing for it.
struct Refusal {
    reason: Reason,
    path: Vec<Segment>,
}

enum Reason {
    DuplicateKey(String),
    NulInString,
    NulInKey,
    TooDeep(usize),
}

enum Segment {
    Key(String),
    Index(usize),
}

impl Findings {
    /// Whether any number was not an integer of 64 bits.
    pub(super) fn saw_decimal(&self) -> bool {
        self.decimal.get()
    }

    /// The typed error for what serde reported in words.
    pub(super) fn explain(&self, error: &serde_json::Error) -> StrictError {
        match self.refusal.take() {
            Some(refusal) => refusal.into_error(),
            None => StrictError::syntax(error),
        }
    }

    fn refuse<E: Error>(&self, reason: Reason) -> E {
        self.refusal.replace(Some(Refusal {
            reason,
            path: Vec::new(),
        }));
        E::custom("refused")
    }

    fn enter(&self, segment: impl FnOnce() -> Segment) {
        if let Some(refusal) = self.refusal.borrow_mut().as_mut() {
            refusal.path.push(segment());
        }
    }
}

impl Refusal {
    fn into_error(self) -> StrictError {
        let path = self.pointer();
        match self.reason {
            Reason::DuplicateKey(key) => StrictError::DuplicateKey {
                key: pointer::shorten(&key),
                path,
            },
            Reason::NulInString => StrictError::Nul { path, in_key: false },
            Reason::NulInKey => StrictError::Nul { path, in_key: true },
            Reason::TooDeep(limit) => StrictError::TooDeep { limit },
        }
    }

    fn pointer(&self) -> String {
        let mut path = String::new();
        for segment in self.path.iter().rev() {
            match segment {
                Segment::Key(key) => pointer::push(&mut path, &pointer::shorten(key)),
                Segment::Index(index) => pointer::push(&mut path, &index.to_string()),
            }
        }
        path
    }
}

/// Builds the value of a document, or of a part of it with so many levels left.
#[derive(Clone, Copy)]
pub(super) struct Root<'f> {
    findings: &'f Findings,
    limit: usize,
    left: usize,
}

impl<'f> Root<'f> {
    pub(super) fn new(findings: &'f Findings, limit: usize) -> Self {
        Self {
            findings,
            limit,
            left: limit,
        }
    }

    fn inside<E: Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left, ..self }),
            None => Err(self.findings.refuse(Reason::TooDeep(self.limit))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Root<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Root<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.findings.decimal.set(true);
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        if text.as_bytes().contains(&0) {
            return Err(self.findings.refuse(Reason::NulInString));
        }
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(inside) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Value::Array(list)),
                Err(error) => {
                    self.findings.enter(|| Segment::Index(list.len()));
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut object = Map::new();
        while let Some(key) = entries.next_key_seed(Key(self.findings))? {
            let value = match entries.next_value_seed(inside) {
                Ok(value) => value,
                Err(error) => {
                    self.findings.enter(|| Segment::Key(key));
                    return Err(error);
                }
            };
            match object.entry(key) {
                Entry::Vacant(place) => place.insert(value),
                Entry::Occupied(taken) => {
                    let key = taken.key().clone();
                    let error = self.findings.refuse(Reason::DuplicateKey(key.clone()));
                    self.findings.enter(|| Segment::Key(key));
                    return Err(error);
                }
            };
        }
        Ok(Value::Object(object))
    }
}

struct Key<'f>(&'f Findings);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        if text.as_bytes().contains(&0) {
            return Err(self.0.refuse(Reason::NulInKey));
        }
        Ok(text.to_owned())
    }
}

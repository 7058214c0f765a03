//! One place of a schema as the sum of everything that applies there.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Everything that a value at one place must satisfy: the schema itself, what its `$ref` points at,
/// and the branches of `allOf`, all of them at once.
#[derive(Debug, Default)]
pub(super) struct Node<'s> {
    /// The schemas that apply.
    pub(super) parts: Vec<&'s Map<String, Value>>,
    /// Whether one of them is `false`, so that nothing is allowed here.
    pub(super) forbidden: bool,
    /// What could not be read as a schema.
    pub(super) problems: Vec<String>,
}

impl<'s> Node<'s> {
    /// The place that all of `schemas` describe, inside the document `root`.
    pub(super) fn new(root: &'s Value, schemas: &[&'s Value]) -> Self {
        let mut node = Self::default();
        for schema in schemas {
            node.add(root, schema, &mut Vec::new());
        }
        node
    }

    fn add(&mut self, root: &'s Value, schema: &'s Value, trail: &mut Vec<&'s str>) {
        match schema {
            Value::Bool(allowed) => self.forbidden |= !allowed,
            Value::Object(part) => match local_reference(part) {
                Some(reference) => self.follow(root, reference, trail),
                None => self.add_part(root, part, trail),
            },
            _ => self
                .problems
                .push("is no schema: neither an object nor true or false".to_owned()),
        }
    }

    fn follow(&mut self, root: &'s Value, reference: &'s str, trail: &mut Vec<&'s str>) {
        if trail.contains(&reference) {
            self.problems
                .push(format!("refers to itself through `{reference}`"));
            return;
        }
        match root.pointer(&reference[1..]) {
            Some(target) => {
                trail.push(reference);
                self.add(root, target, trail);
                trail.pop();
            }
            None => self
                .problems
                .push(format!("refers to `{reference}`, which is not in the document")),
        }
    }

    fn add_part(&mut self, root: &'s Value, part: &'s Map<String, Value>, trail: &mut Vec<&'s str>) {
        self.parts.push(part);
        if part.contains_key("$ref") {
            return;
        }
        match part.get("allOf") {
            None => {}
            Some(Value::Array(branches)) => {
                for branch in branches {
                    self.add(root, branch, trail);
                }
            }
            Some(_) => self.problems.push("has an allOf that is no list".to_owned()),
        }
    }

    /// The keywords in use; a `const` counts as an `enum` of one value.
    pub(super) fn keywords(&self) -> BTreeSet<&'s str> {
        let of_part = |part: &&'s Map<String, Value>| {
            let only_reference = part.contains_key("$ref");
            part.keys()
                .map(String::as_str)
                .filter(move |key| !only_reference || *key == "$ref")
                .collect::<Vec<_>>()
        };
        let all = self.parts.iter().flat_map(of_part).filter(|key| *key != "allOf");
        all.map(|key| if key == "const" { "enum" } else { key }).collect()
    }

    /// The different values of one keyword in all parts; saying a thing twice adds nothing to it.
    pub(super) fn values(&self, keyword: &str) -> Vec<&'s Value> {
        let counts = |part: &Map<String, Value>| keyword == "$ref" || !part.contains_key("$ref");
        let parts = self.parts.iter().filter(|part| counts(part));
        let mut different: Vec<&Value> = Vec::new();
        for value in parts.filter_map(|part| part.get(keyword)) {
            if !different.contains(&value) {
                different.push(value);
            }
        }
        different
    }

    /// The schemas of one field.
    pub(super) fn field(&self, name: &str) -> Vec<&'s Value> {
        self.own_parts()
            .filter_map(|part| part.get("properties")?.get(name))
            .collect()
    }

    /// The names of every field.
    pub(super) fn fields(&self) -> BTreeSet<&'s str> {
        self.own_parts().flat_map(field_names).collect()
    }

    /// Every name in `required`.
    pub(super) fn required(&self) -> BTreeSet<&'s str> {
        let lists = self.values("required").into_iter().filter_map(Value::as_array);
        lists.flatten().filter_map(Value::as_str).collect()
    }

    /// The fields of every part that shuts out others, by the place of the part; such a part sees only the
    /// fields beside it.
    pub(super) fn closed_parts(&self) -> Vec<(usize, BTreeSet<&'s str>)> {
        let closed = |part: &Map<String, Value>| {
            ["additionalProperties", "patternProperties"]
                .iter()
                .any(|keyword| part.contains_key(*keyword))
        };
        let parts = self.parts.iter().enumerate().filter(|(_, part)| closed(part));
        parts
            .map(|(at, part)| (at, field_names(part).collect()))
            .collect()
    }

    /// Names the place by the identity of its parts, to notice that it was visited before.
    pub(super) fn identity(&self) -> Vec<usize> {
        self.parts
            .iter()
            .map(|part| std::ptr::from_ref::<Map<String, Value>>(part).addr())
            .collect()
    }

    /// The parts whose keywords count: beside a `$ref` nothing else does.
    fn own_parts(&self) -> impl Iterator<Item = &'s Map<String, Value>> + '_ {
        self.parts
            .iter()
            .copied()
            .filter(|part| !part.contains_key("$ref"))
    }
}

fn field_names(part: &Map<String, Value>) -> impl Iterator<Item = &str> {
    part.get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|fields| fields.keys())
        .map(String::as_str)
}

fn local_reference(part: &Map<String, Value>) -> Option<&str> {
    part.get("$ref")
        .and_then(Value::as_str)
        .filter(|reference| reference.starts_with('#'))
}

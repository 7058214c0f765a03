//! `properties` and `required`.

use serde_json::Value;

use crate::compat::change::Kind;
use crate::compat::comparison::{Comparison, Pair};
use crate::pointer;

/// A new field is minor by itself (that it is required, is said by [`required`]), a lost one is major.
pub(super) fn properties<'s>(comparison: &mut Comparison<'s>, pair: &Pair<'_, 's>) {
    let fields = pair.at("properties");
    if pair
        .old
        .values("properties")
        .iter()
        .chain(&pair.new.values("properties"))
        .any(|map| !map.is_object())
    {
        comparison.note(fields, Kind::NotUnderstood, "`properties` is no object");
        return;
    }
    for name in pair.old.fields().union(&pair.new.fields()) {
        let path = pointer::join(&fields, name);
        match (pair.old.field(name), pair.new.field(name)) {
            (old, new) if old.is_empty() => added(comparison, &path, name, &new),
            (_, new) if new.is_empty() => {
                comparison.note(
                    path,
                    Kind::FieldRemoved,
                    format!("the field `{name}` was removed"),
                );
            }
            (old, new) => comparison.schemas(&path, &old, &new),
        }
    }
}

fn added(comparison: &mut Comparison<'_>, path: &str, name: &str, schemas: &[&Value]) {
    if schemas.iter().any(|schema| schema.as_bool() == Some(false)) {
        comparison.note(
            path,
            Kind::ConstraintAdded,
            format!("the field `{name}` is forbidden now"),
        );
    } else {
        comparison.note(path, Kind::FieldAdded, format!("the field `{name}` was added"));
    }
}

/// Demanding a field is major, no longer demanding one is minor.
pub(super) fn required(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>) {
    let path = pair.at("required");
    let lists = [pair.old.values("required"), pair.new.values("required")].concat();
    let readable = |list: &Value| {
        list.as_array()
            .is_some_and(|names| names.iter().all(Value::is_string))
    };
    if !lists.into_iter().all(readable) {
        comparison.note(path, Kind::NotUnderstood, "`required` is no list of names");
        return;
    }
    let (old, new) = (pair.old.required(), pair.new.required());
    for name in new.difference(&old) {
        let what = if pair.old.field(name).is_empty() {
            "the new field"
        } else {
            "the optional field"
        };
        comparison.note(
            path.clone(),
            Kind::FieldRequired,
            format!("{what} `{name}` must be given now"),
        );
    }
    for name in old.difference(&new) {
        comparison.note(
            path.clone(),
            Kind::FieldOptional,
            format!("the field `{name}` need not be given any more"),
        );
    }
}

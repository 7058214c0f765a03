//! Keywords in which less may mean more: a change inside is judged only when it is a change of words.

use serde_json::Value;

use crate::compat::change::Kind;
use crate::compat::comparison::{Comparison, Pair};
use crate::pointer;

/// Alternatives: `anyOf` and `oneOf`.
pub(super) fn branches<'s>(comparison: &mut Comparison<'s>, pair: &Pair<'_, 's>, keyword: &str) {
    let path = pair.at(keyword);
    for sides in pair.values(keyword) {
        match sides {
            (Some(Value::Array(old)), Some(Value::Array(new))) if old.len() == new.len() => {
                let places = old.iter().zip(new).enumerate();
                let places = places.map(|(at, (old, new))| (pointer::join(&path, &at.to_string()), old, new));
                comparison.opaque(&path, keyword, &places.collect::<Vec<_>>());
            }
            _ => came_or_went(comparison, &path, keyword),
        }
    }
}

/// One schema: `not`, `contains` and the three of a condition.
pub(super) fn single<'s>(comparison: &mut Comparison<'s>, pair: &Pair<'_, 's>, keyword: &str) {
    let path = pair.at(keyword);
    for sides in pair.values(keyword) {
        match sides {
            (Some(old), Some(new)) => comparison.opaque(&path, keyword, &[(path.clone(), old, new)]),
            _ => came_or_went(comparison, &path, keyword),
        }
    }
}

fn came_or_went(comparison: &mut Comparison<'_>, path: &str, keyword: &str) {
    let words =
        format!("`{keyword}` was added, removed or has another number of branches, which cannot be judged");
    comparison.note(path, Kind::NotUnderstood, words);
}

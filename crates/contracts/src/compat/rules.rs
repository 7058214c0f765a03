//! The rules, one file for each family of keywords.

mod bounds;
mod fields;
mod opaque;
mod positions;
mod text;
mod types;
mod values;

use super::change::Kind;
use super::comparison::{Comparison, Pair};

/// Judges one keyword at one place.
pub(super) fn apply<'s>(comparison: &mut Comparison<'s>, pair: &Pair<'_, 's>, keyword: &str) {
    match keyword {
        // It declares the change.
        "$version" if pair.path.is_empty() => {}
        // Judged where something refers to it.
        "definitions" => {}
        "title" | "description" | "examples" | "$comment" => text::documentation(comparison, pair, keyword),
        "$id" | "$schema" => text::identity(comparison, pair, keyword),
        "type" => types::apply(comparison, pair),
        "enum" => values::apply(comparison, pair),
        "properties" => fields::properties(comparison, pair),
        "required" => fields::required(comparison, pair),
        "items" => positions::items(comparison, pair),
        "additionalProperties" | "propertyNames" => positions::everywhere(comparison, pair, keyword),
        "patternProperties" => positions::by_pattern(comparison, pair),
        "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => {
            bounds::lower(comparison, pair, keyword);
        }
        "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
            bounds::upper(comparison, pair, keyword);
        }
        "pattern" | "format" | "multipleOf" => bounds::exact(comparison, pair, keyword),
        "uniqueItems" => bounds::flag(comparison, pair, keyword),
        "anyOf" | "oneOf" => opaque::branches(comparison, pair, keyword),
        "not" | "if" | "then" | "else" | "contains" => opaque::single(comparison, pair, keyword),
        _ => unknown(comparison, pair, keyword),
    }
}

fn unknown(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, keyword: &str) {
    if pair.old.values(keyword) != pair.new.values(keyword) {
        let words = format!("`{keyword}` changed, which this checker does not understand");
        comparison.note(pair.at(keyword), Kind::NotUnderstood, words);
    }
}

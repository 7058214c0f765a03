//! Keywords for people, and the document's own name.

use crate::compat::change::Kind;
use crate::compat::comparison::{Comparison, Pair};

/// Words for people: a patch, whatever they say.
pub(super) fn documentation(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, keyword: &str) {
    if pair.old.values(keyword) != pair.new.values(keyword) {
        comparison.note(
            pair.at(keyword),
            Kind::Documentation,
            format!("`{keyword}` changed"),
        );
    }
}

/// The name of the document or of its dialect: whoever holds the old one no longer finds it.
pub(super) fn identity(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, keyword: &str) {
    if pair.old.values(keyword) != pair.new.values(keyword) {
        comparison.note(
            pair.at(keyword),
            Kind::IdentityChanged,
            format!("`{keyword}` changed"),
        );
    }
}

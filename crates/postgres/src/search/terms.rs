//! What the filter of a chunk has of a job.

use std::collections::HashSet;

use contracts::Priority;
use domain::query::{Facts, TermKind, index_terms_of};

use crate::codes::rank;

/// Sets our own terms apart from those of `domain`, which are hashes of all sizes.
const PRIORITY: u64 = 1 << 32;
const PART: u64 = 2 << 32;

/// How long a part of a text is, in bytes.
const PART_LENGTH: usize = 3;

/// Takes in what a job can be found by. Errors are elsewhere: they come late in a job's life.
pub(super) fn take_in(terms: &mut HashSet<u64>, facts: &Facts<'_>) {
    let of_domain = index_terms_of(facts).into_iter();
    let lasting = of_domain.filter(|term| term.kind != TermKind::Fingerprint);
    terms.extend(lasting.map(|term| term.hash));
    terms.insert(priority_term(facts.priority));
    terms.extend(parts(facts.job_type));
    terms.extend(facts.tags.iter().flat_map(|tag| parts(tag)));
}

/// The term of a priority.
pub(crate) fn priority_term(priority: Priority) -> u64 {
    PRIORITY | u64::from(rank(priority).unsigned_abs())
}

/// The terms of every part of a text, whatever the case of the letters A to Z: a text that is part of it has none
/// but these.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = u64> {
    text.as_bytes().windows(PART_LENGTH).map(|part| {
        let letters = part.iter().fold(0, |letters, byte| {
            letters << 8 | u64::from(byte.to_ascii_lowercase())
        });
        PART | letters
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<u64> {
        parts(text).collect()
    }

    #[test]
    fn a_part_of_a_text_has_no_terms_but_those_of_the_text() {
        let whole = of("Invoice-\u{e9} 7");
        for part in ["inv", "VOICE", "-\u{e9}", "\u{e9} 7", "oice-\u{e9}"] {
            let terms = of(part);
            assert!(
                !terms.is_empty() && terms.iter().all(|term| whole.contains(term)),
                "{part}"
            );
        }
        assert!(!whole.contains(&of("vox")[0]) && of("ab").is_empty());
    }

    #[test]
    fn terms_are_the_same_in_every_version() {
        assert_eq!(of("Abc"), [0x2_0061_6263]);
        assert_eq!(
            Priority::ALL.map(priority_term),
            [0x1_0000_0001, 0x1_0000_0002, 0x1_0000_0003]
        );
    }
}

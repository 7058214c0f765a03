//! What the filter of a chunk has of a job.

use contracts::Priority;
use domain::query::{Facts, TermKind, index_terms_of};

use super::filter::Terms;
use crate::jobs::codes::rank;

/// Sets our own terms apart from those of `domain`, which are hashes of all sizes.
const PRIORITY: u64 = 1 << 32;
const PART: u64 = 2 << 32;

/// How long a part of a text is, in bytes.
const PART_LENGTH: usize = 3;

/// Takes in what a job can be found by. Types and errors are elsewhere.
pub(super) fn take_in(terms: &mut Terms, facts: &Facts<'_>) {
    let of_domain = index_terms_of(facts).into_iter();
    let elsewhere = |kind: TermKind| matches!(kind, TermKind::Type | TermKind::Fingerprint);
    terms.extend(
        of_domain
            .filter(|term| !elsewhere(term.kind))
            .map(|term| term.hash),
    );
    terms.insert(priority_term(facts.priority));
    terms.extend(parts(facts.job_type));
    terms.extend(facts.tags.iter().flat_map(|tag| parts(tag)));
}

/// The term of a priority.
pub(in crate::jobs) fn priority_term(priority: Priority) -> u64 {
    PRIORITY | u64::from(rank(priority))
}

/// The terms of every part of a text, whatever the case of the letters A to Z: a text that is part of it has none
/// but these.
pub(in crate::jobs) fn parts(text: &str) -> impl Iterator<Item = u64> {
    text.as_bytes().windows(PART_LENGTH).map(|part| {
        part.iter().fold(PART, |term, byte| {
            PART | (term << 8 | u64::from(byte.to_ascii_lowercase())) & 0xff_ffff
        })
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
        let whole = of("Invoice-é 7");
        for part in ["inv", "VOICE", "-é", "é 7", "oice-é"] {
            let terms = of(part);
            assert!(
                !terms.is_empty() && terms.iter().all(|term| whole.contains(term)),
                "{part}"
            );
        }
        assert!(!whole.contains(&of("vox")[0]));
        assert!(of("ab").is_empty());
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

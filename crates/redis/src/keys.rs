//! The keys, all in one slot of a cluster.
//!
//! Every key begins with a prefix that has a hash tag in it. `{observatory}:` has, in text that a person can read:
//!
//! | key | what it is |
//! |---|---|
//! | `life` | names the data that is here; another one whenever Redis has lost everything |
//! | `complete` | the life that was made complete; absent while none is |
//! | `events` | how many events of each type were applied |
//! | `ended` | how many of them ended an attempt |
//! | `latest` | the latest event's time, in seconds and microseconds |
//! | `types` | by job type: jobs created, completed and failed |
//! | `minutes` | the minutes that have events, in seconds since 1970 |
//! | `minute-counts` | by minute: jobs created, completed and failed |
//! | `errors` | by fingerprint: when the first and the latest error was, whose the latest was, how many there were |
//! | `error-titles` | by fingerprint: what these errors have in common |
//! | `ids:0000` to `ids:ffff` | the identifiers of applied events, by their last two bytes |
//! | `applied` | the same identifiers in the order of their arrival: a time and up to 256 of them in each item |
//!
//! An identifier is looked up in a small hash, which Redis packs as a list of bytes while it has at most
//! `hash-max-listpack-entries` fields (512): up to 33 million identifiers. Beyond that it takes 70 bytes instead of 20.
//! Retention takes the oldest items from `applied` and finds by them what to forget.

/// What keys begin with unless told otherwise.
pub const PREFIX: &str = "{observatory}";

pub(crate) const LIFE: &str = "life";
pub(crate) const COMPLETE: &str = "complete";
pub(crate) const EVENTS: &str = "events";
pub(crate) const ENDED: &str = "ended";
pub(crate) const LATEST: &str = "latest";
pub(crate) const TYPES: &str = "types";
pub(crate) const MINUTES: &str = "minutes";
pub(crate) const MINUTE_COUNTS: &str = "minute-counts";
pub(crate) const ERRORS: &str = "errors";
pub(crate) const ERROR_TITLES: &str = "error-titles";
pub(crate) const APPLIED: &str = "applied";

/// All of them, but for the buckets of identifiers.
pub(crate) const NAMED: [&str; 11] = [
    LIFE,
    COMPLETE,
    EVENTS,
    ENDED,
    LATEST,
    TYPES,
    MINUTES,
    MINUTE_COUNTS,
    ERRORS,
    ERROR_TITLES,
    APPLIED,
];

/// Makes the full names of keys.
#[derive(Clone, Debug)]
pub(crate) struct Keys(String);

impl Keys {
    /// Keys that begin with `prefix`; `None` if it has no hash tag.
    pub(crate) fn new(prefix: &str) -> Option<Self> {
        let (_, rest) = prefix.split_once('{')?;
        let (tag, _) = rest.split_once('}')?;
        (!tag.is_empty()).then(|| Self(prefix.to_owned()))
    }

    /// What scripts are given as their key: it is in the slot of all keys.
    pub(crate) fn prefix(&self) -> &str {
        &self.0
    }

    pub(crate) fn of(&self, name: &str) -> String {
        format!("{}:{name}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_needs_a_hash_tag() {
        let keys = Keys::new(PREFIX).map(|keys| keys.of(LIFE));
        assert_eq!(keys.as_deref(), Some("{observatory}:life"));
        assert!(Keys::new("a{b}c").is_some());
        for prefix in ["", "observatory", "{}", "a{b", "a}b", "}{"] {
            assert!(Keys::new(prefix).is_none(), "{prefix}");
        }
    }
}

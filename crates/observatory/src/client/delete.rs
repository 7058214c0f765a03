//! `observatory delete`: forgets jobs that have ended.

use super::bulk::Verb;

/// What it does, in words.
pub(super) const VERB: Verb = Verb {
    name: "delete",
    past: "deleted",
    doing: "deleting",
    what: "job",
};

/// What it is for.
pub(super) const ABOUT: &str = "\
Forget jobs that have ended, with their payload, result and attempts.

Counters keep counting them and the event log keeps their events until retention removes those. Ended jobs go by \
themselves after the time of `observatory up --retention`.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory delete 0199a3f2-7c1e-7000-8000-0123456789ab
  observatory delete --query 'state:completed idle>1d' --dry-run
  observatory delete --query 'tag:trial' --yes

Exit codes:
  0    all of them are gone
  1    some have not ended or are unknown, nothing matched, or you said no
  2    it could not be done
  130  interrupted";

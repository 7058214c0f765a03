//! `observatory cancel`: withdraws jobs that have not ended.

use super::bulk::Verb;

/// What it does, in words.
pub(super) const VERB: Verb = Verb {
    name: "cancel",
    past: "cancelled",
    doing: "cancelling",
    what: "job",
};

/// What it is for.
pub(super) const ABOUT: &str = "\
Withdraw jobs that have not ended.

A job that waits is CANCELLED at once and never starts. One that runs is told to end: its handler is asked first and \
stopped after a grace time; until then the job is still executing. With --query the matches are counted, you are \
asked, and then every job is withdrawn on its own: what is interrupted half-way can simply be said again.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory cancel 0199a3f2-7c1e-7000-8000-0123456789ab
  observatory cancel --query 'type:email state:pending,scheduled' --dry-run
  observatory cancel --query 'tag:import age>1h' --yes

Exit codes:
  0    all of them are cancelled, or told to end
  1    some had ended or are unknown, nothing matched, or you said no
  2    it could not be done
  130  interrupted";

//! `observatory retry`: begins a new round of jobs that ended without a result.

use super::bulk::Verb;

/// What it does, in words.
pub(super) const VERB: Verb = Verb {
    name: "retry",
    past: "retried",
    doing: "retrying",
    what: "job",
};

/// What it is for.
pub(super) const ABOUT: &str = "\
Begin a new round of jobs that ended without a result: failed, cancelled or quarantined ones.

Failures are counted anew, so the job has all its attempts again; what happened in earlier rounds stays in its \
history. A job that was completed is left alone.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory retry 0199a3f2-7c1e-7000-8000-0123456789ab
  observatory retry --query 'state:failed error~\"timed out\"' --dry-run
  observatory retry --query fingerprint:cbf29ce484222325 --yes

Exit codes:
  0    all of them will be tried again
  1    some have not ended, have a result or are unknown, nothing matched, or you said no
  2    it could not be done
  130  interrupted";

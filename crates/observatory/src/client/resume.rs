//! `observatory resume`: starts jobs again after a pause.

/// What it is for.
pub(super) const ABOUT: &str = "\
Start jobs again after a pause.

A type that was paused by itself stays so when everything is resumed, and the other way round.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory resume email
  observatory resume                     what `observatory pause` without a type has paused

Exit codes:
  0    resumed
  2    it could not be done
  130  interrupted";

//! The report as a person reads it.

use std::fmt;

use super::super::version::Version;
use super::{Report, SchemaReport, Verdict};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "contracts: {} compared with {}", self.to, self.from)?;
        for schema in &self.schemas {
            write!(f, "{schema}")?;
        }
        match self
            .schemas
            .iter()
            .filter(|schema| !schema.verdict.is_ok())
            .count()
        {
            0 => write!(f, "ok: every version says what its changes need"),
            failed => write!(f, "failed: {failed} of {} schemas", self.schemas.len()),
        }
    }
}

impl fmt::Display for SchemaReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.verdict.is_ok() { "ok  " } else { "FAIL" };
        let (old, new) = (spelled(self.old_version), spelled(self.new_version));
        writeln!(f, "{mark} {} {old} -> {new}: {}", self.name, self.reason())?;
        for change in &self.changes {
            writeln!(
                f,
                "       {:5} {}: {}",
                change.level,
                place(&change.path),
                change.description
            )?;
        }
        Ok(())
    }
}

impl SchemaReport {
    fn reason(&self) -> String {
        let needed = self
            .required
            .map_or_else(|| "no".to_owned(), |level| format!("a {level}"));
        match self.verdict {
            Verdict::Unchanged => "unchanged".to_owned(),
            Verdict::Declared => format!("{needed} step is needed, the version declares it"),
            Verdict::New => "new".to_owned(),
            Verdict::NotDeclared => format!("changed, and the version did not: {needed} step is needed"),
            Verdict::UnderDeclared => format!("{needed} step is needed, the version rose by less"),
            Verdict::WentBack => "the version went back".to_owned(),
            Verdict::BadVersion => "`$version` must be of the form 1.2.3 on both sides".to_owned(),
            Verdict::Removed => "removed; whoever uses it finds nothing".to_owned(),
        }
    }
}

fn spelled(version: Option<Version>) -> String {
    version.map_or_else(|| "none".to_owned(), |version| version.to_string())
}

fn place(path: &str) -> &str {
    if path.is_empty() {
        "(the whole document)"
    } else {
        path
    }
}

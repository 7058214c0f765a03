//! A query as text.

use std::fmt::{self, Display, Formatter};

use super::cursor::{RESERVED, ends_name};
use super::{BodyTest, Condition, Path, Pattern, Term, TextTest};

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sign = if self.negated { "-" } else { "" };
        write!(f, "{sign}{}", self.condition)
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(parts) => list(f, parts.iter().map(|part| bare(part))),
            Self::Id(ids) => field(f, "id:", ids),
            Self::Type(patterns) => field(f, "type:", patterns),
            Self::State(states) => field(f, "state:", states),
            Self::Tag(tags) => texts(f, "tag:", tags),
            Self::Priority(priorities) => field(f, "priority:", priorities.iter().map(|p| p.as_str())),
            Self::Key(keys) => texts(f, "key:", keys),
            Self::Schedule(names) => texts(f, "schedule:", names),
            Self::Held(reasons) => field(f, "held:", reasons),
            Self::Worker(workers) => texts(f, "worker:", workers),
            Self::Fingerprint(prints) => field(f, "fingerprint:", prints),
            Self::Error(TextTest::Is(errors)) => texts(f, "error:", errors),
            Self::Error(TextTest::Contains(parts)) => texts(f, "error~", parts),
            Self::Count(name, values) => field(f, &format!("{}:", name.as_str()), values),
            Self::CountOrder(name, order, value) => write!(f, "{}{}{value}", name.as_str(), order.as_str()),
            Self::Elapsed(name, order, span) => write!(f, "{}{}{span}", name.as_str(), order.as_str()),
            Self::Moment(name, order, moment) => write!(f, "{}{}{moment}", name.as_str(), order.as_str()),
            Self::Body { source, path, test } => {
                write!(f, "{}{path}", source.as_str())?;
                match test {
                    BodyTest::Is(values) => texts(f, ":", values),
                    BodyTest::Contains(parts) => texts(f, "~", parts),
                }
            }
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|step| {
            let plain = !step.is_empty() && !step.contains(ends_name);
            let step = if plain { step.clone() } else { in_quotes(step) };
            write!(f, ".{step}")
        })
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(name) if name.contains('*') => f.write_str(&in_quotes(name)),
            Self::Exact(name) => f.write_str(&quoted(name)),
            Self::Prefix(prefix) => write!(f, "{prefix}*"),
        }
    }
}

fn field<T: Display>(f: &mut Formatter<'_>, head: &str, values: impl IntoIterator<Item = T>) -> fmt::Result {
    f.write_str(head)?;
    list(f, values)
}

fn texts(f: &mut Formatter<'_>, head: &str, values: &[String]) -> fmt::Result {
    field(f, head, values.iter().map(|value| quoted(value)))
}

fn list<T: Display>(f: &mut Formatter<'_>, values: impl IntoIterator<Item = T>) -> fmt::Result {
    for (position, value) in values.into_iter().enumerate() {
        let comma = if position > 0 { "," } else { "" };
        write!(f, "{comma}{value}")?;
    }
    Ok(())
}

/// A text as the value of a term: in quotes where it needs them.
///
/// For whoever puts a query together: `format!("tag:{}", quoted(tag))`. For `type:`, a trailing `*` needs quotes as
/// well to be no prefix.
pub fn quoted(text: &str) -> String {
    let special = |c: char| c.is_whitespace() || matches!(c, ',' | '"');
    if text.is_empty() || text.contains(special) {
        in_quotes(text)
    } else {
        text.to_owned()
    }
}

/// A text without a field: it must not look like one, nor like a negation or a word that means nothing here.
fn bare(text: &str) -> String {
    let looks_otherwise = text.contains(|c| c != '.' && ends_name(c)) || text.starts_with('-');
    if looks_otherwise || RESERVED.contains(&text) {
        in_quotes(text)
    } else {
        quoted(text)
    }
}

fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

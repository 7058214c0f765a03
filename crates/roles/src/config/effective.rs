//! A value as it is in force.

use std::fmt;

/// A value as it is in force, as a TOML file would have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effective {
    /// A number, `true` or `false`.
    Bare(String),
    /// Text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
    /// None.
    Nothing,
}

impl Effective {
    /// A number or a truth.
    pub fn bare(value: impl fmt::Display) -> Self {
        Self::Bare(value.to_string())
    }

    /// Text.
    pub fn text(value: impl fmt::Display) -> Self {
        Self::Text(value.to_string())
    }
}

impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(text) => f.write_str(text),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
                write!(f, "[{}]", items.join(", "))
            }
            Self::Nothing => Ok(()),
        }
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_as_toml() {
        assert_eq!(Effective::bare(7).to_string(), "7");
        assert_eq!(Effective::text("a\"b\\c\nd").to_string(), r#""a\"b\\c\u000Ad""#);
        let list = Effective::List(vec!["a".into(), "b".into()]);
        assert_eq!(list.to_string(), r#"["a", "b"]"#);
    }
}

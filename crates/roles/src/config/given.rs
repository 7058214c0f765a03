//! A value as it was given.

use std::borrow::Cow;

/// A value as it was given, before its setting reads it. Variables and options are texts; a file has types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Bool(bool),
    /// Several texts.
    List(Vec<String>),
}

impl Given {
    /// One value as text.
    ///
    /// # Errors
    /// When it is a list, or there is nothing in it.
    pub fn text(&self) -> Result<Cow<'_, str>, String> {
        match self {
            Self::Text(text) if text.is_empty() => Err("expected something, not an empty text".to_owned()),
            Self::Text(text) => Ok(Cow::Borrowed(text)),
            Self::Number(number) => Ok(Cow::Owned(number.to_string())),
            Self::Bool(value) => Ok(Cow::Owned(value.to_string())),
            Self::List(_) => Err("expected one value, not a list".to_owned()),
        }
    }

    /// Every value of a list; a text is a list with commas.
    ///
    /// # Errors
    /// When it is neither.
    pub fn list(&self) -> Result<Vec<&str>, String> {
        match self {
            Self::Text(text) => Ok(text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .collect()),
            Self::List(items) => Ok(items.iter().map(String::as_str).collect()),
            Self::Number(_) | Self::Bool(_) => Err("expected a list of texts".to_owned()),
        }
    }

    /// As it is repeated in an error.
    pub(super) fn repeated(&self) -> String {
        match self {
            Self::List(items) => items.join(","),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_list_with_commas() {
        let text = Given::Text("a, b,,c".into());
        assert_eq!(text.list(), Ok(vec!["a", "b", "c"]));
        assert_eq!(Given::Text(String::new()).list(), Ok(vec![]));
        assert!(Given::Number(1).list().is_err());
    }

    #[test]
    fn a_list_is_no_value() {
        assert!(Given::List(vec!["a".into()]).text().is_err());
        assert!(Given::Text(String::new()).text().is_err());
        assert_eq!(Given::Number(7).text().unwrap(), "7");
    }
}

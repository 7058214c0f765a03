//! Text that a command takes from its command line, a file or stdin.

use std::io;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};
use serde_json::value::RawValue;
use tokio::io::AsyncReadExt;

/// The most that is read at once.
const MOST: u64 = 16 * 1024 * 1024;

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// It was given as it is.
    Here(String),
    /// `@path`.
    File(PathBuf),
    /// `-`.
    Stdin,
}

impl FromStr for Source {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.strip_prefix('@') {
            Some(path) => Self::File(path.into()),
            None if text == "-" => Self::Stdin,
            None => Self::Here(text.to_owned()),
        })
    }
}

impl Source {
    /// A file by its name, or `-` for stdin.
    pub(super) fn of_file(name: &str) -> Self {
        if name == "-" {
            Self::Stdin
        } else {
            Self::File(name.into())
        }
    }

    /// The text.
    ///
    /// # Errors
    /// When it cannot be read, or is too long.
    pub(super) async fn read(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        match self {
            Self::Here(text) => return Ok(text.clone()),
            Self::File(path) => {
                let file = tokio::fs::File::open(path)
                    .await
                    .with_context(|| format!("cannot open {}", path.display()))?;
                file.take(MOST).read_to_string(&mut text).await
            }
            Self::Stdin => tokio::io::stdin().take(MOST).read_to_string(&mut text).await,
        }
        .map_err(|error| self.unreadable(error))?;
        if text.len() as u64 >= MOST {
            bail!("{} has more than {MOST} bytes", self.name());
        }
        Ok(text)
    }

    /// A JSON object, as it was written.
    ///
    /// # Errors
    /// When it cannot be read, or is none.
    pub(super) async fn read_object(&self) -> anyhow::Result<Box<RawValue>> {
        let text = self.read().await?;
        let value: Box<RawValue> =
            serde_json::from_str(text.trim()).with_context(|| format!("{} is not JSON", self.name()))?;
        if !value.get().starts_with('{') {
            bail!("{} is not a JSON object", self.name());
        }
        Ok(value)
    }

    /// What to call it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Here(text) => format!("`{}`", super::style::brief(text, 40)),
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "stdin".to_owned(),
        }
    }

    fn unreadable(&self, error: io::Error) -> anyhow::Error {
        anyhow::Error::new(error).context(format!("cannot read {}", self.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_named_by_its_first_character() {
        assert_eq!("-".parse(), Ok(Source::Stdin));
        assert_eq!("@a/b".parse(), Ok(Source::File("a/b".into())));
        assert_eq!("{}".parse(), Ok(Source::Here("{}".into())));
        assert_eq!(Source::of_file("@x"), Source::File("@x".into()));
    }

    #[tokio::test]
    async fn only_json_objects_are_objects() {
        let read = |text: &str| {
            let source: Source = text.parse().unwrap();
            async move { source.read_object().await.map_err(|error| format!("{error:#}")) }
        };
        assert_eq!(read(r#" {"n": 1.0} "#).await.unwrap().get(), r#"{"n": 1.0}"#);
        assert_eq!(read("[1]").await.unwrap_err(), "`[1]` is not a JSON object");
        assert!(read("{").await.unwrap_err().starts_with("`{` is not JSON: EOF"));
        assert!(
            read("@/no/such/file")
                .await
                .unwrap_err()
                .starts_with("cannot open /no/such/file: ")
        );
    }
}

//! The query language on the command line.

use anyhow::anyhow;
use domain::query::Query;

/// A query that reads, joined from the words of a command line, so that a mistake is pointed at before anything is
/// asked.
///
/// # Errors
/// With the query and carets under what is wrong.
pub(super) fn checked(words: &[String]) -> anyhow::Result<String> {
    let text = words.join(" ");
    match Query::parse(&text) {
        Ok(_) => Ok(text),
        Err(error) => {
            let pointer = error.pointer(&text).replace('\n', "\n  ");
            Err(anyhow!("{error}\n  {pointer}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_one_query() {
        let words = ["state:failed".to_owned(), "type:email".to_owned()];
        assert_eq!(checked(&words).unwrap(), "state:failed type:email");
    }

    #[test]
    fn a_mistake_is_pointed_at() {
        let error = checked(&["state:failed typ:email".to_owned()])
            .unwrap_err()
            .to_string();
        assert!(error.contains("did you mean `type`?"), "{error}");
        assert!(
            error.ends_with("\n  state:failed typ:email\n               ^^^"),
            "{error}"
        );
    }
}

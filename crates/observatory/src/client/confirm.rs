//! Asks a person before much is done at once.

use std::io::{self, IsTerminal, Write};

use tokio::io::{AsyncBufReadExt, BufReader};

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    /// Yes.
    Given,
    /// No.
    Denied,
    /// Nobody is there to ask.
    NobodyThere,
}

/// Asks on the terminal. Anything but a yes is a no.
///
/// # Errors
/// When the terminal goes away.
pub(crate) async fn ask(question: &str) -> io::Result<Consent> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(Consent::NobodyThere);
    }
    write!(io::stderr(), "{question} [y/N] ")?;
    io::stderr().flush()?;
    let mut line = String::new();
    BufReader::new(tokio::io::stdin()).read_line(&mut line).await?;
    Ok(consent(&line))
}

fn consent(line: &str) -> Consent {
    match line.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Consent::Given,
        _ => Consent::Denied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        for yes in ["y\n", "Yes\n", " YES "] {
            assert_eq!(consent(yes), Consent::Given);
        }
        for no in ["", "\n", "n\n", "yep\n", "yes please\n"] {
            assert_eq!(consent(no), Consent::Denied, "{no:?}");
        }
    }
}

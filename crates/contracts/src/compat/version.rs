//! Version numbers of contracts.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::change::Level;

/// A version of a contract: `major.minor.patch`, nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Raised when an old reader or writer may be refused.
    pub major: u32,
    /// Raised when something is allowed that was not.
    pub minor: u32,
    /// Raised when words change.
    pub patch: u32,
}

/// A text that is no version of a contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no version of the form 1.2.3")]
pub struct BadVersion(pub String);

/// The step from one version to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// The same version.
    None,
    /// A newer one, and the first number that rose.
    Up(Level),
    /// An older one.
    Down,
}

impl Version {
    /// The step from this version to `next`.
    pub fn bump_to(self, next: Self) -> Bump {
        if next == self {
            Bump::None
        } else if next < self {
            Bump::Down
        } else if next.major > self.major {
            Bump::Up(Level::Major)
        } else if next.minor > self.minor {
            Bump::Up(Level::Minor)
        } else {
            Bump::Up(Level::Patch)
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Version {
    type Err = BadVersion;

    fn from_str(text: &str) -> Result<Self, BadVersion> {
        parts(text)
            .map(|[major, minor, patch]| Self { major, minor, patch })
            .ok_or_else(|| BadVersion(text.to_owned()))
    }
}

fn parts(text: &str) -> Option<[u32; 3]> {
    let numbers: Option<Vec<u32>> = text.split('.').map(number).collect();
    numbers?.try_into().ok()
}

fn number(digits: &str) -> Option<u32> {
    let plain =
        digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn only_three_plain_numbers_are_a_version() {
        assert_eq!(version("1.20.3").to_string(), "1.20.3");
        for text in [
            "",
            "1",
            "1.2",
            "1.2.3.4",
            "1.2.x",
            "v1.2.3",
            "1.2.3-rc",
            "+1.2.3",
            "01.2.3",
            "1..3",
            "1.2.99999999999",
        ] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_first_number_that_rises_names_the_bump() {
        let bump = |from: &str, to: &str| version(from).bump_to(version(to));
        assert_eq!(bump("1.2.3", "1.2.3"), Bump::None);
        assert_eq!(bump("1.2.3", "1.2.10"), Bump::Up(Level::Patch));
        assert_eq!(bump("1.2.3", "1.10.0"), Bump::Up(Level::Minor));
        assert_eq!(bump("1.2.3", "2.0.0"), Bump::Up(Level::Major));
        assert_eq!(bump("2.0.0", "1.9.9"), Bump::Down);
        assert_eq!(bump("1.2.3", "1.1.9"), Bump::Down);
    }
}

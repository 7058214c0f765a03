//! Query parameters, read strictly: an unknown name or a bad value is an answer, never a silent default.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use contracts::Violation;
use domain::duration::Span;
use http::{StatusCode, Uri};

use crate::problem::Problem;

/// The parameters of one request. An empty value counts as absent.
#[derive(Clone, Debug)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the parameters of a URI, of which only the `allowed` ones exist.
    ///
    /// # Errors
    /// 400 for a parameter that is unknown or given twice.
    pub fn parse(uri: &Uri, allowed: &[&str]) -> Result<Self, Problem> {
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::bad_request().detail("the query string does not read"))?
            .0;
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !allowed.contains(&&**name) {
                return Err(unknown(name, allowed));
            }
            if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(invalid(name, "must be given once"));
            }
        }
        Ok(Self(pairs))
    }

    /// The text of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(given, _)| given == name)?;
        Some(&**value).filter(|text| !text.is_empty())
    }

    /// A parameter read as a `T`.
    ///
    /// # Errors
    /// 400 that says what was `expected`, a text that follows `must be`.
    pub fn parsed<T: FromStr>(&self, name: &str, expected: impl Display) -> Result<Option<T>, Problem> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|_| invalid(name, &format!("must be {expected}")))
    }

    /// A whole number within a range.
    ///
    /// # Errors
    /// 400 that names the range.
    pub fn number(&self, name: &str, range: RangeInclusive<usize>, default: usize) -> Result<usize, Problem> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        match self.parsed(name, &expected)?.unwrap_or(default) {
            number if range.contains(&number) => Ok(number),
            _ => Err(invalid(name, &format!("must be {expected}"))),
        }
    }

    /// A span of time such as `5s`, up to `longest`.
    ///
    /// # Errors
    /// 400 that says what is wrong with it.
    pub fn span(&self, name: &str, longest: Span) -> Result<Option<Span>, Problem> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        match text.parse::<Span>() {
            Ok(span) if span <= longest => Ok(Some(span)),
            Ok(_) => Err(invalid(name, &format!("must be at most {longest}"))),
            Err(error) => Err(invalid(name, &format!("must be a span of time: {error}"))),
        }
    }
}

/// 400 for one parameter; `message` follows its name.
pub fn invalid(name: &str, message: &str) -> Problem {
    let name: String = name.chars().take(64).collect();
    let detail = format!("{name} {message}");
    Problem::new(StatusCode::BAD_REQUEST, "invalid-parameter", "Invalid parameter")
        .detail(detail)
        .violations(vec![Violation {
            path: name,
            message: message.to_owned(),
        }])
}

fn unknown(name: &str, allowed: &[&str]) -> Problem {
    let known = if allowed.is_empty() {
        "none".to_owned()
    } else {
        allowed.join(", ")
    };
    invalid(name, &format!("is no parameter here; there are: {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Result<Query, Problem> {
        Query::parse(&format!("/x?{query}").parse().unwrap(), &["limit", "state"])
    }

    fn message(problem: &Problem) -> String {
        format!("{problem:?}")
    }

    #[test]
    fn values_are_decoded_and_empty_ones_are_absent() {
        let query = parse("state=a%20b&limit=").unwrap();
        assert_eq!(query.text("state"), Some("a b"));
        assert_eq!(query.number("limit", 1..=5, 3).unwrap(), 3);
    }

    #[test]
    fn unknown_and_repeated_parameters_are_named() {
        assert!(
            message(&parse("size=3").unwrap_err())
                .contains("size is no parameter here; there are: limit, state")
        );
        assert!(message(&parse("limit=1&limit=2").unwrap_err()).contains("limit must be given once"));
    }

    #[test]
    fn spans_are_read_as_people_write_them_up_to_the_longest() {
        let read = |text: &str| {
            parse(&format!("limit={text}"))
                .unwrap()
                .span("limit", Span::from_secs(30))
        };
        assert_eq!(read("1s500ms").unwrap(), Some(Span::from_millis(1_500)));
        assert_eq!(read("").unwrap(), None);
        assert!(message(&read("31s").unwrap_err()).contains("limit must be at most 30s"));
        assert!(message(&read("5").unwrap_err()).contains("the number 5 has no unit"));
    }

    #[test]
    fn numbers_outside_the_range_are_refused_with_it() {
        for bad in ["0", "6", "-1", "abc", "1.5", "99999999999999999999999"] {
            let error = parse(&format!("limit={bad}"))
                .unwrap()
                .number("limit", 1..=5, 3)
                .unwrap_err();
            assert!(
                message(&error).contains("limit must be a whole number from 1 to 5"),
                "{bad}"
            );
        }
    }
}

//! The jobs in the body of a batch, not yet read: a fault in one is no fault in another.

use std::cell::Cell;
use std::fmt;

use bytes::Bytes;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;
use service::body::Format;
use service::problem::Problem;

use crate::submission;
use contracts::Violation;

/// From this size on, in bytes, a body is not cut on a thread that answers requests.
const LARGE: usize = 256 * 1024;

/// Cuts a body into its jobs, at most `most`. The jobs share the body's memory.
///
/// # Errors
/// 400 when an array does not read as one or the body is empty, 413 when there are too many jobs.
pub(crate) async fn off_thread(body: &Bytes, format: Format, most: usize) -> Result<Vec<Bytes>, Problem> {
    let (body, small) = (body.clone(), body.len() < LARGE);
    let cut = move || {
        let items = split(&body, format, most)?;
        Ok(items.into_iter().map(|item| body.slice_ref(item)).collect())
    };
    if small {
        return cut();
    }
    let cut = tokio::task::spawn_blocking(cut).await;
    cut.unwrap_or_else(|error| {
        tracing::error!(%error, "failed to cut a batch");
        Err(Problem::internal())
    })
}

fn split(body: &[u8], format: Format, most: usize) -> Result<Vec<&[u8]>, Problem> {
    let items = match format {
        Format::Json => elements(body, most)?,
        Format::JsonLines => lines(body, most)?,
    };
    if items.is_empty() {
        Err(unreadable("the batch has no jobs".to_owned()))
    } else {
        Ok(items)
    }
}

fn lines(body: &[u8], most: usize) -> Result<Vec<&[u8]>, Problem> {
    let mut items = Vec::new();
    let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    for line in lines.filter(|line| !line.is_empty()) {
        if items.len() == most {
            return Err(too_many(most));
        }
        items.push(line);
    }
    Ok(items)
}

fn elements(body: &[u8], most: usize) -> Result<Vec<&[u8]>, Problem> {
    let overflow = Cell::new(false);
    let mut parser = serde_json::Deserializer::from_slice(body);
    let read = Elements {
        most,
        overflow: &overflow,
    }
    .deserialize(&mut parser);
    let items = read.and_then(|items| parser.end().map(|()| items));
    items.map_err(|error| {
        if overflow.get() {
            too_many(most)
        } else {
            unreadable(format!("no JSON array: {error}"))
        }
    })
}

fn unreadable(message: String) -> Problem {
    submission::invalid(vec![Violation {
        path: String::new(),
        message,
    }])
}

fn too_many(most: usize) -> Problem {
    Problem::too_large().detail(format!("the batch has more than {most} jobs"))
}

struct Elements<'c> {
    most: usize,
    overflow: &'c Cell<bool>,
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = Vec<&'de [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = Vec<&'de [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of jobs")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element::<&'de RawValue>()? {
            if items.len() == self.most {
                self.overflow.set(true);
                return Err(A::Error::custom("too many"));
            }
            items.push(item.get().as_bytes());
        }
        Ok(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str, format: Format) -> Vec<String> {
        let items = split(body.as_bytes(), format, 3).unwrap();
        items
            .into_iter()
            .map(|item| String::from_utf8(item.to_vec()).unwrap())
            .collect()
    }

    #[test]
    fn arrays_and_lines_give_the_same_jobs() {
        assert_eq!(
            texts(" [ {\"a\":1} , 2,[3] ] ", Format::Json),
            ["{\"a\":1}", "2", "[3]"]
        );
        assert_eq!(
            texts("{\"a\":1}\r\n\n 2\n[3]", Format::JsonLines),
            ["{\"a\":1}", "2", "[3]"]
        );
    }

    #[test]
    fn a_broken_line_stays_in_its_place() {
        assert_eq!(texts("{\n{}", Format::JsonLines), ["{", "{}"]);
    }

    #[test]
    fn what_is_no_array_is_refused() {
        for bad in ["", "{}", "[1", "[1] 2", "[1,]", "null", "[]"] {
            assert_eq!(
                split(bad.as_bytes(), Format::Json, 3).unwrap_err().status(),
                400,
                "{bad}"
            );
        }
        assert_eq!(split(b"[\"\xff\"]", Format::Json, 3).unwrap_err().status(), 400);
        assert_eq!(split(b" \n\n", Format::JsonLines, 3).unwrap_err().status(), 400);
    }

    #[test]
    fn too_many_jobs_are_refused_before_they_are_all_kept() {
        assert_eq!(split(b"[1,2,3,4", Format::Json, 3).unwrap_err().status(), 413);
        assert_eq!(
            split(b"1\n2\n3\n4", Format::JsonLines, 3).unwrap_err().status(),
            413
        );
    }
}

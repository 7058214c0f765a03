//! The id of a job whose client gave a key instead of an id.

use contracts::Violation;
use http::{HeaderMap, HeaderName, StatusCode};
use service::problem::Problem;
use uuid::{Uuid, uuid};

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in characters.
const LONGEST: usize = 255;

/// The namespace of all keys. It never changes: the same key must name the same job for ever.
const NAMESPACE: Uuid = uuid!("6f0d4b1e-3c52-4f7a-9a41-5d8c2f60b7e3");

/// A client's own name for a request. The same key gives the same job, so that a request whose answer was
/// lost can be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Reads the header `Idempotency-Key`.
    ///
    /// # Errors
    /// 400 for one that is no key, or for two.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut values = headers.get_all(HEADER).iter();
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let visible = |text: &&str| text.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = |text: &&str| (1..=LONGEST).contains(&text.len());
        match value.to_str().ok().filter(visible).filter(fits) {
            Some(text) if values.next().is_none() => Ok(Some(Self(text.to_owned()))),
            _ => Err(malformed()),
        }
    }

    /// The id of the one job of a request.
    pub(crate) fn job_id(&self) -> Uuid {
        Uuid::new_v5(&NAMESPACE, self.0.as_bytes())
    }

    /// The id of one job of a batch. A space cannot stand in a key, so no other request gives this id.
    pub(crate) fn batch_job_id(&self, index: usize) -> Uuid {
        Uuid::new_v5(&NAMESPACE, format!("{} {index}", self.0).as_bytes())
    }
}

fn malformed() -> Problem {
    let message = format!("must be given once, as 1 to {LONGEST} visible ASCII characters without spaces");
    Problem::new(
        StatusCode::BAD_REQUEST,
        "invalid-idempotency-key",
        "Invalid idempotency key",
    )
    .detail(format!("the header Idempotency-Key {message}"))
    .violations(vec![Violation {
        path: "Idempotency-Key".to_owned(),
        message,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn key(text: &str) -> Result<Option<IdempotencyKey>, Problem> {
        let value = HeaderValue::from_bytes(text.as_bytes()).unwrap();
        IdempotencyKey::from_headers(&HeaderMap::from_iter([(HEADER, value)]))
    }

    #[test]
    fn a_key_names_the_same_job_for_ever() {
        let id = key("order-4711").unwrap().unwrap().job_id();
        assert_eq!(id, uuid!("c0c30995-a102-5f56-861f-559a0df5bb4b"));
    }

    #[test]
    fn batches_and_single_requests_never_share_a_job() {
        let key = key("k").unwrap().unwrap();
        let ids = [key.job_id(), key.batch_job_id(0), key.batch_job_id(1)];
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    }

    #[test]
    fn only_short_visible_text_is_a_key() {
        assert!(key(&"k".repeat(255)).is_ok());
        for bad in ["", " ", "a b", "é", "\t", &"k".repeat(256)] {
            assert_eq!(key(bad).unwrap_err().status(), 400, "{bad:?}");
        }
        let two = HeaderMap::from_iter([(HEADER, HeaderValue::from_static("a"))]);
        let mut two = two;
        two.append(HEADER, HeaderValue::from_static("b"));
        assert!(IdempotencyKey::from_headers(&two).is_err());
    }
}

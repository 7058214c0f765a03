//! Bodies of the gateway.

use serde::Deserialize;
use uuid::Uuid;

/// The answer to a submission.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Accepted {
    /// The job.
    pub(crate) job_id: Uuid,
    /// Its `job.created` event.
    pub(crate) event_id: Uuid,
}

/// The answer to a batch.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct BatchAnswer {
    /// One for each job of the batch.
    pub(crate) items: Vec<BatchItem>,
}

/// What became of one job of a batch.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchItem {
    /// Its place in the batch.
    pub(crate) index: usize,
    /// The job and its event, if it was accepted.
    #[serde(flatten)]
    pub(crate) accepted: Option<Accepted>,
    /// Why not, otherwise.
    #[serde(default)]
    pub(crate) error: Option<serde_json::Value>,
    /// The job that holds its unique key, where that is why.
    #[serde(default)]
    pub(crate) holder: Option<Uuid>,
    /// Whether the reason passes.
    #[serde(default)]
    pub(crate) retryable: bool,
}

/// The refusal of a job whose unique key is another job's.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeyHeld {
    /// Whose it is.
    pub(crate) job_id: Uuid,
    /// The key.
    pub(crate) unique_key: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_items_are_accepted_or_carry_an_error() {
        let text = r#"{"items":[
            {"index":0,"jobId":"00000000-0000-0000-0000-000000000001","eventId":"00000000-0000-0000-0000-000000000002"},
            {"index":1,"error":"type is missing"}],"accepted":1,"rejected":1}"#;
        let answer: BatchAnswer = serde_json::from_str(text).unwrap();
        assert_eq!(
            answer.items[0].accepted.as_ref().unwrap().job_id,
            Uuid::from_u128(1)
        );
        assert!(answer.items[0].error.is_none());
        assert!(answer.items[1].accepted.is_none());
        assert_eq!(answer.items[1].error, Some("type is missing".into()));
    }
}

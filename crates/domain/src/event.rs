//! The events of a job's life and their wire form.

use contracts::{ENVELOPE_VERSION, Envelope, EventType, Job, JobStatus, Priority, Producer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

/// The identifier of an event: the same job, attempt and type give the same identifier for ever, so that
/// whatever is published twice is applied once.
pub fn event_id(job_id: Uuid, attempt: u32, event_type: EventType) -> Uuid {
    event_id_in_round(job_id, attempt, event_type, 0)
}

/// As [`event_id`], of a job that a client had revived `round` times: only by it is the second end of a job told from
/// the first.
pub fn event_id_in_round(job_id: Uuid, attempt: u32, event_type: EventType, round: u32) -> Uuid {
    let mut name = [0_u8; 64];
    let kind = event_type.as_str().as_bytes();
    name[..4].copy_from_slice(&attempt.to_be_bytes());
    name[4..4 + kind.len()].copy_from_slice(kind);
    let mut length = 4 + kind.len();
    if round > 0 {
        name[length..length + 4].copy_from_slice(&round.to_be_bytes());
        length += 4;
    }
    Uuid::new_v5(&job_id, &name[..length])
}

/// One entry of a job's own history: a transition that the job store has made durable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobEvent {
    /// Whose life.
    pub job_id: Uuid,
    /// The job's type.
    pub job_type: String,
    /// When the client made the job.
    pub created_at: Timestamp,
    /// The request that the job came with.
    pub correlation_id: Uuid,
    /// What happened.
    pub event_type: EventType,
    /// The attempt that it happened to; 0 before the first.
    pub attempt: u32,
    /// When it happened.
    pub at: Timestamp,
    /// Which worker was at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// Why, where it did not go well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long the attempt ran, in microseconds, where one ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_micros: Option<u64>,
    /// When the next attempt is due, where one follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_at: Option<Timestamp>,
    /// How often a client had revived the job before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub round: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl JobEvent {
    /// The event's identifier.
    pub fn id(&self) -> Uuid {
        event_id_in_round(self.job_id, self.attempt, self.event_type, self.round)
    }

    /// The event as it goes over the bus.
    ///
    /// # Errors
    /// None in practice: every field is plain data. The error is kept because the serializer has one.
    pub fn envelope(&self, producer: Producer) -> Result<Envelope, serde_json::Error> {
        Ok(Envelope {
            contract_version: ENVELOPE_VERSION.into(),
            event_type: self.event_type,
            event_id: self.id(),
            occurred_at: self.at,
            producer,
            correlation_id: self.correlation_id,
            idempotency_key: self.job_id.to_string(),
            payload: self.payload()?,
        })
    }

    /// The payload of [`JobEvent::envelope`] as its readers see it.
    pub fn job(&self) -> Job {
        Job {
            id: self.job_id,
            job_type: self.job_type.clone(),
            status: status_after(self.event_type),
            payload: None,
            created_at: self.created_at,
            updated_at: Some(self.at),
            tags: Vec::new(),
            timeout_seconds: None,
            retry: None,
            run_at: self.run_at,
            priority: Priority::default(),
            unique_key: None,
            schedule: None,
        }
    }

    fn payload(&self) -> Result<Box<RawValue>, serde_json::Error> {
        to_raw_value(&EventPayload {
            id: self.job_id,
            job_type: self.job_type.clone(),
            status: status_after(self.event_type),
            created_at: self.created_at,
            updated_at: Some(self.at),
            attempt: Some(self.attempt),
            worker: self.worker.clone(),
            error: self.error.clone(),
            run_micros: self.run_micros,
            run_at: self.run_at,
        })
    }
}

/// The payload of a lifecycle event: a valid job of the contract, without the job's own payload (which
/// `job.created` carries), with what is new since.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventPayload {
    /// The job.
    pub id: Uuid,
    /// Its type.
    #[serde(rename = "type")]
    pub job_type: String,
    /// Its state after the event.
    pub status: JobStatus,
    /// When the client made it.
    pub created_at: Timestamp,
    /// When the event happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// The attempt; absent on `job.created`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// Which worker was at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worker: Option<String>,
    /// Why, where it did not go well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long the attempt ran, in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_micros: Option<u64>,
    /// When the next attempt is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_at: Option<Timestamp>,
}

/// The state that a job is in once the event has happened.
fn status_after(event_type: EventType) -> JobStatus {
    match event_type {
        EventType::Created => JobStatus::Pending,
        EventType::Validated => JobStatus::Validated,
        EventType::Scheduled => JobStatus::Scheduled,
        EventType::Executed => JobStatus::Executing,
        EventType::Retrying => JobStatus::Retrying,
        EventType::Completed => JobStatus::Completed,
        EventType::Failed => JobStatus::Failed,
        EventType::Cancelled => JobStatus::Cancelled,
        EventType::Quarantined => JobStatus::Quarantined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_ids_are_stable_and_distinct() {
        let job = Uuid::from_u128(7);
        assert_eq!(
            event_id(job, 1, EventType::Executed),
            event_id(job, 1, EventType::Executed)
        );
        let mut seen = std::collections::HashSet::new();
        for attempt in 0..3 {
            for event_type in EventType::ALL {
                for round in 0..3 {
                    assert!(seen.insert(event_id_in_round(job, attempt, event_type, round)));
                }
            }
        }
        assert!(seen.insert(event_id(Uuid::from_u128(8), 0, EventType::Created)));
    }

    #[test]
    fn the_job_at_hand_is_the_one_that_readers_of_the_envelope_see() {
        for event_type in EventType::ALL {
            let event = JobEvent {
                job_id: Uuid::from_u128(7),
                job_type: "echo".into(),
                created_at: Timestamp::from_microsecond(1_700_000_000_123_456).unwrap(),
                correlation_id: Uuid::from_u128(8),
                event_type,
                attempt: 2,
                at: Timestamp::from_microsecond(1_700_000_000_234_567).unwrap(),
                worker: Some("w".into()),
                error: Some("e".into()),
                run_micros: Some(5),
                run_at: Some(Timestamp::UNIX_EPOCH),
                round: 0,
            };
            let producer = Producer {
                service: "s".into(),
                instance_id: "i".into(),
                version: "0.0.0".into(),
            };
            let text = serde_json::to_vec(&event.envelope(producer).unwrap()).unwrap();
            let read = Envelope::from_slice(&text).unwrap().job().unwrap();
            assert_eq!(format!("{read:?}"), format!("{:?}", event.job()));
        }
    }
}

//! `observatory submit --batch`: jobs from a file or stdin, sent in portions while they are read.

mod portion;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use domain::{Ids, RandomIds};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::IDEMPOTENCY_KEY;
use super::split::Splitter;
use crate::client::out::Out;
use crate::client::remote::{Answered, Ask, Remote};
use crate::client::style::brief;
use crate::client::{Common, verdict};
use crate::output;
use crate::progress::Progress;
use portion::Portion;

/// How much is read at once.
const READ: usize = 64 * 1024;
/// How long the gateway may take for a portion.
const LIMIT: Duration = Duration::from_mins(1);
/// How long a portion is repeated while the gateway has no room or is away.
const PATIENCE: Duration = Duration::from_mins(1);
/// The pause before it is repeated.
const PAUSE: Duration = Duration::from_millis(250);
/// How many rejected jobs are named.
const NAMED: u64 = 100;

#[derive(Debug, Deserialize)]
struct BatchAnswer {
    items: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    index: u64,
    #[serde(default)]
    job_id: Option<Uuid>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    holder: Option<Uuid>,
    #[serde(default)]
    details: Value,
}

/// A batch under way.
struct Batch {
    gateway: Remote,
    out: Out,
    progress: Progress,
    /// Makes every portion the same one when it is repeated.
    key: String,
    portions: u64,
    accepted: u64,
    rejected: u64,
}

/// Submits the jobs of a file.
pub(super) async fn run(
    common: &Common,
    file: &str,
    key: Option<&str>,
    quiet: bool,
) -> anyhow::Result<ExitCode> {
    let out = common.out();
    let mut batch = Batch {
        gateway: common.gateway(),
        out,
        progress: Progress::begin("submitting", None, quiet || out.json),
        key: key.map_or_else(|| RandomIds.next().to_string(), ToOwned::to_owned),
        portions: 0,
        accepted: 0,
        rejected: 0,
    };
    if file == "-" {
        batch.submit(tokio::io::stdin(), "stdin").await?;
    } else {
        let source = tokio::fs::File::open(file)
            .await
            .with_context(|| format!("cannot open {file}"))?;
        batch.submit(source, file).await?;
    }
    batch.conclude()
}

impl Batch {
    async fn submit(&mut self, mut source: impl AsyncRead + Unpin, name: &str) -> anyhow::Result<()> {
        let (mut splitter, mut portion) = (Splitter::default(), Portion::default());
        let mut piece = vec![0; READ];
        loop {
            let length = source
                .read(&mut piece)
                .await
                .with_context(|| format!("cannot read {name}"))?;
            let documents = if length == 0 {
                splitter.finish().map(|last| last.into_iter().collect())
            } else {
                splitter.push(&piece[..length])
            };
            for document in documents.with_context(|| format!("{name} is no batch"))? {
                if !portion.has_room_for(&document) {
                    self.send(std::mem::take(&mut portion)).await?;
                }
                portion.push(&document);
            }
            if length == 0 {
                return self.send(portion).await;
            }
        }
    }

    async fn send(&mut self, portion: Portion) -> anyhow::Result<()> {
        if portion.jobs == 0 {
            return Ok(());
        }
        let first = self.accepted + self.rejected;
        let answer = self.repeat(&portion).await.with_context(|| {
            let key = &self.key;
            format!(
                "broke off after {first} jobs; say it again with --idempotency-key {key}, and none is doubled"
            )
        })?;
        self.portions += 1;
        for item in answer.items {
            self.item(first, &item)?;
        }
        self.progress.show(self.accepted, &self.note());
        Ok(())
    }

    /// Sends a portion until it is answered. A job that has no identifier gets it from the key of the portion, so none
    /// is doubled.
    async fn repeat(&self, portion: &Portion) -> anyhow::Result<BatchAnswer> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ask = Ask::post("/jobs/batch")
                .body("application/x-ndjson", portion.body())
                .header(IDEMPOTENCY_KEY, &format!("{}-{}", self.key, self.portions))
                .limit(LIMIT);
            match self.gateway.send(ask).await {
                Ok(answer) if matches!(answer.status, 429 | 503) && Instant::now() < deadline => {}
                Ok(answer) => return read(&answer),
                Err(error) if self.portions > 0 && error.may_pass() && Instant::now() < deadline => {}
                Err(error) => return Err(error.into()),
            }
            sleep(PAUSE).await;
        }
    }

    fn item(&mut self, first: u64, item: &Item) -> anyhow::Result<()> {
        let place = first + item.index;
        if let Some(id) = item.job_id {
            self.accepted += 1;
            return self.print(|out| {
                if out.json {
                    out.document(&json!({"index": place, "jobId": id}))
                } else {
                    Ok(())
                }
            });
        }
        self.rejected += 1;
        let error = item.words();
        let named = self.rejected <= NAMED;
        self.print(|out| match (out.json, named) {
            (true, _) => out.document(&json!({"index": place, "error": error, "holder": item.holder})),
            (false, true) => out.line(format_args!("job {}: {error}", place + 1)),
            (false, false) => Ok(()),
        })
    }

    fn print(&self, print: impl FnOnce(Out) -> std::io::Result<()>) -> anyhow::Result<()> {
        Ok(self.progress.aside(|| print(self.out))?)
    }

    fn note(&self) -> String {
        match self.rejected {
            0 => String::new(),
            rejected => format!("{rejected} rejected"),
        }
    }

    fn conclude(self) -> anyhow::Result<ExitCode> {
        let Self {
            out,
            accepted,
            rejected,
            ..
        } = self;
        drop(self.progress);
        if accepted + rejected == 0 {
            output::note(&"there was no job in it");
        } else if !out.json {
            if rejected > NAMED {
                out.line(format_args!("and {} more", rejected - NAMED))?;
            }
            out.line(format_args!("{accepted} accepted, {rejected} rejected"))?;
        }
        Ok(verdict(rejected == 0))
    }
}

/// What became of every job; a batch of which no job was taken says so in a problem.
fn read(answer: &Answered) -> anyhow::Result<BatchAnswer> {
    if (answer.is_good() || answer.status == 400)
        && let Ok(read) = answer.json()
    {
        return Ok(read);
    }
    Err(answer.refusal().into())
}

impl Item {
    /// Why it was rejected.
    fn words(&self) -> String {
        let mut words = brief(self.error.as_deref().unwrap_or("rejected"), 200);
        for part in self.details.as_array().into_iter().flatten() {
            let text = |name: &str| part[name].as_str().unwrap_or_default();
            let path = Some(text("path")).filter(|path| !path.is_empty());
            let path = path.map(|path| format!("{path}: ")).unwrap_or_default();
            words = format!("{words}; {}", brief(&format!("{path}{}", text("message")), 200));
        }
        if let Some(holder) = self.holder {
            words = format!("{words} (held by job {holder})");
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejected_job_is_told_with_every_reason() {
        let text = r#"{"index":3,"error":"Invalid job data","details":[
            {"path":"/payload","message":"must be an object"},{"path":"","message":"`type` is missing"}]}"#;
        let item: Item = serde_json::from_str(text).unwrap();
        assert_eq!(
            item.words(),
            "Invalid job data; /payload: must be an object; `type` is missing"
        );
        let held = r#"{"index":0,"error":"unique key held","details":[],"holder":"00000000-0000-0000-0000-000000000001"}"#;
        let item: Item = serde_json::from_str(held).unwrap();
        assert_eq!(
            item.words(),
            "unique key held (held by job 00000000-0000-0000-0000-000000000001)"
        );
    }
}

//! `observatory watch`: follows what happens to jobs as it happens.

mod event;
mod sse;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::Args;
use contracts::JobStatus;
use http::HeaderName;
use serde::Deserialize;
use tokio::time::sleep;
use uuid::Uuid;

use super::out::Out;
use super::remote::{Ask, Remote, RequestError};
use super::style::printable;
use super::{Common, verdict};
use crate::http_client::{Reply, encoded};
use crate::output;
use event::JobEvent;
use sse::{Message, Reader};

/// How long the stream may say nothing: it says that it lives every ten seconds.
const IDLE_LIMIT: Duration = Duration::from_secs(30);
/// The pause before a broken connection is made again.
const PAUSE: Duration = Duration::from_secs(1);
/// Where a resumed stream goes on.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What it is for.
pub(super) const ABOUT: &str = "\
Follow what happens to jobs as it happens, until you interrupt it.

Begins with what happens next. A connection that breaks is made again and goes on behind the last event that was seen, so \
nothing is missed and nothing told twice; a note says so.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory watch
  observatory watch --type email --state failed,quarantined
  observatory watch --job 0199a3f2-7c1e-7000-8000-0123456789ab
  observatory watch --limit 10 --json | jq -r .payload.id

Exit codes:
  0    so many events as --limit says were told
  2    it could not be done
  130  interrupted";

/// What to follow.
#[derive(Args, Clone, Debug)]
pub(crate) struct WatchArgs {
    /// Only jobs of these types (with commas between them, or repeated)
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    types: Vec<String>,

    /// Only what brings a job into these states
    #[arg(long = "state", value_name = "STATE", value_delimiter = ',')]
    states: Vec<JobStatus>,

    /// Only this job
    #[arg(long = "job", value_name = "ID")]
    job: Option<Uuid>,

    /// End after so many events
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    #[command(flatten)]
    common: Common,
}

/// A stream that is followed across connections.
struct Watch {
    read_model: Remote,
    out: Out,
    path: String,
    left: Option<u64>,
    last: Option<String>,
}

/// Why a connection ended.
enum Ended {
    /// All is told.
    Enough,
    /// It broke, or the server ended it.
    Broken(String),
}

/// Follows.
pub(super) async fn run(args: WatchArgs) -> anyhow::Result<ExitCode> {
    let mut watch = Watch {
        read_model: args.common.read_model(),
        out: args.common.out(),
        path: args.path(),
        left: args.limit,
        last: None,
    };
    // Whoever mistypes an address should not wait for it for ever.
    let mut stream = watch.connect().await?;
    loop {
        match watch.follow(stream).await? {
            Ended::Enough => return Ok(verdict(true)),
            Ended::Broken(why) => {
                output::note(&format_args!("the stream broke off ({why}); connecting again"));
            }
        }
        stream = watch.reconnect().await?;
    }
}

impl WatchArgs {
    fn path(&self) -> String {
        let mut path = "/stream?topics=job".to_owned();
        let states: Vec<_> = self.states.iter().map(|state| state.as_str()).collect();
        for (name, value) in [
            ("type", self.types.join(",")),
            ("state", states.join(",")),
            ("jobId", self.job.map(|job| job.to_string()).unwrap_or_default()),
        ] {
            if !value.is_empty() {
                path = format!("{path}&{name}={}", encoded(&value));
            }
        }
        path
    }
}

impl Watch {
    async fn connect(&self) -> Result<Reply, RequestError> {
        let mut ask = Ask::get(self.path.clone());
        if let Some(last) = &self.last {
            ask = ask.header(LAST_EVENT_ID, last);
        }
        self.read_model.stream(ask).await
    }

    /// Connects for as long as it takes; only a "no" that will stay one ends it.
    async fn reconnect(&self) -> anyhow::Result<Reply> {
        loop {
            sleep(PAUSE).await;
            match self.connect().await {
                Ok(stream) => {
                    output::note(&"connected again; going on where it broke off");
                    return Ok(stream);
                }
                Err(error) if error.may_pass() => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn follow(&mut self, mut stream: Reply) -> anyhow::Result<Ended> {
        let mut reader = Reader::default();
        loop {
            let line = match stream.line(IDLE_LIMIT).await {
                Ok(Some(line)) => line,
                Ok(None) => return Ok(Ended::Broken("the server ended it".to_owned())),
                Err(error) => return Ok(Ended::Broken(error.to_string())),
            };
            let message = reader.line(&String::from_utf8_lossy(&line));
            if let Some(place) = reader.place() {
                place.clone_into(self.last.get_or_insert_default());
            }
            if let Some(message) = message
                && let Some(ended) = self.message(&message)?
            {
                return Ok(ended);
            }
        }
    }

    fn message(&mut self, message: &Message) -> anyhow::Result<Option<Ended>> {
        match message.event.as_str() {
            "dropped" => {
                #[derive(Deserialize)]
                struct Dropped {
                    reason: String,
                }
                let reason = serde_json::from_str(&message.data).map(|Dropped { reason }| printable(&reason));
                let reason = reason.unwrap_or_else(|_| "we were too slow".to_owned());
                return Ok(Some(Ended::Broken(reason)));
            }
            "job" => self.tell(&message.data)?,
            _ => return Ok(None),
        }
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
        Ok((self.left == Some(0)).then_some(Ended::Enough))
    }

    fn tell(&self, data: &str) -> anyhow::Result<()> {
        if self.out.json {
            return Ok(self.out.raw(data.as_bytes())?);
        }
        match serde_json::from_str::<JobEvent>(data) {
            Ok(event) => Ok(self.out.line(event.line(self.out.style))?),
            Err(error) => bail!("unexpected event ({error}): is this an observatory of this version?"),
        }
    }
}

//! A running observatory.

use std::fmt::Write;
use std::sync::Arc;

use serde_json::{Value, json};
use testkit::wait_for;

use super::{Answer, Api, PATIENCE, PORTS, Process, Ran, Site, text};

/// An observatory that answers. Dropping it kills its process.
pub(crate) struct Observatory {
    pub(crate) process: Process,
    pub(crate) site: Arc<Site>,
    pub(crate) gateway: Api,
    pub(crate) read_model: Api,
    pub(crate) page: Api,
    pub(crate) metrics: Api,
}

impl Observatory {
    pub(super) fn new(site: Arc<Site>, process: Process, offset: u16) -> Self {
        let [gateway, read_model, page, metrics] = PORTS.map(|port| Api { port: port + offset });
        Self {
            process,
            site,
            gateway,
            read_model,
            page,
            metrics,
        }
    }

    /// What is added to the usual ports.
    pub(crate) fn offset(&self) -> u16 {
        self.gateway.port - PORTS[0]
    }

    /// Runs a command against this observatory to its end.
    pub(crate) async fn command(&self, arguments: &[&str]) -> Ran {
        self.command_with(arguments, "").await
    }

    /// As [`Self::command`], with something to read on stdin.
    pub(crate) async fn command_with(&self, arguments: &[&str], stdin: &str) -> Ran {
        let mut command = Process::command(&self.site.home());
        command
            .env("OBSERVATORY_PORT_OFFSET", self.offset().to_string())
            .args(arguments);
        Ran::of(command, stdin).await
    }

    /// The jobs that a query matches, all of them, newest first.
    pub(crate) async fn find(&self, query: &str) -> Vec<Value> {
        self.list(&format!("q={}", encoded(query))).await
    }

    /// The jobs of a list, page by page to its end. A page may be short and not the last one.
    pub(crate) async fn list(&self, parameters: &str) -> Vec<Value> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/jobs?limit=500&{parameters}{cursor}");
            let answer = self.read_model.get(&path).await;
            assert_eq!(answer.status, 200, "{path}: {:?}", answer.body);
            let page = answer.json();
            found.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["nextCursor"].as_str() else {
                return found;
            };
            cursor = format!("&cursor={next}");
        }
    }

    /// Waits until a query matches so many jobs.
    pub(crate) async fn wait_for_jobs(&self, query: &str, count: usize) {
        wait_for(
            PATIENCE,
            &format!("{count} jobs that match {query}"),
            || async move {
                let found = self.find(query).await.len();
                if found == count { Ok(()) } else { Err(found) }
            },
        )
        .await;
    }

    /// Submits a job that must be accepted, and returns its id.
    pub(crate) async fn submit(&self, job: &Value) -> String {
        accepted(&self.gateway.post("/jobs", job).await)
    }

    /// What the read model says of a job; `None` while it says that there is none.
    pub(crate) async fn job(&self, id: &str) -> Option<Value> {
        let answer = self.read_model.get(&format!("/jobs/{id}")).await;
        match answer.status {
            200 => Some(answer.json()),
            404 => None,
            other => panic!("{other} for job {id}: {:?}", answer.body),
        }
    }

    /// Waits until a job is in the given state, and returns it.
    pub(crate) async fn wait_for_status(&self, id: &str, status: &str) -> Value {
        self.wait_for_job(id, status, |job| job["status"] == status).await
    }

    /// Waits until nothing more can happen to a job, and returns it.
    pub(crate) async fn wait_for_end(&self, id: &str) -> Value {
        let terminal = ["COMPLETED", "FAILED", "CANCELLED", "QUARANTINED"];
        let ended = |job: &Value| terminal.contains(&text(&job["status"]));
        self.wait_for_job(id, "ended", ended).await
    }

    async fn wait_for_job(&self, id: &str, state: &str, is_there: impl Fn(&Value) -> bool) -> Value {
        let is_there = &is_there;
        wait_for(PATIENCE, &format!("job {id} to be {state}"), || async move {
            let job = self.job(id).await.ok_or("unknown")?;
            if is_there(&job) { Ok(job) } else { Err("otherwise") }
        })
        .await
    }

    /// Submits a job and waits until it has ended.
    pub(crate) async fn run(&self, job: &Value) -> Value {
        let id = self.submit(job).await;
        self.wait_for_end(&id).await
    }

    /// Whether the observatory still does what it is for.
    pub(crate) async fn echoes(&self, what: &str) {
        let job = self
            .run(&json!({"type": "echo", "payload": {"after": what}}))
            .await;
        assert_eq!(job["status"], "COMPLETED", "after {what}: {job}");
    }

    /// All events of a job that the event log has, newest first.
    pub(crate) async fn events(&self, id: &str) -> Vec<Value> {
        let answer = self
            .read_model
            .get(&format!("/events?jobId={id}&limit=500"))
            .await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        answer.json().as_array().unwrap().clone()
    }

    /// Waits until the event log has `expected` for a job, in whatever order, and nothing else.
    pub(crate) async fn wait_for_events(&self, id: &str, expected: &[&str]) -> Vec<Value> {
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let expected = &expected;
        wait_for(
            PATIENCE,
            &format!("events {expected:?} of job {id}"),
            || async move {
                let events = self.events(id).await;
                let mut types: Vec<_> = events.iter().map(|event| text(&event["eventType"])).collect();
                types.sort_unstable();
                if types == *expected {
                    Ok(())
                } else {
                    Err(format!("{types:?}"))
                }
            },
        )
        .await;
        self.events(id).await
    }

    /// Waits until the numbers are as `is_there` wants them, and returns them.
    pub(crate) async fn wait_for_stats(&self, what: &str, is_there: impl Fn(&Value) -> bool) -> Value {
        let is_there = &is_there;
        wait_for(PATIENCE, what, || async move {
            let stats = self.read_model.get("/stats").await.json();
            if is_there(&stats) {
                Ok(stats)
            } else {
                Err(stats.to_string())
            }
        })
        .await
    }
}

/// A value as it stands in an address.
fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b":.-_~,*".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").unwrap();
        }
    }
    text
}

fn accepted(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{:?}", answer.body);
    text(&answer.json()["jobId"]).to_owned()
}

//! Whom a run attacks: an observatory in one process, or one of many processes. Both are hit, come back and are asked
//! in the same way.

use std::collections::BTreeMap;
use std::process::ExitStatus;
use std::time::Duration;

use super::blows::Blow;
use super::report::EVERYTHING;
use crate::child::{self, NotReady, Post, Process, Roster, Server, Shape, Signal, role_name};
use crate::http_client::Target;

/// How long an observatory in one process may take until it is ready.
const READY_LIMIT: Duration = Duration::from_secs(30);
/// How long the processes of roles may take: whoever supervises them waits up to half a minute before it starts one
/// again that has often ended.
const ROLES_READY_LIMIT: Duration = Duration::from_secs(90);
/// How long a process that was killed lately may take to be started again.
const START_LIMIT: Duration = Duration::from_secs(45);
/// How long a killed process may be there.
const KILLED: Duration = Duration::from_secs(10);
/// How long a process may take to stop that was asked to: 5 s for what runs, 10 s to record it, and some for the leave.
const STOPPED: Duration = Duration::from_secs(25);
/// How long everything may take, stage by stage.
const ALL_STOPPED: Duration = Duration::from_secs(100);

/// An observatory under attack.
#[derive(Debug)]
pub(super) struct Attacked {
    server: Server,
    /// Whether processes are asked to stop, rather than killed.
    gently: bool,
    /// Who served which post when all was well for the last time, less those that were hit since.
    roster: Roster,
    ready_limit: Duration,
    /// How many processes of each role were hit.
    hits: BTreeMap<&'static str, u64>,
}

/// Somebody did not do as it should: who, and what.
pub(super) type Complaint = (String, String);

impl Attacked {
    /// One that is not started yet.
    pub(super) fn new(server: Server, gently: bool) -> Self {
        Self {
            ready_limit: match server.shape() {
                Shape::Embedded(_) => READY_LIMIT,
                Shape::Services(_) => ROLES_READY_LIMIT,
            },
            server,
            gently,
            roster: Roster::new(),
            hits: BTreeMap::new(),
        }
    }

    /// Starts it, unless it is.
    ///
    /// # Errors
    /// When that is not possible.
    pub(super) fn start(&mut self) -> anyhow::Result<()> {
        if self.server.is_started() {
            return Ok(());
        }
        self.server.start()
    }

    /// Where jobs are submitted.
    pub(super) fn gateway(&self) -> Target {
        self.server.gateway()
    }

    /// Where questions are answered.
    pub(super) fn read_model(&self) -> Target {
        self.server.read_model()
    }

    /// How many processes of each role were hit.
    pub(super) fn hits(&self) -> BTreeMap<&'static str, u64> {
        self.hits.clone()
    }

    /// The last that it has said.
    pub(super) fn last_words(&self) -> String {
        self.server.last_words()
    }

    /// Returns when all of it is ready.
    ///
    /// # Errors
    /// When it does not become so.
    pub(super) async fn wait_ready(&mut self) -> Result<(), NotReady> {
        self.server.wait_ready(self.ready_limit).await?;
        self.roster = self.server.roster().unwrap_or_default();
        Ok(())
    }

    /// Returns how it ended as a whole, once it has.
    pub(super) async fn wait_end(&mut self) -> std::io::Result<ExitStatus> {
        self.server.wait_end().await
    }

    /// Hits it, and returns when what was hit is gone. Who did not go as it should is complained of.
    ///
    /// # Errors
    /// When the machine does not do as told.
    pub(super) async fn hit(&mut self, blow: &Blow) -> anyhow::Result<Vec<Complaint>> {
        match blow {
            Blow::Everything => self.hit_everything().await,
            Blow::Roles(posts) => self.hit_roles(posts).await,
        }
    }

    /// Ends it for good.
    ///
    /// # Errors
    /// When the machine does not do as told.
    pub(super) async fn end(&mut self) -> anyhow::Result<()> {
        self.server.kill().await
    }

    /// The processes that have ended though nobody hit them; each is told once.
    pub(super) fn deserters(&mut self) -> Vec<Complaint> {
        let Ok(now) = self.server.roster() else {
            return Vec::new();
        };
        let gone = deserters(&self.roster, &now);
        for post in &gone {
            self.roster.remove(post);
        }
        let complain = |post: Post| (post.name(), "ended by itself".to_owned());
        gone.into_iter().map(complain).collect()
    }

    async fn hit_everything(&mut self) -> anyhow::Result<Vec<Complaint>> {
        self.roster.clear();
        *self.hits.entry(EVERYTHING).or_default() += 1;
        if !self.gently {
            self.server.kill().await?;
            return Ok(Vec::new());
        }
        let fault = match self.server.stop(ALL_STOPPED).await? {
            Some(status) if status.success() => return Ok(Vec::new()),
            Some(status) => format!("was asked to stop and ended badly ({status})"),
            None => format!("did not stop within {ALL_STOPPED:?}"),
        };
        Ok(vec![("observatory".to_owned(), fault)])
    }

    async fn hit_roles(&mut self, posts: &[Post]) -> anyhow::Result<Vec<Complaint>> {
        let mut complaints = Vec::new();
        let mut hit = Vec::new();
        for post in posts {
            // One that was hit a moment ago is hit again as soon as it is there.
            match self.server.serving(*post, START_LIMIT).await? {
                Some(process) => hit.push((*post, process)),
                None => complaints.push((post.name(), format!("was not started within {START_LIMIT:?}"))),
            }
        }
        let signal = if self.gently {
            Signal::Terminate
        } else {
            Signal::Kill
        };
        for (post, process) in &hit {
            self.roster.remove(post);
            *self.hits.entry(role_name(post.role)).or_default() += 1;
            child::send(*process, signal)?;
        }
        for (post, process) in hit {
            complaints.extend(self.see_off(post, process).await?);
        }
        Ok(complaints)
    }

    async fn see_off(&self, post: Post, process: Process) -> anyhow::Result<Option<Complaint>> {
        let limit = if self.gently { STOPPED } else { KILLED };
        if child::gone(process, limit).await {
            return Ok(None);
        }
        child::send(process, Signal::Kill)?;
        anyhow::ensure!(
            self.gently && child::gone(process, KILLED).await,
            "{} was killed and is still there",
            post.name()
        );
        Ok(Some((post.name(), format!("did not stop within {limit:?}"))))
    }
}

/// The posts that others serve now, or nobody.
fn deserters(before: &Roster, now: &Roster) -> Vec<Post> {
    let changed = before
        .iter()
        .filter(|(post, process)| now.get(post) != Some(process));
    changed.map(|(post, _)| *post).collect()
}

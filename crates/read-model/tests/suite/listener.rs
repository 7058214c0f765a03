//! A client of the stream.

use std::time::Duration;

use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::timeout;
use tower_service::Service;

use super::support::App;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A block of the stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Block {
    pub(crate) event: String,
    pub(crate) id: Option<String>,
    pub(crate) data: String,
    pub(crate) comment: String,
}

impl Block {
    fn read(text: &str) -> Self {
        let mut block = Self::default();
        for line in text.lines() {
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            match name {
                "event" => value.clone_into(&mut block.event),
                "id" => block.id = Some(value.to_owned()),
                "data" => block.data.push_str(value),
                "" => value.clone_into(&mut block.comment),
                "retry" => assert_eq!(value, "1000"),
                other => panic!("{other} in {text}"),
            }
        }
        block
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

pub(crate) struct Listener {
    body: Body,
    text: String,
    /// The place that a browser would come back with.
    pub(crate) last_id: Option<String>,
}

impl Listener {
    /// Opens the stream, and reads its first words.
    pub(crate) async fn open(app: &App, path: &str) -> Self {
        Self::of(ask(app, path, None).await).await
    }

    /// Opens the stream where an earlier one ended.
    pub(crate) async fn resume(app: &App, path: &str, last_id: &str) -> Self {
        Self::of(ask(app, path, Some(last_id)).await).await
    }

    async fn of(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        assert_eq!(head.status, 200);
        assert_eq!(head.headers["content-type"], "text/event-stream");
        assert_eq!(head.headers["cache-control"], "no-store");
        let mut listener = Self {
            body,
            text: String::new(),
            last_id: None,
        };
        let opening = listener.block().await.expect("an opening");
        assert_eq!((&*opening.event, &*opening.data), ("", ""));
        listener
    }

    /// The next block; none at the end.
    pub(crate) async fn block(&mut self) -> Option<Block> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = Block::read(block);
                self.text = rest.to_owned();
                self.last_id = block.id.clone().or(self.last_id.take());
                return Some(block);
            }
            let frame = timeout(PATIENCE, self.body.frame())
                .await
                .expect("something comes")?;
            let data = frame.unwrap().into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&data).unwrap());
        }
    }

    /// The next event, whatever lies before it.
    pub(crate) async fn event(&mut self) -> Block {
        loop {
            let block = self.block().await.expect("an event");
            if !block.event.is_empty() {
                return block;
            }
        }
    }

    /// The numbers of the events of jobs that come next, see [`super::stream::numbered`].
    pub(crate) async fn numbers(&mut self, count: usize) -> Vec<u64> {
        let mut numbers = Vec::new();
        while numbers.len() < count {
            let block = self.event().await;
            assert_eq!(block.event, "job", "{block:?}");
            numbers.push(block.json()["number"].as_u64().unwrap());
        }
        numbers
    }

    /// What is left until the end.
    pub(crate) async fn rest(mut self) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some(block) = self.block().await {
            blocks.push(block);
        }
        blocks
    }
}

pub(crate) async fn ask(app: &App, path: &str, last_id: Option<&str>) -> Response<Body> {
    let mut request = Request::get(path);
    if let Some(last_id) = last_id {
        request = request.header("last-event-id", last_id);
    }
    let request = request.body(Body::empty()).unwrap();
    app.router.clone().call(request).await.unwrap()
}

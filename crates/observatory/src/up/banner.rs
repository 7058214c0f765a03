//! Tells a person where everything answers, once it does.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use service::client::{Client, ClientBuilder};
use service::shutdown::Shutdown;
use tokio::time::{sleep, timeout};

use super::listeners::AccessPoints;

/// How long everything may take to answer before it is said what does not; we go on waiting.
const PATIENCE: Duration = Duration::from_secs(30);

/// The pause between two questions.
const PAUSE: Duration = Duration::from_millis(10);

/// The longest an answer may take.
const ANSWER: Duration = Duration::from_secs(3);

/// A part that says whether it is ready.
pub(super) struct Part {
    /// Its name for people.
    pub(super) name: String,
    /// Where it says so.
    pub(super) health: String,
}

/// Waits until every part is ready, or for the shutdown; then says `text`.
pub(super) async fn announce(parts: &[Part], text: &str, shutdown: &Shutdown) {
    let Ok(client) = ClientBuilder::new().build() else {
        return;
    };
    tokio::select! {
        () = shutdown.soft.cancelled() => {}
        () = ready(&client, parts) => {
            // Nobody reads it any more? Then nobody misses it.
            let _ = std::io::stdout().write_all(text.as_bytes());
        }
    }
}

async fn ready(client: &Client, parts: &[Part]) {
    let answering = async || {
        for part in parts {
            while missing(client, part).await.is_some() {
                sleep(PAUSE).await;
            }
        }
    };
    while timeout(PATIENCE, answering()).await.is_err() {
        for part in parts {
            if let Some(reason) = missing(client, part).await {
                tracing::warn!("{} is not ready yet: {reason}", part.name);
            }
        }
    }
}

/// What keeps a part from being ready, if anything does.
async fn missing(client: &Client, part: &Part) -> Option<String> {
    let answer = match client.get(&part.health, ANSWER).await {
        Ok(answer) if answer.status().is_success() => return None,
        Ok(answer) => answer,
        Err(error) => return Some(error.to_string()),
    };
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let reason = body["reason"].as_str().map(str::to_owned);
    Some(reason.unwrap_or_else(|| answer.status().to_string()))
}

/// A URL that a person can open: nobody can open an unspecified address.
pub(super) fn url(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_loopback() || v4.ip().is_unspecified() => {
            format!("http://localhost:{}", v4.port())
        }
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => format!("http://localhost:{}", v6.port()),
        // Not every machine calls ::1 localhost.
        other => format!("http://{other}"),
    }
}

/// The parts of an observatory in one process. Its metrics engine answers on no port of its own.
pub(super) fn parts(points: &AccessPoints) -> Vec<Part> {
    let part = |name: &str, address, path| Part {
        name: name.to_owned(),
        health: format!("{}{path}", url(address)),
    };
    vec![
        part("gateway", points.gateway, "/readyz"),
        part("read model", points.read_model, "/readyz"),
        part("web page", points.web, "/healthz"),
        part("processor", points.processor, "/readyz"),
    ]
}

/// The access points of an observatory in one process.
pub(super) fn text(points: &AccessPoints, data_dir: &Path) -> String {
    let AccessPoints {
        gateway,
        read_model,
        web,
        processor,
    } = *points;
    let (gateway, read_model, web, processor) = (url(gateway), url(read_model), url(web), url(processor));
    let (version, data) = (env!("CARGO_PKG_VERSION"), data_dir.display());
    let try_it = try_it(&gateway, &read_model);
    format!(
        "Task Observatory {version} is ready.

  web page      {web}
  gateway       {gateway}   submit jobs; API reference at {gateway}/docs
  read model    {read_model}   ask questions; API reference at {read_model}/docs
  metrics       {processor}/metrics   of the processor; gateway and read model have their own
  data          {data}
{try_it}"
    )
}

/// What a person may do next.
pub(super) fn try_it(gateway: &str, read_model: &str) -> String {
    format!(
        "
Try it:

  curl -s {gateway}/jobs -H 'content-type: application/json' -d '{{\"type\":\"echo\"}}'
  curl -s {read_model}/jobs/recent

Ctrl-C stops cleanly, a second one at once.
"
    )
}

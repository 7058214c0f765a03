//! Tells a person where everything answers, once it does.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use service::client::ClientBuilder;
use service::shutdown::Shutdown;

use super::listeners::AccessPoints;

/// Longest wait for everything to answer before that is said; the observatory goes on starting.
const PATIENCE: Duration = Duration::from_secs(30);

/// The pause between two questions.
const PAUSE: Duration = Duration::from_millis(10);

/// Waits until every access point answers, then prints them.
pub(super) async fn announce(points: &AccessPoints, data_dir: &Path, shutdown: &Shutdown) {
    let health = [
        format!("{}/readyz", url(points.gateway)),
        format!("{}/readyz", url(points.read_model)),
        format!("{}/healthz", url(points.web)),
        format!("{}/metrics", url(points.processor)),
    ];
    let answering = async {
        for health in &health {
            wait(health).await;
        }
    };
    tokio::select! {
        () = shutdown.soft.cancelled() => {}
        answered = tokio::time::timeout(PATIENCE, answering) => if answered.is_ok() {
            print(points, data_dir);
        } else {
            tracing::warn!("not everything answers yet; see the log");
        }
    }
}

async fn wait(health: &str) {
    let Ok(client) = ClientBuilder::new().build() else {
        return;
    };
    while !client
        .get(health, Duration::from_secs(2))
        .await
        .is_ok_and(|answer| answer.status().is_success())
    {
        tokio::time::sleep(PAUSE).await;
    }
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

/// Nobody reads it any more? Then nobody misses it.
fn print(points: &AccessPoints, data_dir: &Path) {
    let _ = std::io::stdout().write_all(text(points, data_dir).as_bytes());
}

fn text(points: &AccessPoints, data_dir: &Path) -> String {
    let AccessPoints {
        gateway,
        read_model,
        web,
        processor,
    } = *points;
    let (gateway, read_model, web, processor) = (url(gateway), url(read_model), url(web), url(processor));
    let (version, data) = (env!("CARGO_PKG_VERSION"), data_dir.display());
    format!(
        "Task Observatory {version} is ready.

  web page      {web}
  gateway       {gateway}   submit jobs; API reference at {gateway}/docs
  read model    {read_model}   ask questions; API reference at {read_model}/docs
  metrics       {processor}/metrics   of the processor; gateway and read model have their own
  data          {data}

Try it:

  curl -s {gateway}/jobs -H 'content-type: application/json' -d '{{\"type\":\"echo\"}}'
  curl -s {read_model}/jobs/recent

Ctrl-C stops cleanly, a second one at once.
"
    )
}

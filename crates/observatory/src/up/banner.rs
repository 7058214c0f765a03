//! Tells a person where everything answers, once it does.

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
        answered = tokio::time::timeout(PATIENCE, answering) => match answered {
            Ok(()) => print(points, data_dir),
            Err(_) => tracing::warn!("not everything answers yet; see the log"),
        },
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
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

#[expect(clippy::print_stdout, reason = "this is what the command is asked for")]
fn print(points: &AccessPoints, data_dir: &Path) {
    let AccessPoints {
        gateway,
        read_model,
        web,
        processor,
    } = *points;
    let (gateway, read_model) = (url(gateway), url(read_model));
    println!("Task Observatory {} is ready.\n", env!("CARGO_PKG_VERSION"));
    println!("  web page      {}", url(web));
    println!("  gateway       {gateway}   submit jobs; API reference at {gateway}/docs");
    println!("  read model    {read_model}   ask questions; API reference at {read_model}/docs");
    println!(
        "  metrics       {}/metrics   of the processor; gateway and read model have their own",
        url(processor)
    );
    println!("  data          {}", data_dir.display());
    println!("\nTry it:\n");
    println!("  curl -s {gateway}/jobs -H 'content-type: application/json' -d '{{\"type\":\"echo\"}}'");
    println!("  curl -s {read_model}/jobs/recent");
    println!("\nCtrl-C stops cleanly, a second one at once.");
}

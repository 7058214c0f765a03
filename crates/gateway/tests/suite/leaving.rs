//! A client on the network that stops reading, and one that leaves.

use std::time::Duration;

use contracts::JobStatus;
use gateway::GatewayConfig;
use serde_json::json;
use service::http_server::{ServerLimits, serve};
use service::shutdown::Shutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::stubs::StubJob;
use super::support::{App, id};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// More than fits into the buffers of any connection: some 20 MB of lines.
const MANY: u128 = 200_000;

/// Waits for something that is about to be true.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect(what);
}

/// A client that has sent a command over all jobs and read the beginning of the answer.
async fn client(app: &App) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(
        listener,
        app.router.clone(),
        ServerLimits::default(),
        Shutdown::new(),
    ));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "POST /jobs:cancel HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.write_all(b"{\"all\":true}").await.unwrap();
    let mut beginning = [0; 15];
    stream.read_exact(&mut beginning).await.unwrap();
    assert_eq!(&beginning, b"HTTP/1.1 200 OK");
    stream
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_the_command_and_one_that_leaves_ends_it() {
    let app = App::with(GatewayConfig {
        max_streams: 1,
        ..GatewayConfig::default()
    });
    app.jobs.with(|held| {
        held.jobs = (0..MANY)
            .map(|number| StubJob::new(id(number), JobStatus::Pending))
            .collect();
    });
    let stream = client(&app).await;
    let pages = || app.jobs.desk.count("Cancel");
    let mut before = 0;
    until("the command is held", async || {
        tokio::time::sleep(Duration::from_millis(100)).await;
        std::mem::replace(&mut before, pages()) == pages()
    })
    .await;
    let held_at = pages();
    assert!(
        held_at < 350,
        "{held_at} of 400 pages went into a connection that nobody reads"
    );

    drop(stream);
    until("the place is given back", async || {
        let body = json!({"q": "state:pending", "dryRun": true});
        app.command("POST", "/jobs:cancel", &body).await.status != 503
    })
    .await;
    assert!(pages() < 400);
}

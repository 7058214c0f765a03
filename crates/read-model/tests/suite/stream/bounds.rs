//! What clients can hold on to, and how a stream ends.

use std::time::Duration;

use http::StatusCode;
use service::http_server::{ServerLimits, serve};
use service::shutdown::Shutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::{JOBS, numbered};
use crate::listener::{Listener, ask};
use crate::support::App;

/// The most events that wait for a client.
const MOST: u64 = 1024;

/// Waits until a metric has a value.
async fn until(app: &App, metric: &str) {
    let there = async {
        while !app.get("/metrics").await.text().contains(metric) {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_mins(1), there).await.expect(metric);
}

#[tokio::test]
async fn a_client_that_does_not_read_is_dropped_and_can_go_on_where_it_was() {
    let app = App::new();
    let mut slow = Listener::open(&app, JOBS).await;
    let mut quick = Listener::open(&app, JOBS).await;
    for batch in 0..5 {
        let numbers = batch * 300..(batch + 1) * 300;
        app.append(numbers.clone());
        assert_eq!(quick.numbers(300).await, numbers.collect::<Vec<_>>());
    }
    until(&app, "read_model_stream_dropped_total{service=\"read-model\"} 1").await;

    let most = usize::try_from(MOST).unwrap();
    assert_eq!(slow.numbers(most).await, (0..MOST).collect::<Vec<_>>());
    let place = slow.last_id.clone().unwrap();
    let rest = slow.rest().await;
    assert_eq!((rest.len(), &*rest[0].event), (1, "dropped"));
    assert_eq!(rest[0].json()["reason"], "slow");
    assert!(
        rest[0].json()["detail"]
            .as_str()
            .unwrap()
            .contains("Last-Event-ID")
    );

    let mut again = Listener::resume(&app, JOBS, &place).await;
    let missed: Vec<u64> = (MOST..1500).collect();
    assert_eq!(again.numbers(missed.len()).await, missed);
}

#[tokio::test]
async fn heavy_events_drop_a_client_sooner() {
    let app = App::new();
    let mut slow = Listener::open(&app, JOBS).await;
    let heavy = |number| {
        let mut event = numbered(number);
        let filling = " ".repeat(100 * 1024);
        event.body = [filling.as_bytes(), &event.body].concat().into();
        event
    };
    app.events.log.lock().unwrap().extend((0..20).map(heavy));
    until(&app, "read_model_stream_dropped_total{service=\"read-model\"} 1").await;
    assert_eq!(slow.numbers(10).await, (0..10).collect::<Vec<_>>());
    assert_eq!(slow.event().await.event, "dropped");
}

#[tokio::test]
async fn there_is_room_for_so_many_clients_and_again_when_one_goes() {
    let app = App::new();
    let mut listeners = Vec::new();
    for number in 0..256 {
        let path = if number % 2 == 0 {
            JOBS
        } else {
            "/stream?topics=stats"
        };
        listeners.push(Listener::open(&app, path).await);
    }
    let problem = app.get(JOBS).await;
    assert!(
        problem.problem(503)["detail"]
            .as_str()
            .unwrap()
            .starts_with("256 ")
    );
    assert_eq!(problem.headers["retry-after"], "1");
    until(&app, "read_model_stream_clients{service=\"read-model\"} 256").await;

    listeners.pop();
    assert_eq!(ask(&app, JOBS, None).await.status(), StatusCode::OK);
    drop(listeners);
    until(&app, "read_model_stream_clients{service=\"read-model\"} 0").await;
}

/// A client over a real connection.
async fn connect(app: &App, limits: ServerLimits, shutdown: &Shutdown) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, app.router.clone(), limits, shutdown.clone()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "GET /stream?topics=job HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_waits_for_nobody() {
    let app = App::new();
    let shutdown = Shutdown::new();
    let mut stream = connect(&app, ServerLimits::default(), &shutdown).await;
    until(&app, "read_model_stream_clients{service=\"read-model\"} 1").await;
    shutdown.soft.cancel();
    let mut text = String::new();
    timeout(Duration::from_secs(5), stream.read_to_string(&mut text))
        .await
        .expect("sooner than connections are cut")
        .unwrap();
    assert!(
        text.contains("event: dropped") && text.contains("\"stopping\""),
        "{text}"
    );
}

#[tokio::test]
async fn a_connection_that_nobody_reads_is_given_up() {
    let app = App::new();
    let limits = ServerLimits {
        write_timeout: Duration::from_millis(200),
        ..ServerLimits::default()
    };
    let _unread = connect(&app, limits, &Shutdown::new()).await;
    until(&app, "read_model_stream_clients{service=\"read-model\"} 1").await;
    let heavy = |number| {
        let mut event = numbered(number);
        event.body = vec![b' '; 512 * 1024].into();
        event
    };
    // More than the system takes for a peer that does not read.
    for number in 0..200 {
        app.events.log.lock().unwrap().push(heavy(number));
        if app
            .get("/metrics")
            .await
            .text()
            .contains("stream_clients{service=\"read-model\"} 0")
        {
            break;
        }
        sleep(Duration::from_millis(10)).await;
    }
    until(&app, "read_model_stream_clients{service=\"read-model\"} 0").await;
}

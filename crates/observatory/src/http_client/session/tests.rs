use super::*;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const LIMIT: Duration = Duration::from_secs(5);

/// Answers each request on each connection with the next of `script`; closes after an entry with `true`.
async fn server(script: Vec<(&'static str, bool)>) -> (Target, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = Target::local(listener.local_addr().unwrap().port());
    let task = tokio::spawn(async move {
        let mut requests = Vec::new();
        let mut connection = None;
        for (answer, close) in script {
            let mut stream = match connection.take() {
                Some(stream) => stream,
                None => listener.accept().await.unwrap().0,
            };
            let mut buffer = vec![0; 4096];
            let length = stream.read(&mut buffer).await.unwrap();
            requests.push(String::from_utf8(buffer[..length].to_vec()).unwrap());
            for piece in answer.as_bytes().chunks(7) {
                stream.write_all(piece).await.unwrap();
                stream.flush().await.unwrap();
            }
            connection = (!close).then_some(stream);
        }
        requests
    });
    (target, task)
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

#[tokio::test]
async fn requests_share_a_connection() {
    let (target, task) = server(vec![(OK, false), (OK, false)]).await;
    let mut session = Session::new(target, LIMIT);
    assert_eq!(session.get("/a?b=c").await.unwrap().body, b"hi");
    let answer = session.post("/jobs", "application/json", b"{}").await.unwrap();
    assert_eq!((answer.status, answer.body), (200, &b"hi"[..]));
    let requests = task.await.unwrap();
    assert!(requests[0].starts_with("GET /a?b=c HTTP/1.1\r\nhost: 127.0.0.1:"));
    assert!(requests[1].ends_with("\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"));
}

#[tokio::test]
async fn a_closed_connection_is_made_anew() {
    let closing = "HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let (target, task) = server(vec![(closing, true), (OK, false)]).await;
    let mut session = Session::new(target, LIMIT);
    assert_eq!(session.get("/").await.unwrap().status, 503);
    assert_eq!(session.get("/").await.unwrap().status, 200);
    task.await.unwrap();
}

#[tokio::test]
async fn an_answer_cut_short_is_an_error_and_the_next_request_recovers() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhi";
    let (target, task) = server(vec![(cut, true), (OK, false)]).await;
    let mut session = Session::new(target, LIMIT);
    assert!(matches!(
        session.get("/").await,
        Err(ClientError::Closed | ClientError::Broken(_))
    ));
    assert_eq!(session.get("/").await.unwrap().status, 200);
    task.await.unwrap();
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = Target::local(listener.local_addr().unwrap().port());
    let mut session = Session::new(target, Duration::from_millis(20));
    assert!(matches!(session.get("/").await, Err(ClientError::Silent(_))));
}

#[tokio::test]
async fn a_closed_port_is_a_failed_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = Target::local(listener.local_addr().unwrap().port());
    drop(listener);
    let mut session = Session::new(target, LIMIT);
    assert!(matches!(session.get("/").await, Err(ClientError::Connect(_))));
}

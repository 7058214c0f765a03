//! One exchange of any method over a connection of its own, whose answer may be read as it comes: what commands of a
//! person need, who asks seldom and may be answered for hours.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::HOST;
use http::{HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{ClientError, Target};

/// The longest line of a streamed answer.
const MAX_LINE: usize = 4 * 1024 * 1024;

/// An answer whose head has come.
#[derive(Debug)]
pub(crate) struct Reply {
    /// The status code.
    pub(crate) status: u16,
    body: Incoming,
    buffer: BytesMut,
    // Ends the connection when the answer is dropped.
    _connection: JoinSet<()>,
}

/// Sends a request and returns once the head of the answer is there, which must be within `limit`.
///
/// # Errors
/// Where no answer came; the request may have been served all the same.
pub(crate) async fn call(
    target: &Target,
    request: Request<Full<Bytes>>,
    limit: Duration,
) -> Result<Reply, ClientError> {
    timeout(limit, exchange(target, request))
        .await
        .map_err(|_| ClientError::Silent(limit))?
}

async fn exchange(target: &Target, mut request: Request<Full<Bytes>>) -> Result<Reply, ClientError> {
    let host = HeaderValue::from_str(target.authority()).map_err(|_| ClientError::Unreadable("host"))?;
    request.headers_mut().insert(HOST, host);
    let stream = TcpStream::connect(target.authority())
        .await
        .map_err(ClientError::Connect)?;
    let (mut sender, driver) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let mut connection = JoinSet::new();
    connection.spawn(async {
        // What breaks the connection is told to whoever reads the answer.
        let _ = driver.await;
    });
    let (head, body) = sender.send_request(request).await.map_err(broken)?.into_parts();
    Ok(Reply {
        status: head.status.as_u16(),
        body,
        buffer: BytesMut::new(),
        _connection: connection,
    })
}

impl Reply {
    /// The whole body, which has at most `most` bytes and comes within `limit`.
    ///
    /// # Errors
    /// Where it is longer, later or cut short.
    pub(crate) async fn bytes(mut self, most: usize, limit: Duration) -> Result<Bytes, ClientError> {
        let whole = async {
            while self.more().await? {
                if self.buffer.len() > most {
                    return Err(ClientError::Unreadable("endless body"));
                }
            }
            Ok(self.buffer.freeze())
        };
        timeout(limit, whole)
            .await
            .map_err(|_| ClientError::Silent(limit))?
    }

    /// The next line without its end, as soon as it is there; `None` after the last one. `idle` is how long the
    /// server may say nothing.
    ///
    /// # Errors
    /// Where the answer breaks off, or nothing comes.
    pub(crate) async fn line(&mut self, idle: Duration) -> Result<Option<Bytes>, ClientError> {
        let mut seen = 0;
        loop {
            if let Some(end) = self.buffer[seen..].iter().position(|byte| *byte == b'\n') {
                let mut line = self.buffer.split_to(seen + end + 1);
                line.truncate(seen + end);
                return Ok(Some(without_return(line)));
            }
            seen = self.buffer.len();
            if seen > MAX_LINE {
                return Err(ClientError::Unreadable("endless line"));
            }
            let more = timeout(idle, self.more())
                .await
                .map_err(|_| ClientError::Silent(idle))?;
            if !more? {
                let rest = self.buffer.split();
                return Ok((!rest.is_empty()).then(|| without_return(rest)));
            }
        }
    }

    /// Takes in what comes next; `false` at the end.
    async fn more(&mut self) -> Result<bool, ClientError> {
        while let Some(frame) = self.body.frame().await {
            if let Some(data) = frame.map_err(broken)?.data_ref() {
                self.buffer.extend_from_slice(data);
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn without_return(mut line: BytesMut) -> Bytes {
    if line.last() == Some(&b'\r') {
        line.truncate(line.len() - 1);
    }
    line.freeze()
}

fn broken(error: hyper::Error) -> ClientError {
    if error.is_parse() {
        ClientError::Unreadable("not HTTP/1.1")
    } else if error.is_canceled() {
        ClientError::Closed
    } else {
        ClientError::Broken(std::io::Error::other(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    const LIMIT: Duration = Duration::from_secs(5);

    /// A server that answers one request with `pieces`, each in a packet of its own, and hangs up.
    async fn server(pieces: &'static [&'static str]) -> Target {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target::local(listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            for piece in pieces {
                stream.write_all(piece.as_bytes()).await.unwrap();
                stream.flush().await.unwrap();
            }
        });
        target
    }

    async fn get(target: &Target) -> Result<Reply, ClientError> {
        call(target, Request::get("/").body(Full::default()).unwrap(), LIMIT).await
    }

    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    #[tokio::test]
    async fn lines_are_read_however_they_are_cut_up() {
        let pieces = &[
            CHUNKED,
            "3\r\none\r\n",
            "7\r\n\r\ntwo\nt\r\n",
            "4\r\nhree\r\n",
            "0\r\n\r\n",
        ];
        let mut reply = get(&server(pieces).await).await.unwrap();
        let mut lines = Vec::new();
        while let Some(line) = reply.line(LIMIT).await.unwrap() {
            lines.push(String::from_utf8(line.to_vec()).unwrap());
        }
        assert_eq!(
            (reply.status, lines),
            (200, vec!["one".into(), "two".into(), "three".into()])
        );
    }

    #[tokio::test]
    async fn a_stream_that_breaks_off_is_an_error_after_its_last_whole_line() {
        let mut reply = get(&server(&[CHUNKED, "4\r\none\n\r\n", "9\r\ntw"]).await)
            .await
            .unwrap();
        assert_eq!(reply.line(LIMIT).await.unwrap().unwrap(), "one");
        assert!(matches!(reply.line(LIMIT).await, Err(ClientError::Broken(_))));
    }

    #[tokio::test]
    async fn a_body_that_is_too_long_is_refused() {
        let answer = &["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"];
        let reply = get(&server(answer).await).await.unwrap();
        assert_eq!(reply.bytes(5, LIMIT).await.unwrap(), "hello");
        let reply = get(&server(answer).await).await.unwrap();
        assert!(matches!(
            reply.bytes(4, LIMIT).await,
            Err(ClientError::Unreadable(_))
        ));
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target::local(listener.local_addr().unwrap().port());
        let request = Request::get("/").body(Full::default()).unwrap();
        let answer = call(&target, request, Duration::from_millis(20)).await;
        assert!(matches!(answer, Err(ClientError::Silent(_))));
    }
}

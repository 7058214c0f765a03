//! A client of the live stream that keeps everything it hears.

use std::net::Ipv4Addr;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::timeout;

use serde_json::Value;

use super::{Api, PATIENCE};

/// One message of the stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) event: String,
    pub(crate) data: Value,
    pub(crate) id: Option<String>,
}

/// A connection to `GET /stream`.
pub(crate) struct Stream {
    lines: Lines<BufReader<OwnedReadHalf>>,
    // Keeps our side of the connection open.
    _writer: tokio::net::tcp::OwnedWriteHalf,
}

impl Stream {
    /// Listens with the parameters of `query`, behind the event `last` if there is one.
    pub(crate) async fn open(api: Api, query: &str, last: Option<&str>) -> Self {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, api.port)).await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let last = last
            .map(|id| format!("last-event-id: {id}\r\n"))
            .unwrap_or_default();
        let request = format!("GET /stream?{query} HTTP/1.1\r\nhost: localhost\r\n{last}\r\n");
        writer.write_all(request.as_bytes()).await.unwrap();
        let mut stream = Self {
            lines: BufReader::new(reader).lines(),
            _writer: writer,
        };
        assert_eq!(stream.line().await, "HTTP/1.1 200 OK");
        while !stream.line().await.is_empty() {}
        stream
    }

    /// The next message, which must come.
    pub(crate) async fn next(&mut self) -> Message {
        let (mut event, mut data, mut id) = (String::new(), None, None);
        loop {
            let line = self.line().await;
            // The sizes of chunks stand between the lines; no field looks like one.
            match line.split_once(": ") {
                Some(("event", value)) => value.clone_into(&mut event),
                Some(("data", value)) => data = Some(serde_json::from_str(value).unwrap()),
                Some(("id", value)) => id = Some(value.to_owned()),
                _ if line.is_empty() && !event.is_empty() => {
                    let data = data.take().expect("a message has data");
                    return Message { event, data, id };
                }
                _ => {}
            }
        }
    }

    async fn line(&mut self) -> String {
        let line = timeout(PATIENCE, self.lines.next_line()).await;
        line.expect("the stream says something")
            .unwrap()
            .expect("the stream goes on")
    }
}

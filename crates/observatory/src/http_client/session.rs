//! A keep-alive connection that is made when it is needed.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::head::{self, Head};
use super::{ClientError, Target};

/// The longest answer that is read.
const MAX_ANSWER: usize = 32 * 1024 * 1024;
/// How much room a read gets at least.
const READ_ROOM: usize = 4 * 1024;

/// One client: at most one connection, made at the first request and again after any error.
#[derive(Debug)]
pub(crate) struct Session {
    target: Target,
    limit: Duration,
    stream: Option<TcpStream>,
    outgoing: Vec<u8>,
    incoming: Vec<u8>,
}

/// An answer, valid until the next request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer<'a> {
    /// The status code.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: &'a [u8],
    /// The head, as it came.
    pub(crate) head: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Where the next page is, if the server names one.
    pub(crate) fn next(&self) -> Option<&'a str> {
        head::next(self.head)
    }
}

impl Session {
    /// A client of `target` that gives every request `limit`, connecting included.
    pub(crate) fn new(target: Target, limit: Duration) -> Self {
        Self {
            target,
            limit,
            stream: None,
            outgoing: Vec::with_capacity(512),
            incoming: Vec::with_capacity(READ_ROOM),
        }
    }

    /// Asks for `path`.
    ///
    /// # Errors
    /// Where no answer came; the request may have been served all the same.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer<'_>, ClientError> {
        self.start_request("GET ", path);
        self.outgoing.extend_from_slice(b"\r\n\r\n");
        self.send().await
    }

    /// Posts a body to `path`.
    ///
    /// # Errors
    /// Where no answer came; the request may have been served all the same.
    pub(crate) async fn post(
        &mut self,
        path: &str,
        content_type: &str,
        body: &[u8],
    ) -> Result<Answer<'_>, ClientError> {
        self.start_request("POST ", path);
        let length = body.len().to_string();
        for part in [
            "\r\ncontent-type: ",
            content_type,
            "\r\ncontent-length: ",
            &length,
            "\r\n\r\n",
        ] {
            self.outgoing.extend_from_slice(part.as_bytes());
        }
        self.outgoing.extend_from_slice(body);
        self.send().await
    }

    fn start_request(&mut self, method: &str, path: &str) {
        self.outgoing.clear();
        for part in [method, path, " HTTP/1.1\r\nhost: ", self.target.authority()] {
            self.outgoing.extend_from_slice(part.as_bytes());
        }
    }

    async fn send(&mut self) -> Result<Answer<'_>, ClientError> {
        // The connection is taken out and put back, so that whatever interrupts the exchange drops it.
        let stream = self.stream.take();
        let exchange = exchange(&self.target, stream, &self.outgoing, &mut self.incoming);
        let (stream, head) = timeout(self.limit, exchange)
            .await
            .map_err(|_| ClientError::Silent(self.limit))??;
        self.stream = (!head.close).then_some(stream);
        Ok(Answer {
            status: head.status,
            body: &self.incoming[head.body_start..head.body_start + head.body_len],
            head: &self.incoming[..head.body_start],
        })
    }
}

async fn exchange(
    target: &Target,
    stream: Option<TcpStream>,
    request: &[u8],
    answer: &mut Vec<u8>,
) -> Result<(TcpStream, Head), ClientError> {
    let mut stream = match stream {
        Some(stream) => stream,
        None => connect(target).await?,
    };
    stream.write_all(request).await.map_err(ClientError::Broken)?;
    let head = receive(&mut stream, answer).await?;
    Ok((stream, head))
}

async fn connect(target: &Target) -> Result<TcpStream, ClientError> {
    let stream = TcpStream::connect(target.authority())
        .await
        .map_err(ClientError::Connect)?;
    stream.set_nodelay(true).map_err(ClientError::Connect)?;
    Ok(stream)
}

async fn receive(stream: &mut TcpStream, answer: &mut Vec<u8>) -> Result<Head, ClientError> {
    answer.clear();
    let mut seen = 0;
    let head = loop {
        read_more(stream, answer, READ_ROOM).await?;
        if let Some(head) = head::parse(answer, seen)? {
            break head;
        }
        seen = answer.len();
    };
    let total = head.body_start.saturating_add(head.body_len);
    if total > MAX_ANSWER {
        return Err(ClientError::Unreadable("endless body"));
    }
    while answer.len() < total {
        let missing = total - answer.len();
        read_more(stream, answer, missing).await?;
    }
    Ok(head)
}

async fn read_more(stream: &mut TcpStream, answer: &mut Vec<u8>, room: usize) -> Result<(), ClientError> {
    answer.reserve(room);
    match stream.read_buf(answer).await {
        Ok(0) => Err(ClientError::Closed),
        Ok(_) => Ok(()),
        Err(error) => Err(ClientError::Broken(error)),
    }
}

#[cfg(test)]
mod tests;

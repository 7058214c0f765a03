//! A link that can be stalled and cut: a TCP proxy between a service and what it needs.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long the other side may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// How many bytes are passed on at once.
const CHUNK: usize = 64 * 1024;

/// What becomes of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// They are passed on.
    Forward,
    /// They stay where they are; nobody is told. A network that drops packets looks like this.
    Stall,
    /// Connections are closed, and new ones as well.
    Cut,
}

/// A link to a server. Dropping it closes every connection.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    mode: Arc<watch::Sender<Mode>>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// A link to `target`, at a free port of this machine.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let mode = Arc::new(watch::Sender::new(Mode::Forward));
        let accepting = tokio::spawn(accept(listener, target, Arc::clone(&mode)));
        Ok(Self {
            port,
            mode,
            accepting,
        })
    }

    /// Where the server seems to be.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Nothing passes any more, and nobody is told.
    pub fn stall(&self) {
        self.mode.send_replace(Mode::Stall);
    }

    /// Closes every connection, and each new one.
    pub fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    /// All is well again; bytes that were stalled are passed on.
    pub fn forward(&self) {
        self.mode.send_replace(Mode::Forward);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, mode: Arc<watch::Sender<Mode>>) {
    while let Ok((near, _)) = listener.accept().await {
        if *mode.borrow() != Mode::Cut {
            tokio::spawn(link(near, target, mode.subscribe()));
        }
    }
}

/// Passes bytes on both ways until one side ends or the link is cut.
async fn link(mut near: TcpStream, target: SocketAddr, mode: watch::Receiver<Mode>) {
    let mut opened = mode.clone();
    if opened.wait_for(|mode| *mode != Mode::Stall).await.is_err() {
        return;
    }
    let Ok(Ok(mut far)) = timeout(CONNECT, TcpStream::connect(target)).await else {
        return;
    };
    let (from_near, to_near) = near.split();
    let (from_far, to_far) = far.split();
    let mut cut = mode.clone();
    tokio::select! {
        () = pass(from_near, to_far, mode.clone()) => {}
        () = pass(from_far, to_near, mode) => {}
        _ = cut.wait_for(|mode| *mode == Mode::Cut) => {}
    }
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut mode: watch::Receiver<Mode>,
) {
    let mut chunk = vec![0; CHUNK];
    loop {
        let Ok(length @ 1..) = from.read(&mut chunk).await else {
            return;
        };
        if mode.wait_for(|mode| *mode == Mode::Forward).await.is_err() {
            return;
        }
        if to.write_all(&chunk[..length]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that says everything twice over.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        address
    }

    async fn says(stream: &mut TcpStream, text: &[u8]) -> bool {
        let mut answer = vec![0; text.len()];
        let conversation = async {
            stream.write_all(text).await?;
            stream.read_exact(&mut answer).await
        };
        matches!(timeout(Duration::from_millis(300), conversation).await, Ok(Ok(_))) && answer == text
    }

    #[tokio::test]
    async fn what_is_stalled_arrives_later() {
        let proxy = Proxy::start(echo().await).await.unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap();
        assert!(says(&mut stream, b"one").await);
        proxy.stall();
        assert!(!says(&mut stream, b"two").await, "nothing passes");
        proxy.forward();
        let mut late = [0; 3];
        stream.read_exact(&mut late).await.unwrap();
        assert_eq!(&late, b"two");
        assert!(says(&mut stream, b"three").await);
    }

    #[tokio::test]
    async fn a_cut_link_closes_and_comes_back() {
        let proxy = Proxy::start(echo().await).await.unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap();
        assert!(says(&mut stream, b"one").await);
        proxy.cut();
        assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0, "it is closed");
        let mut refused = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap();
        assert!(!says(&mut refused, b"two").await);
        proxy.forward();
        let mut again = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap();
        assert!(says(&mut again, b"three").await);
    }
}

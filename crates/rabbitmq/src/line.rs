//! A connection with its socket, so that a stalled one can be ended.

use std::io;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};

use lapin::uri::AMQPUri;
use lapin::{AsyncTcpStream, Channel, Connection, ConnectionProperties};
use ports::BusError;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::kit::{Wire, runtime, wire};
use crate::options::Config;
use crate::topology;
use crate::trust::Trust;

/// The socket below a connection, from the moment it is connected. Cutting it ends the thread that serves it, also
/// while it waits for a broker that no longer answers.
#[derive(Clone, Default)]
struct Socket(Arc<Mutex<Option<std::net::TcpStream>>>);

impl Socket {
    fn keep(&self, stream: &impl AsFd) -> io::Result<()> {
        let own = std::net::TcpStream::from(stream.as_fd().try_clone_to_owned()?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(own);
        Ok(())
    }

    fn cut(&self) {
        if let Some(stream) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            let _gone_already = stream.shutdown(Shutdown::Both);
        }
    }
}

/// Cuts the socket of a connection that did not come to be.
struct Attempt(Option<Socket>);

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(socket) = self.0.take() {
            socket.cut();
        }
    }
}

/// A connection on which the topology is declared.
pub(crate) struct Line {
    connection: Connection,
    socket: Socket,
}

impl Line {
    /// Connects and declares, within the configured limit. `role` says in the broker's list what the line is for.
    pub(crate) async fn open(config: &Config, role: &str) -> Result<Self, BusError> {
        let limit = config.options.connect_limit;
        let socket = Socket::default();
        let mut attempt = Attempt(Some(socket.clone()));
        let opened = timeout(limit, async {
            let connection = connect(config, role, socket.clone()).await?;
            topology::declare(&connection.create_channel().await?).await?;
            Ok::<_, lapin::Error>(connection)
        });
        let connection = match opened.await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Err(unavailable(config, &error.to_string())),
            Err(_elapsed) => return Err(unavailable(config, &format!("no answer within {limit:?}"))),
        };
        attempt.0 = None;
        Ok(Self { connection, socket })
    }

    pub(crate) fn is_up(&self) -> bool {
        self.connection.status().connected()
    }

    /// Whether the broker reads nothing from us, because it is short of memory or disk.
    pub(crate) fn is_blocked(&self) -> bool {
        self.connection.status().blocked()
    }

    pub(crate) async fn channel(&self) -> lapin::Result<Channel> {
        self.connection.create_channel().await
    }

    /// Takes leave of the broker, which returns what was out when it answers.
    pub(crate) async fn close(&self) -> lapin::Result<()> {
        self.connection.close(200, "closed".into()).await
    }

    /// Ends the connection at once, whatever state it is in.
    pub(crate) fn cut(&self) {
        self.socket.cut();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        // A line in order takes leave by itself; one that is blocked or broken could wait for ever.
        if !self.is_up() || self.is_blocked() {
            self.cut();
        }
    }
}

async fn connect(config: &Config, role: &str, socket: Socket) -> lapin::Result<Connection> {
    let name = format!("{} {role}", config.options.name);
    let properties = ConnectionProperties::default().with_connection_name(name.into());
    let (trust, limit) = (config.trust.clone(), config.options.connect_limit);
    Connection::connector(
        config.uri.clone(),
        runtime(),
        async move |uri: AMQPUri, _runtime| {
            let reached = timeout(limit, reach(&uri, trust.as_ref(), &socket)).await;
            let wire = reached.unwrap_or_else(|elapsed| Err(elapsed.into()))?;
            Ok(AsyncTcpStream::Plain(wire))
        },
        properties,
    )
    .await
}

/// Connects to the broker, encrypted where there is somebody to trust.
async fn reach(uri: &AMQPUri, trust: Option<&Trust>, socket: &Socket) -> io::Result<Wire> {
    let host = uri.authority.host.as_str();
    let stream = TcpStream::connect((host, uri.authority.port)).await?;
    stream.set_nodelay(true)?;
    socket.keep(&stream)?;
    match trust {
        Some(trust) => Ok(wire(trust.encrypt(host, stream).await?)),
        None => Ok(wire(stream)),
    }
}

fn unavailable(config: &Config, reason: &str) -> BusError {
    BusError::Unavailable(format!("broker {}: {reason}", config.place()))
}

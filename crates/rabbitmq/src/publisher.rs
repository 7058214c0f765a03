//! Publishing: one task owns the connection, so that messages leave in the order of their publications and each
//! confirm is told to the right one.

mod progress;
mod session;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ports::{BusError, Parcel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::{sleep, timeout};

use crate::line::Line;
use crate::options::Config;
use session::{End, Session};

/// Bytes that may be on their way to the broker at once, unconfirmed.
const ROOM: u32 = 64 << 20;
/// Messages that may be on their way at once. A broker that is given more than it keeps up with answers later and later,
/// until every confirm is late: what it cannot take yet waits here, where a publisher can give up.
const WINDOW: u32 = 2048;
/// What a message takes beside its body, in bytes.
const OVERHEAD: usize = 512;
/// Publications that wait for the publishing task.
const INBOX: usize = 1024;
/// The first and the longest pause between attempts to connect.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// What the publishing task is asked for.
enum Request {
    Publish(Publication),
    /// Take leave of the broker and end.
    Close(oneshot::Sender<()>),
}

/// Messages whose publisher waits.
struct Publication {
    parcels: Vec<Arc<Parcel>>,
    /// Whether it is an error when no queue takes a message.
    mandatory: bool,
    /// Dropped without an answer when the connection ends.
    answer: oneshot::Sender<Result<(), BusError>>,
    /// Taken until the last message is confirmed.
    room: Room,
}

/// A share of what may be on its way to the broker.
struct Room {
    _bytes: OwnedSemaphorePermit,
    _messages: OwnedSemaphorePermit,
}

/// Why nothing can be published at present.
#[derive(Default)]
struct Trouble(Mutex<String>);

impl Trouble {
    fn tell(&self, reason: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = reason;
    }

    fn error(&self) -> BusError {
        let reason = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        BusError::Unavailable(reason)
    }
}

/// The way to the publishing task.
pub(crate) struct Publisher {
    inbox: mpsc::Sender<Request>,
    bytes: Arc<Semaphore>,
    messages: Arc<Semaphore>,
    trouble: Arc<Trouble>,
    limit: Duration,
}

impl Publisher {
    /// Starts the publishing task; it connects by itself, and again whenever that is needed.
    pub(crate) fn start(config: Arc<Config>) -> Self {
        let (inbox, requests) = mpsc::channel(INBOX);
        let trouble = Arc::new(Trouble::default());
        trouble.tell(format!("not yet connected to broker {}", config.place()));
        let publisher = Self {
            inbox,
            bytes: Arc::new(Semaphore::new(ROOM as usize)),
            messages: Arc::new(Semaphore::new(WINDOW as usize)),
            trouble: Arc::clone(&trouble),
            limit: config.options.publish_limit,
        };
        let task = Task {
            config,
            requests,
            trouble,
        };
        tokio::spawn(task.run());
        publisher
    }

    /// Publishes and waits for the confirms, within the configured limit.
    pub(crate) async fn publish(&self, parcels: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        self.within(self.limit, parcels, true).await
    }

    /// Whether `parcel`, which no queue takes, is confirmed within `limit`.
    pub(crate) async fn probe(&self, limit: Duration, parcel: Arc<Parcel>) -> Result<(), BusError> {
        self.within(limit, vec![parcel], false).await
    }

    async fn within(
        &self,
        limit: Duration,
        parcels: Vec<Arc<Parcel>>,
        mandatory: bool,
    ) -> Result<(), BusError> {
        let mut taken = false;
        let answered = timeout(limit, self.confirmed(parcels, mandatory, &mut taken)).await;
        match answered {
            Ok(answer) => answer,
            Err(_elapsed) if taken => Err(self.trouble.error()),
            Err(_elapsed) => Err(BusError::Full(
                "the broker is behind with its confirms".to_owned(),
            )),
        }
    }

    async fn confirmed(
        &self,
        parcels: Vec<Arc<Parcel>>,
        mandatory: bool,
        taken: &mut bool,
    ) -> Result<(), BusError> {
        let room = self.room(&parcels).await?;
        *taken = true;
        let (answer, answered) = oneshot::channel();
        let publication = Publication {
            parcels,
            mandatory,
            answer,
            room,
        };
        let sent = self.inbox.send(Request::Publish(publication)).await;
        sent.map_err(|_ended| self.trouble.error())?;
        answered
            .await
            .unwrap_or_else(|_dropped| Err(self.trouble.error()))
    }

    /// Waits until there is room for messages; those that are more than all the room there is take all of it.
    async fn room(&self, parcels: &[Arc<Parcel>]) -> Result<Room, BusError> {
        let closed = |_| self.trouble.error();
        let count = u32::try_from(parcels.len()).unwrap_or(WINDOW).min(WINDOW);
        let messages = Arc::clone(&self.messages).acquire_many_owned(count).await;
        let messages = messages.map_err(closed)?;
        let bytes = Arc::clone(&self.bytes).acquire_many_owned(size(parcels)).await;
        Ok(Room {
            _bytes: bytes.map_err(closed)?,
            _messages: messages,
        })
    }

    /// Ends the publishing task; what is on its way is not waited for.
    pub(crate) async fn close(&self) {
        let (answer, answered) = oneshot::channel();
        if self.inbox.send(Request::Close(answer)).await.is_ok() {
            let _ended = timeout(self.limit, answered).await;
        }
    }
}

/// The bytes that messages take; at most all that there are.
fn size(parcels: &[Arc<Parcel>]) -> u32 {
    let bytes: usize = parcels.iter().map(|parcel| parcel.body.len() + OVERHEAD).sum();
    u32::try_from(bytes).unwrap_or(ROOM).min(ROOM)
}

/// The publishing task.
struct Task {
    config: Arc<Config>,
    requests: mpsc::Receiver<Request>,
    trouble: Arc<Trouble>,
}

impl Task {
    /// Connects and serves, again and again, until nobody is left who could publish.
    async fn run(mut self) {
        let mut pause = PAUSES.0;
        while !self.requests.is_closed() {
            match self.session().await {
                Ok(session) => {
                    pause = PAUSES.0;
                    match session.serve(&mut self.requests, &self.trouble).await {
                        End::Closed => return,
                        End::Broken(reason) => tracing::warn!(reason, "connection to the broker lost"),
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot publish");
                    self.trouble.tell(reason(error));
                }
            }
            sleep(pause.mul_f64(rand::random_range(0.5..1.0))).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn session(&self) -> Result<Session, BusError> {
        let line = Line::open(&self.config, "publisher").await?;
        Session::open(line, self.config.options.publish_limit).await
    }
}

/// What an error says, without its kind.
fn reason(error: BusError) -> String {
    let (BusError::Unavailable(reason) | BusError::Full(reason) | BusError::Closed(reason)) = error;
    reason
}

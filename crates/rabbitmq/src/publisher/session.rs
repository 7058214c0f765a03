//! One connection's worth of publishing.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{Channel, Confirmation};
use ports::{BusError, Parcel};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::progress::{Progress, Trip};
use super::{Publication, Request, Trouble};
use crate::line::Line;
use crate::started::Started;
use crate::topology::EXCHANGE;
use crate::wire;

/// How soon a publisher learns that the broker blocks, and the task that its connection is gone.
const LOOK: Duration = Duration::from_millis(100);

/// Why nothing is taken while the broker blocks.
const BLOCKED: &str = "the broker takes nothing: it is short of memory or disk";
/// Publications between two looks at the confirms.
const BURST: usize = 64;

/// How a session ended.
pub(super) enum End {
    /// Nobody publishes any more.
    Closed,
    /// Whatever is unconfirmed has to be published again.
    Broken(String),
}

/// How a publication ended for the connection.
type Landing = BoxFuture<'static, Result<(), Trip>>;

/// The confirm of one message, asked for already.
type Confirm = Started<lapin::Result<Confirmation>>;

/// A connection in confirm mode.
pub(super) struct Session {
    line: Line,
    channel: Arc<Channel>,
    /// Publications whose confirms are awaited. Dropping one tells its publisher that nothing is known of it.
    flight: FuturesUnordered<Landing>,
    limit: Duration,
    progress: Progress,
}

impl Session {
    pub(super) async fn open(line: Line, limit: Duration) -> Result<Self, BusError> {
        let opening = async {
            let channel = line.channel().await?;
            channel.confirm_select(ConfirmSelectOptions::default()).await?;
            Ok::<_, lapin::Error>(channel)
        };
        let opened = timeout(limit, opening).await;
        let channel = match opened {
            Ok(Ok(channel)) => channel,
            Ok(Err(error)) => return Err(BusError::Unavailable(error.to_string())),
            Err(_elapsed) => return Err(BusError::Unavailable("no channel in time".to_owned())),
        };
        Ok(Self {
            line,
            channel: Arc::new(channel),
            flight: FuturesUnordered::new(),
            limit,
            progress: Progress::new(limit),
        })
    }

    /// Publishes whatever is asked for until the connection or the demand ends.
    pub(super) async fn serve(mut self, requests: &mut mpsc::Receiver<Request>, trouble: &Trouble) -> End {
        trouble.tell("no confirm in time".to_owned());
        let end = self.work(requests, trouble).await;
        if let End::Broken(reason) = &end {
            trouble.tell(reason.clone());
            self.line.cut();
        }
        end
    }

    async fn close(&mut self, answer: oneshot::Sender<()>) -> End {
        let _gone = timeout(self.limit, self.line.close()).await;
        let _nobody = answer.send(());
        End::Closed
    }

    async fn work(&mut self, requests: &mut mpsc::Receiver<Request>, trouble: &Trouble) -> End {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut burst = Vec::with_capacity(BURST);
        loop {
            tokio::select! {
                Some(landed) = self.flight.next() => if let Some(reason) = self.landed(landed) {
                    return End::Broken(reason);
                },
                count = requests.recv_many(&mut burst, BURST) => {
                    if count == 0 {
                        return End::Closed;
                    }
                    for request in burst.drain(..) {
                        match request {
                            Request::Publish(publication) => self.publish(publication).await,
                            Request::Close(answer) => return self.close(answer).await,
                        }
                    }
                }
                _ = look.tick() => {
                    if !self.line.is_up() {
                        return End::Broken("connection lost".to_owned());
                    }
                    if self.line.is_blocked() && !self.flight.is_empty() {
                        self.give_way(trouble);
                    }
                }
            }
        }
    }

    /// Why the connection is to be given up, if it is. While the broker blocks it confirms nothing, and says so.
    fn landed(&mut self, landed: Result<(), Trip>) -> Option<String> {
        let reason = self.progress.landed(landed);
        reason.filter(|_| !self.line.is_blocked())
    }

    /// Tells every publisher that waits that the broker blocks. The messages may still be taken once it unblocks.
    fn give_way(&mut self, trouble: &Trouble) {
        trouble.tell(BLOCKED.to_owned());
        self.flight.clear();
        trouble.tell("no confirm in time".to_owned());
    }

    async fn publish(&mut self, publication: Publication) {
        if publication.answer.is_closed() {
            return;
        }
        if self.line.is_blocked() {
            let _gone = publication.answer.send(Err(BusError::Full(BLOCKED.to_owned())));
            return;
        }
        let mut confirms = Vec::with_capacity(publication.parcels.len());
        for parcel in &publication.parcels {
            let channel = Arc::clone(&self.channel);
            let confirm = confirm(channel, Arc::clone(parcel), publication.mandatory);
            confirms.push(Started::now(confirm).await);
        }
        if self.flight.is_empty() {
            self.progress.resume();
        }
        let limit = self.limit;
        self.flight.push(land(publication, confirms, limit).boxed());
    }
}

async fn confirm(channel: Arc<Channel>, parcel: Arc<Parcel>, mandatory: bool) -> lapin::Result<Confirmation> {
    let options = BasicPublishOptions {
        mandatory,
        ..BasicPublishOptions::default()
    };
    let key = (*parcel.routing_key).into();
    let properties = wire::properties(&parcel);
    let sent = channel.basic_publish(EXCHANGE.into(), key, options, &parcel.body, properties);
    sent.await?.await
}

/// Waits for the confirms of a publication and answers its publisher.
async fn land(publication: Publication, confirms: Vec<Confirm>, limit: Duration) -> Result<(), Trip> {
    let outcome = timeout(limit, all(confirms)).await;
    let outcome = outcome.unwrap_or(Err(Failure::Late));
    let Publication { answer, room, .. } = publication;
    let (told, ended) = match outcome {
        Ok(()) => (Ok(()), Ok(())),
        Err(Failure::Refused) => (Err("a queue is at its bound".to_owned()), Ok(())),
        Err(Failure::Late) => (Err(format!("no confirm within {limit:?}")), Err(Trip::Late)),
        Err(Failure::Broken(reason)) => (Err(reason.clone()), Err(Trip::Broken(reason))),
    };
    drop(room);
    let _gone = answer.send(told.map_err(BusError::Unavailable));
    ended
}

/// Why a message was not confirmed.
enum Failure {
    /// It was not heard of in time.
    Late,
    /// A queue that it belongs to is full; others may have it.
    Refused,
    /// The connection, or what was declared over it, is gone.
    Broken(String),
}

async fn all(confirms: Vec<Confirm>) -> Result<(), Failure> {
    let mut refused = false;
    for confirm in confirms {
        match confirm.outcome().await {
            Some(Ok(Confirmation::Ack(None))) => {}
            Some(Ok(Confirmation::Nack(_))) => refused = true,
            Some(Ok(_returned)) => return Err(Failure::Broken("a queue is missing".to_owned())),
            Some(Err(error)) => return Err(Failure::Broken(error.to_string())),
            None => return Err(Failure::Broken("a confirm was lost".to_owned())),
        }
    }
    if refused { Err(Failure::Refused) } else { Ok(()) }
}

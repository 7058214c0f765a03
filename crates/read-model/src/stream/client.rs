//! One client of the stream, from its question to its end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures::{Stream, stream};
use ports::StoreError;
use prometheus::IntGauge;
use service::http_server::Stopping;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{sleep, timeout};

use super::buffer::{Buffer, Reason, Taken};
use super::catch_up::{CatchUp, Step, concatenated};
use super::hub::Hub;
use super::place::Place;
use super::seam::Seam;
use super::wants::Wants;
use super::{frame, numbers};
use crate::read_model::Shared;

/// The longest silence.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// How long a log that does not answer is left alone.
const PATIENCE: Duration = Duration::from_secs(1);

/// One client. What it sends is worked out as its peer reads.
pub(crate) struct Client {
    buffer: Arc<Buffer>,
    stopping: Stopping,
    /// What is sent before anything else.
    first: Option<Bytes>,
    phase: Phase,
    _seat: Seat,
}

enum Phase {
    /// It reads what it missed.
    CatchingUp(Box<CatchUp>),
    /// It gets what happens; of the first of it what the seam takes out it knows.
    Live(Option<Seam>),
    /// Nothing follows.
    Ended,
}

/// A place among the clients, and its part in their number.
pub(crate) struct Seat {
    _place: OwnedSemaphorePermit,
    clients: IntGauge,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.clients.dec();
    }
}

impl Client {
    /// Makes a client that begins now, or where it was.
    ///
    /// # Errors
    /// When the event log does not answer, or refuses the client's place. Nothing has been answered by then.
    pub(crate) async fn start(
        shared: &Arc<Shared>,
        seat: Seat,
        wants: Wants,
        last: Option<Place>,
        stopping: Stopping,
    ) -> Result<Self, StoreError> {
        let hub = &shared.stream;
        let (wants, buffer) = (Arc::new(wants), Arc::new(Buffer::default()));
        let (first, phase) = begin(hub, &wants, &buffer, last).await?;
        if wants.numbers {
            numbers::watch(shared, &buffer);
        }
        Ok(Self {
            buffer,
            stopping,
            first: Some(first),
            phase,
            _seat: seat,
        })
    }

    /// The body of the answer.
    pub(crate) fn into_body(self) -> Body {
        Body::from_stream(self.pieces())
    }

    fn pieces(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut client| async move {
            let piece = client.next().await?;
            Some((Ok(piece), client))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        let mut piece = self.first.take();
        while piece.as_ref().is_none_or(Bytes::is_empty) {
            if matches!(self.phase, Phase::Ended) {
                return None;
            }
            let stopping = self.stopping.clone();
            piece = Some(tokio::select! {
                biased;
                () = stopping.begun() => self.end(Reason::Stopping),
                piece = self.following() => piece,
            });
        }
        piece
    }

    async fn following(&mut self) -> Bytes {
        match &mut self.phase {
            Phase::CatchingUp(catch_up) => {
                let step = catch_up.step(&self.buffer).await;
                self.caught_up(step).await
            }
            Phase::Live(_) | Phase::Ended => self.live().await,
        }
    }

    /// What follows a step of catching up.
    async fn caught_up(&mut self, step: Result<Step, StoreError>) -> Bytes {
        let piece = match step {
            Ok(Step::On(piece)) => piece,
            Ok(Step::Joined(piece, seam)) => {
                self.phase = Phase::Live(Some(seam));
                piece
            }
            Ok(Step::TooSlow) => self.end(Reason::Slow),
            Err(error) if !error.is_transient() => self.end(Reason::Lost),
            Err(_) => {
                sleep(PATIENCE).await;
                frame::comment("the event log does not answer, trying again")
            }
        };
        match self.buffer.take_numbers() {
            Some(numbers) => [numbers, piece].concat().into(),
            None => piece,
        }
    }

    /// What happens next, or that nothing has for a while.
    async fn live(&mut self) -> Bytes {
        if timeout(HEARTBEAT, self.buffer.ready()).await.is_err() {
            return self.heartbeat();
        }
        let taken = self.buffer.take();
        self.write(taken)
    }

    fn write(&mut self, taken: Taken) -> Bytes {
        let Taken {
            mut entries,
            numbers,
            end,
        } = taken;
        if let Phase::Live(Some(seam)) = &self.phase
            && seam.trim(&mut entries)
        {
            self.phase = Phase::Live(None);
        }
        let mut piece = BytesMut::from(concatenated(&entries));
        piece.extend(numbers);
        piece.extend(end.map(|reason| self.end(reason)));
        piece.freeze()
    }

    fn heartbeat(&self) -> Bytes {
        let passed = self.buffer.take_passed();
        let place = passed
            .map(|place| frame::nothing_until(&place))
            .unwrap_or_default();
        [frame::comment("nothing new"), place].concat().into()
    }

    /// The last words.
    fn end(&mut self, reason: Reason) -> Bytes {
        self.phase = Phase::Ended;
        frame::dropped(reason.name(), reason.detail())
    }
}

/// The first words, and what follows them. A client that comes back has its first page read here, so that a place that
/// no log knows is an error and no stream.
async fn begin(
    hub: &Arc<Hub>,
    wants: &Arc<Wants>,
    buffer: &Arc<Buffer>,
    last: Option<Place>,
) -> Result<(Bytes, Phase), StoreError> {
    if !wants.events {
        return Ok((frame::opening(None), Phase::Live(None)));
    }
    let Some(last) = last else {
        let place = hub.join(wants, buffer).await?;
        return Ok((frame::opening(Some(&place)), Phase::Live(None)));
    };
    let opening = frame::opening(Some(&last));
    let mut catch_up = CatchUp::new(Arc::clone(hub), Arc::clone(wants), last);
    let missed = match catch_up.step(buffer).await? {
        Step::On(piece) => piece,
        Step::Joined(..) | Step::TooSlow => Bytes::new(),
    };
    Ok((
        [opening, missed].concat().into(),
        Phase::CatchingUp(Box::new(catch_up)),
    ))
}

impl Seat {
    /// A seat, if there is one left.
    pub(crate) fn of(hub: &Hub) -> Option<Self> {
        let place = hub.place()?;
        let clients = hub.metrics.clients.clone();
        clients.inc();
        Some(Self {
            _place: place,
            clients,
        })
    }
}

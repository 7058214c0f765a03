//! Consuming: one connection for all subscriptions, opened when it is needed.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use lapin::Channel;
use lapin::options::{BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use ports::{BusError, Queue};
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::timeout;

use crate::line::Line;
use crate::options::Config;
use crate::publisher::Publisher;
use crate::subscription::QueueSubscription;

/// Everything that consumes.
pub(crate) struct Consumers {
    config: Arc<Config>,
    publisher: Arc<Publisher>,
    line: AsyncMutex<Option<Arc<Line>>>,
    /// Where questions about queues are asked.
    desk: AsyncMutex<Option<Channel>>,
    subscriptions: Mutex<Vec<Weak<QueueSubscription>>>,
}

impl Consumers {
    pub(crate) fn new(config: Arc<Config>, publisher: Arc<Publisher>) -> Self {
        Self {
            config,
            publisher,
            line: AsyncMutex::default(),
            desk: AsyncMutex::default(),
            subscriptions: Mutex::default(),
        }
    }

    /// The connection; a new one where there is none or it broke.
    pub(crate) async fn line(&self) -> Result<Arc<Line>, BusError> {
        let mut line = self.line.lock().await;
        if let Some(line) = line.as_ref().filter(|line| line.is_up()) {
            return Ok(Arc::clone(line));
        }
        let new = Arc::new(Line::open(&self.config, "consumer").await?);
        *line = Some(Arc::clone(&new));
        Ok(new)
    }

    pub(crate) async fn subscribe(
        &self,
        queue: Queue,
        prefetch: usize,
    ) -> Result<Arc<QueueSubscription>, BusError> {
        let line = self.line().await?;
        let prefetch = u16::try_from(prefetch.max(1)).unwrap_or(u16::MAX);
        let consuming = async {
            let channel = line.channel().await?;
            channel.basic_qos(prefetch, BasicQosOptions::default()).await?;
            let (name, tag) = (queue.name().into(), "".into());
            let options = BasicConsumeOptions::default();
            let consumer = channel
                .basic_consume(name, tag, options, FieldTable::default())
                .await?;
            Ok((channel, consumer))
        };
        let (channel, consumer) = self.answer(&line, consuming).await?;
        let publisher = Arc::clone(&self.publisher);
        let subscription = QueueSubscription::new(&self.config, publisher, line, queue, channel, consumer);
        let subscription = Arc::new(subscription);
        self.register(&subscription);
        Ok(subscription)
    }

    /// How many messages wait in a queue of the broker.
    pub(crate) async fn waiting(&self, queue: Queue) -> Result<u64, BusError> {
        let line = self.line().await?;
        let mut desk = self.desk.lock().await;
        let asking = async {
            let channel = match desk.take().filter(|channel| channel.status().connected()) {
                Some(channel) => channel,
                None => line.channel().await?,
            };
            let count = crate::topology::count(&channel, queue).await?;
            *desk = Some(channel);
            Ok(count)
        };
        self.answer(&line, asking).await
    }

    /// What the broker answers, in time. After anything else the connection begins anew, with its declarations.
    async fn answer<T>(
        &self,
        line: &Line,
        call: impl Future<Output = lapin::Result<T>>,
    ) -> Result<T, BusError> {
        let limit = self.config.options.connect_limit;
        let reason = match timeout(limit, call).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => error.to_string(),
            Err(_elapsed) => format!("no answer within {limit:?}"),
        };
        line.cut();
        Err(BusError::Unavailable(reason))
    }

    fn register(&self, subscription: &Arc<QueueSubscription>) {
        let mut all = self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|one| one.strong_count() > 0);
        all.push(Arc::downgrade(subscription));
    }

    /// The living subscriptions of a queue.
    pub(crate) fn of(&self, queue: Queue) -> Vec<Arc<QueueSubscription>> {
        let all = self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        let living = all.iter().filter_map(Weak::upgrade);
        living
            .filter(|subscription| subscription.queue() == queue)
            .collect()
    }

    /// Takes leave of the broker, which returns what was out.
    pub(crate) async fn close(&self) {
        let Some(line) = self.line.lock().await.take() else {
            return;
        };
        let limit = self.config.options.connect_limit;
        let closed = timeout(limit, line.close()).await;
        if !matches!(closed, Ok(Ok(()))) {
            line.cut();
        }
    }
}

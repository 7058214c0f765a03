//! A subscription that fails on purpose.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use ports::{BusError, Delivery, DeliveryTag, Settle, Subscription};

use super::FaultPlan;

/// Marks the tags of second deliveries, which the inner subscription does not know.
const COPY: u64 = 1 << 63;

/// Deliveries of another subscription, some late, twice, or never by this subscription.
pub(super) struct FaultySubscription {
    plan: Arc<FaultPlan>,
    state: Mutex<State>,
    copies: AtomicU64,
}

struct State {
    /// `None` once the subscription has ended.
    inner: Option<Arc<dyn Subscription>>,
    late: Vec<Delivery>,
    copies: Copies,
}

/// Messages that were delivered twice. A broker forgets one when the last of its deliveries is settled: the other one
/// was made because it did not hear of the first.
#[derive(Default)]
struct Copies {
    /// The first delivery of each second one.
    originals: HashMap<DeliveryTag, DeliveryTag>,
    /// First deliveries of which one or both are not settled.
    open: HashMap<DeliveryTag, u32>,
}

impl Copies {
    fn add(&mut self, copy: DeliveryTag, original: DeliveryTag) {
        self.originals.insert(copy, original);
        *self.open.entry(original).or_insert(1) += 1;
    }

    /// The delivery that is settled with this one; none as long as there is another one.
    fn settled(&mut self, tag: DeliveryTag) -> Option<DeliveryTag> {
        let original = self.originals.remove(&tag).unwrap_or(tag);
        let Some(open) = self.open.get_mut(&original) else {
            return Some(original);
        };
        *open -= 1;
        if *open > 0 {
            return None;
        }
        self.open.remove(&original);
        Some(original)
    }
}

impl FaultySubscription {
    pub(super) fn new(inner: Arc<dyn Subscription>, plan: Arc<FaultPlan>) -> Self {
        let state = Mutex::new(State {
            inner: Some(inner),
            late: Vec::new(),
            copies: Copies::default(),
        });
        Self {
            plan,
            state,
            copies: AtomicU64::new(0),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn inner(&self) -> Result<Arc<dyn Subscription>, BusError> {
        let inner = self.state().inner.clone();
        inner.ok_or_else(|| BusError::Closed("injected end".to_owned()))
    }

    /// Ends the subscription: the inner one is dropped, so what it held is delivered again elsewhere.
    fn end(&self) {
        let ended = {
            let mut state = self.state();
            state.late.clear();
            state.inner.take()
        };
        drop(ended);
    }

    /// Deliveries that were kept back before, at most `max`.
    fn late(&self, max: usize) -> Vec<Delivery> {
        let late = &mut self.state().late;
        let from = late.len().saturating_sub(max);
        late.split_off(from)
    }

    /// Reorders, keeps back and copies. Never empties a batch.
    fn disturb(&self, mut batch: Vec<Delivery>) -> Vec<Delivery> {
        let rates = self.plan.rates();
        let again: Vec<_> = batch
            .iter()
            .filter(|_| self.plan.strikes(rates.duplicate))
            .map(|delivery| self.copy(delivery))
            .collect();
        batch.extend(again);
        if batch.len() > 1 && self.plan.strikes(rates.reorder) {
            self.plan.shuffle(&mut batch);
            let now = 1 + self.plan.below(batch.len());
            self.state().late.extend(batch.split_off(now));
        }
        batch
    }

    fn copy(&self, delivery: &Delivery) -> Delivery {
        let number = self.copies.fetch_add(1, Ordering::Relaxed);
        let tag = DeliveryTag(COPY | number);
        self.state().copies.add(tag, delivery.tag);
        Delivery {
            tag,
            redelivered: true,
            message: Arc::clone(&delivery.message),
        }
    }
}

#[async_trait]
impl Subscription for FaultySubscription {
    async fn next(&self, max: usize) -> Result<Vec<Delivery>, BusError> {
        if self.plan.is_away() || self.plan.strikes(self.plan.rates().end_subscription) {
            self.end();
        }
        let inner = self.inner()?;
        self.plan.linger().await;
        let late = self.late(max);
        if !late.is_empty() {
            return Ok(late);
        }
        let batch = inner.next(max).await?;
        let mut batch = self.disturb(batch);
        if batch.len() > max {
            self.state().late.extend(batch.split_off(max));
        }
        Ok(batch)
    }

    async fn settle(&self, settlements: Vec<(DeliveryTag, Settle)>) -> Result<(), BusError> {
        let inner = self.inner()?;
        let known = {
            let copies = &mut self.state().copies;
            let last = settlements
                .into_iter()
                .filter_map(|(tag, how)| copies.settled(tag).map(|tag| (tag, how)));
            last.collect()
        };
        self.plan.around("settle", inner.settle(known)).await
    }
}

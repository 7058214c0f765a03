//! What goes wrong, and how often.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ports::{BusError, StoreError};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

/// How often each fault strikes: 0 is never, 1 is always.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FaultRates {
    /// A call fails and has no effect.
    pub before: f64,
    /// A call has its effect and fails: its answer is lost.
    pub after: f64,
    /// A call waits before its effect, and once more before its answer.
    pub delay: f64,
    /// The longest such wait. Beyond a caller's patience it is another way to lose an answer.
    pub longest_delay: Duration,
    /// A publication ends after some of its messages, and fails.
    pub partial: f64,
    /// A message is published twice, or delivered twice.
    pub duplicate: f64,
    /// A batch of deliveries comes in another order, some of it in a later batch.
    pub reorder: f64,
    /// A subscription ends: what it held is delivered again.
    pub end_subscription: f64,
}

impl FaultRates {
    /// Everything goes wrong now and then, most of it goes well.
    pub const ROUGH: Self = Self {
        before: 0.04,
        after: 0.04,
        delay: 0.05,
        longest_delay: Duration::from_millis(15),
        partial: 0.05,
        duplicate: 0.05,
        reorder: 0.2,
        end_subscription: 0.03,
    };
}

/// Faults drawn from a seed, with a switch. The wrappers of one system share one plan.
#[derive(Debug)]
pub struct FaultPlan {
    rates: FaultRates,
    on: AtomicBool,
    away: AtomicBool,
    dice: Mutex<StdRng>,
    injected: AtomicU64,
}

impl FaultPlan {
    /// A plan that is switched on. The same seed draws the same faults, in the order of the calls.
    pub fn new(seed: u64, rates: FaultRates) -> Arc<Self> {
        Arc::new(Self {
            rates,
            on: AtomicBool::new(true),
            away: AtomicBool::new(false),
            dice: Mutex::new(StdRng::seed_from_u64(seed)),
            injected: AtomicU64::new(0),
        })
    }

    /// Faults from now on, or none.
    pub fn switch(&self, on: bool) {
        self.on.store(on, Ordering::Relaxed);
    }

    /// An outage from now on, or its end: every call fails and has no effect, even when faults are switched off.
    pub fn outage(&self, away: bool) {
        self.away.store(away, Ordering::Relaxed);
    }

    /// How many faults struck so far.
    pub fn injected(&self) -> u64 {
        self.injected.load(Ordering::Relaxed)
    }

    pub(super) fn is_away(&self) -> bool {
        self.away.load(Ordering::Relaxed)
    }

    pub(super) fn rates(&self) -> &FaultRates {
        &self.rates
    }

    /// Whether a fault of this rate strikes now.
    pub(super) fn strikes(&self, rate: f64) -> bool {
        if rate <= 0.0 || !self.on.load(Ordering::Relaxed) {
            return false;
        }
        let struck = self.dice(|dice| dice.random_bool(rate.min(1.0)));
        self.injected.fetch_add(u64::from(struck), Ordering::Relaxed);
        struck
    }

    /// A number below `end`, which must not be 0.
    pub(super) fn below(&self, end: usize) -> usize {
        self.dice(|dice| dice.random_range(0..end))
    }

    pub(super) fn shuffle<T>(&self, items: &mut [T]) {
        self.dice(|dice| items.shuffle(dice));
    }

    /// Waits, where a delay strikes.
    pub(super) async fn linger(&self) {
        if self.strikes(self.rates.delay) {
            let share = self.dice(|dice| dice.random_range(0.0..=1.0));
            tokio::time::sleep(self.rates.longest_delay.mul_f64(share)).await;
        }
    }

    /// A call with whatever strikes it.
    pub(super) async fn around<T, E: Injected>(
        &self,
        what: &str,
        call: impl Future<Output = Result<T, E>> + Send,
    ) -> Result<T, E> {
        self.linger().await;
        if self.is_away() {
            self.injected.fetch_add(1, Ordering::Relaxed);
            return Err(E::injected(format!("injected outage, no {what}")));
        }
        if self.strikes(self.rates.before) {
            return Err(E::injected(format!("injected before {what}")));
        }
        let answer = call.await?;
        self.linger().await;
        if self.strikes(self.rates.after) {
            return Err(E::injected(format!("injected after {what}")));
        }
        Ok(answer)
    }

    fn dice<T>(&self, throw: impl FnOnce(&mut StdRng) -> T) -> T {
        throw(&mut self.dice.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An error that a port may give at any time.
pub(super) trait Injected {
    fn injected(reason: String) -> Self;
}

impl Injected for BusError {
    fn injected(reason: String) -> Self {
        Self::Unavailable(reason)
    }
}

impl Injected for StoreError {
    fn injected(reason: String) -> Self {
        Self::Unavailable(reason)
    }
}

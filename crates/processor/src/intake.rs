//! Takes work from the bus and claims it.

use std::collections::HashSet;
use std::sync::Arc;

use domain::JobEvent;
use ports::{
    Claim, ClaimRequest, Delivery, DeliveryTag, GaveUp, Pace, Parcel, Settle, StoreError, Subscription,
    persist,
};
use tokio::sync::OwnedSemaphorePermit;

use crate::decode::decode;
use crate::deliveries::{reject, settle};
use crate::processor::Shared;
use crate::start::start;
use crate::work_queues::{Taken, WorkQueues};

/// How many deliveries are claimed in one transaction.
const BATCH: usize = 256;

/// A decoded delivery that asks for an attempt, with a place to run it in.
pub(crate) struct Wish {
    pub(crate) tag: DeliveryTag,
    pub(crate) message: Arc<Parcel>,
    pub(crate) request: ClaimRequest,
    pub(crate) slot: OwnedSemaphorePermit,
}

/// Runs until `shared.intake` is cancelled; subscriptions are made anew when one ends.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut pace = Pace::new(shared.config.work_pace);
    while let Some(mut queues) = WorkQueues::subscribe(&shared).await {
        loop {
            pace.wait().await;
            let Some(slots) = slots(&shared).await else { return };
            let taken = tokio::select! {
                biased;
                () = shared.intake.cancelled() => return,
                taken = queues.next(slots.num_permits()) => taken,
            };
            match taken {
                Ok(taken) => {
                    pace.begin(taken.1.len() >= slots.num_permits());
                    take(&shared, taken, slots).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "work subscription ended, subscribing again");
                    break;
                }
            }
        }
    }
}

/// Waits for a place, and takes as many as there are for a batch; `None` when intake stops.
async fn slots(shared: &Shared) -> Option<OwnedSemaphorePermit> {
    let mut slots = tokio::select! {
        biased;
        () = shared.intake.cancelled() => return None,
        slot = Arc::clone(&shared.slots).acquire_owned() => slot.ok()?,
    };
    let more = u32::try_from(shared.slots.available_permits().min(BATCH - 1)).unwrap_or_default();
    if let Ok(more) = Arc::clone(&shared.slots).try_acquire_many_owned(more) {
        slots.merge(more);
    }
    Some(slots)
}

/// A place for each message; what is left of `slots` is given back.
fn wishes(
    deliveries: Vec<Delivery>,
    mut slots: OwnedSemaphorePermit,
) -> (Vec<Wish>, Vec<(Delivery, String)>) {
    let (mut wishes, mut rejected) = (Vec::with_capacity(deliveries.len()), Vec::new());
    for delivery in deliveries {
        match decode(&delivery.message) {
            Ok(request) => wishes.extend(slots.split(1).map(|slot| Wish {
                tag: delivery.tag,
                message: delivery.message,
                request,
                slot,
            })),
            Err(reason) => rejected.push((delivery, reason)),
        }
    }
    (wishes, rejected)
}

async fn take(shared: &Arc<Shared>, (subscription, deliveries): Taken, slots: OwnedSemaphorePermit) {
    shared.metrics.processed.inc_by(deliveries.len() as u64);
    let (mut wishes, rejected) = wishes(deliveries, slots);
    reject(shared, &subscription, rejected).await;
    while !wishes.is_empty() {
        let (firsts, repeats) = split_repeats(wishes);
        claim(shared, &subscription, firsts).await;
        wishes = repeats;
    }
}

/// Sets further messages for the same job aside. Under one ticket they would be one claim, granted twice: the
/// job would run twice at once. Under a ticket of their own they find the job held.
fn split_repeats(wishes: Vec<Wish>) -> (Vec<Wish>, Vec<Wish>) {
    let mut seen = HashSet::with_capacity(wishes.len());
    wishes
        .into_iter()
        .partition(|wish| seen.insert(wish.request.job.id))
}

async fn claim(shared: &Arc<Shared>, subscription: &Arc<dyn Subscription>, wishes: Vec<Wish>) {
    if wishes.is_empty() {
        return;
    }
    let requests: Vec<_> = wishes.iter().map(|wish| wish.request.clone()).collect();
    let ticket = shared.ticket();
    let call = || shared.jobs.claim(&ticket, requests.clone());
    match persist("claim", shared.config.call_limit, &shared.hard, call).await {
        Ok(claims) => answer(shared, subscription, wishes, claims).await,
        Err(GaveUp::Stopped) => {}
        Err(GaveUp::Permanent(error)) => one_by_one(shared, subscription, wishes, error).await,
    }
}

/// The store refuses something in the batch for ever: find out what, and let the rest through.
async fn one_by_one(
    shared: &Arc<Shared>,
    subscription: &Arc<dyn Subscription>,
    wishes: Vec<Wish>,
    error: StoreError,
) {
    tracing::warn!(%error, size = wishes.len(), "claim refused, claiming one by one");
    for wish in wishes {
        let ticket = shared.ticket();
        let call = || shared.jobs.claim(&ticket, vec![wish.request.clone()]);
        match persist("claim", shared.config.call_limit, &shared.hard, call).await {
            Ok(claims) => answer(shared, subscription, vec![wish], claims).await,
            Err(GaveUp::Stopped) => return,
            Err(GaveUp::Permanent(error)) => {
                let delivery = Delivery {
                    tag: wish.tag,
                    redelivered: false,
                    message: wish.message,
                };
                reject(shared, subscription, vec![(delivery, error.to_string())]).await;
            }
        }
    }
}

async fn answer(
    shared: &Arc<Shared>,
    subscription: &Arc<dyn Subscription>,
    wishes: Vec<Wish>,
    claims: Vec<Claim>,
) {
    let mut acks = Vec::new();
    let mut told: Vec<JobEvent> = Vec::new();
    for (wish, claim) in wishes.into_iter().zip(claims) {
        match claim {
            Claim::Started(started) => start(shared, subscription, wish, started),
            Claim::Held => {
                shared.metrics.duplicate_messages.inc();
                acks.push((wish.tag, Settle::Ack));
            }
            Claim::Waits(events) => {
                shared.metrics.waiting.inc();
                told.extend(events);
                acks.push((wish.tag, Settle::Ack));
            }
            Claim::Passed(events) => {
                shared.metrics.duplicate_messages.inc();
                told.extend(events);
                acks.push((wish.tag, Settle::Ack));
            }
        }
    }
    if acks.is_empty() {
        return;
    }
    if shared.publish(shared.scribe.events(&told)).await {
        settle(subscription, acks).await;
    }
}

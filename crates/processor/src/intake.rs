//! Takes work from the bus and claims it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::JobEvent;
use ports::{
    Claim, ClaimRequest, ClaimTicket, Delivery, DeliveryTag, GaveUp, Parcel, Queue, Settle, Started,
    StoreError, Subscription, persist,
};
use tokio_util::sync::CancellationToken;

use crate::decode::decode;
use crate::handler::Context;
use crate::processor::Shared;
use crate::recorder::Finished;

/// How many deliveries are claimed in one transaction.
const BATCH: usize = 256;

/// A decoded delivery that asks for an attempt.
struct Wish {
    tag: DeliveryTag,
    message: Arc<Parcel>,
    request: ClaimRequest,
}

/// Runs until `shared.intake` is cancelled; a subscription that ends is made anew.
pub(crate) async fn run(shared: Arc<Shared>) {
    let prefetch = shared.config.concurrency;
    while let Some(subscription) = subscribe(&shared, Queue::Work, prefetch).await {
        loop {
            let deliveries = tokio::select! {
                biased;
                () = shared.intake.cancelled() => return,
                next = subscription.next(BATCH) => next,
            };
            match deliveries {
                Ok(deliveries) => take(&shared, &subscription, deliveries).await,
                Err(error) => {
                    tracing::warn!(%error, "work subscription ended, subscribing again");
                    break;
                }
            }
        }
    }
}

/// Subscribes, however long the bus is away; `None` when intake stops.
pub(crate) async fn subscribe(
    shared: &Shared,
    queue: Queue,
    prefetch: usize,
) -> Option<Arc<dyn Subscription>> {
    let limit = shared.config.call_limit;
    let call = || shared.bus.subscribe(queue, prefetch);
    loop {
        match persist("subscribe", limit, &shared.intake, call).await {
            Ok(subscription) => return Some(subscription),
            Err(GaveUp::Stopped) => return None,
            Err(GaveUp::Permanent(error)) => {
                tracing::error!(%error, queue = queue.name(), "cannot subscribe, trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn take(shared: &Arc<Shared>, subscription: &Arc<dyn Subscription>, deliveries: Vec<Delivery>) {
    shared.metrics.processed.inc_by(deliveries.len() as u64);
    let mut wishes = Vec::with_capacity(deliveries.len());
    let mut rejected = Vec::new();
    for delivery in deliveries {
        match decode(&delivery.message) {
            Ok(request) => wishes.push(Wish {
                tag: delivery.tag,
                message: delivery.message,
                request,
            }),
            Err(reason) => rejected.push((delivery, reason)),
        }
    }
    reject(shared, subscription, rejected).await;
    while !wishes.is_empty() {
        let (firsts, repeats) = split_repeats(wishes);
        claim(shared, subscription, firsts).await;
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

/// Turns refused deliveries into dead letters, then acks them: in this order, so that none is lost between.
pub(crate) async fn reject(
    shared: &Shared,
    subscription: &Arc<dyn Subscription>,
    rejected: Vec<(Delivery, String)>,
) {
    if rejected.is_empty() {
        return;
    }
    shared.metrics.validation_failed.inc_by(rejected.len() as u64);
    let now = shared.clock.now();
    // A letter is known by what it says: identical messages are told apart by their moment.
    let moments = (0..).map(|n| now.saturating_add(Duration::from_micros(n)).unwrap_or(now));
    let letters: Vec<Arc<Parcel>> = rejected
        .iter()
        .zip(moments)
        .map(|((delivery, reason), at)| shared.scribe.dead_letter(delivery, reason, at))
        .collect();
    for (_, reason) in &rejected {
        tracing::warn!(reason, "message rejected");
    }
    if shared.publish(letters).await {
        let tags = rejected
            .iter()
            .map(|(delivery, _)| (delivery.tag, Settle::Ack))
            .collect();
        settle(subscription, tags).await;
    }
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
        let ticket: ClaimTicket = shared.ticket();
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
    let mut passed: Vec<JobEvent> = Vec::new();
    for (wish, claim) in wishes.into_iter().zip(claims) {
        match claim {
            Claim::Started(started) => start(shared, subscription, wish, started),
            Claim::Held => acks.push((wish.tag, Settle::Ack)),
            Claim::Passed(events) => {
                passed.extend(events);
                acks.push((wish.tag, Settle::Ack));
            }
        }
    }
    if acks.is_empty() {
        return;
    }
    shared.metrics.duplicate_messages.inc_by(acks.len() as u64);
    if shared.publish(shared.scribe.events(&passed)).await {
        settle(subscription, acks).await;
    }
}

fn start(shared: &Arc<Shared>, subscription: &Arc<dyn Subscription>, wish: Wish, started: Started) {
    shared.running.insert(&started.event);
    shared.metrics.running.inc();
    let (shared, subscription) = (Arc::clone(shared), Arc::clone(subscription));
    let open = shared.attempts.token();
    tokio::spawn(async move {
        let context = context(&wish, &started, shared.hand_back.clone());
        let result = match wish.message.event() {
            Ok(event) => shared.runner.run(&event.job, &started, context).await,
            // It was read when the wish was made.
            Err(_) => return,
        };
        shared.running.remove(wish.request.job.id);
        shared.metrics.running.dec();
        let finished = Finished {
            result,
            executed: started.event,
            tag: wish.tag,
            subscription,
            open,
        };
        // The recorder outlives every attempt; if it is gone all the same, the process is going, too.
        let _ = shared.finished.send(finished).await;
    });
}

fn context(wish: &Wish, started: &Started, stopping: CancellationToken) -> Context {
    Context {
        job_id: wish.request.job.id,
        attempt: started.attempt,
        created_at: wish.request.job.created_at,
        correlation_id: wish.request.job.correlation_id,
        traceparent: wish.request.job.traceparent.clone(),
        stopping,
    }
}

/// Settles, and lives with it when the bus does not hear: the messages come again and find their rows moved.
pub(crate) async fn settle(subscription: &Arc<dyn Subscription>, settlements: Vec<(DeliveryTag, Settle)>) {
    if let Err(error) = subscription.settle(settlements).await {
        tracing::warn!(%error, "acknowledgement lost, messages will come again");
    }
}

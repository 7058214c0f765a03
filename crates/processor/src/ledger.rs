//! Makes accepted jobs visible before a worker reaches them.

use std::sync::Arc;

use ports::{Delivery, GaveUp, NewJob, Pace, Queue, Settle, Subscription, persist};

use crate::decode::decode;
use crate::deliveries::{reject, settle, subscribe};
use crate::processor::Shared;

/// How many jobs are admitted in one transaction, and held unacknowledged.
const BATCH: usize = 512;

/// Runs until `shared.intake` is cancelled.
pub(crate) async fn run(shared: Arc<Shared>) {
    let mut pace = Pace::new(shared.config.ledger_pace);
    while let Some(subscription) = subscribe(&shared, Queue::Ledger, BATCH).await {
        loop {
            let paced = async {
                pace.wait().await;
                subscription.next(BATCH).await
            };
            let deliveries = tokio::select! {
                biased;
                () = shared.intake.cancelled() => return,
                next = paced => next,
            };
            match deliveries {
                Ok(deliveries) => {
                    pace.begin(deliveries.len() == BATCH);
                    admit(&shared, &subscription, deliveries).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "ledger subscription ended, subscribing again");
                    break;
                }
            }
        }
    }
}

async fn admit(shared: &Shared, subscription: &Arc<dyn Subscription>, deliveries: Vec<Delivery>) {
    let mut jobs = Vec::with_capacity(deliveries.len());
    let mut acks = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        // What does not decode is a dead letter of the work queue, which has the same message: here it is
        // only dropped, so that it is reported once.
        if let Ok(request) = decode(&delivery.message) {
            jobs.push((delivery.clone(), request.job));
        }
        acks.push((delivery.tag, Settle::Ack));
    }
    if store(shared, subscription, jobs).await {
        settle(subscription, acks).await;
    }
}

/// Whether the deliveries may be acked.
async fn store(
    shared: &Shared,
    subscription: &Arc<dyn Subscription>,
    jobs: Vec<(Delivery, Arc<NewJob>)>,
) -> bool {
    let wake_at = shared.redispatch_at();
    let all: Vec<_> = jobs.iter().map(|(_, job)| job.clone()).collect();
    let limit = shared.config.call_limit;
    match persist("admit", limit, &shared.hard, || {
        shared.jobs.admit(all.clone(), wake_at)
    })
    .await
    {
        Ok(()) => return true,
        Err(GaveUp::Stopped) => return false,
        Err(GaveUp::Permanent(error)) => tracing::warn!(%error, "admission refused, admitting one by one"),
    }
    for (delivery, job) in jobs {
        match persist("admit", limit, &shared.hard, || {
            shared.jobs.admit(vec![job.clone()], wake_at)
        })
        .await
        {
            Ok(()) => {}
            Err(GaveUp::Stopped) => return false,
            Err(GaveUp::Permanent(error)) => {
                reject(shared, subscription, vec![(delivery, error.to_string())]).await;
            }
        }
    }
    true
}

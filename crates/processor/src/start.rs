//! From a granted claim to a running attempt.

use std::sync::Arc;

use domain::Clock;
use ports::{Started, Subscription};

use crate::intake::Wish;
use crate::processor::Shared;
use crate::recorder::Finished;
use crate::{AttemptLog, Context};

/// Runs the attempt on a task of its own; its result goes to the recorder.
pub(crate) fn start(
    shared: &Arc<Shared>,
    subscription: &Arc<dyn Subscription>,
    wish: Wish,
    started: Started,
) {
    let cancelled = shared.running.insert(&started.event);
    shared.metrics.running.inc();
    let (shared, subscription) = (Arc::clone(shared), Arc::clone(subscription));
    let open = shared.attempts.token();
    tokio::spawn(async move {
        let Wish {
            tag,
            message,
            request,
            slot,
        } = wish;
        // It was read when the wish was made.
        let Ok(event) = message.event() else { return };
        let context = Context {
            job_id: request.job.id,
            attempt: started.attempt,
            created_at: request.job.created_at,
            correlation_id: request.job.correlation_id,
            traceparent: request.job.traceparent.clone(),
            stopping: shared.hand_back.clone(),
            cancelled,
            log: AttemptLog::new(Arc::clone(&shared.clock) as Arc<dyn Clock>),
        };
        let result = shared.runner.run(&event.job, &started, context).await;
        shared.running.remove(request.job.id);
        shared.metrics.running.dec();
        let finished = Finished {
            result,
            executed: started.event,
            tag,
            subscription,
            slot,
            open,
        };
        // The recorder outlives every attempt; if it is gone all the same, the process is going, too.
        let _ = shared.finished.send(finished).await;
    });
}

//! Messages that say something else of a job than what is stored.

use std::sync::Arc;

use domain::limits::Hold;
use ports::{Claim, ClaimRequest, JobStore, NewJob, Reservation, Reserved};

use crate::support::{LATER, announced, at, job, keyed, open, options, server, started, ticket};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_without_the_key_does_not_take_it_from_its_owner() {
    let store = open(server().await, &options());
    store.heartbeat("w", at(LATER)).await.unwrap();
    let both = vec![announced(keyed(1, "k")), announced(keyed(2, "k"))];
    let claims = store.claim(&ticket("w"), both).await.unwrap();
    assert_eq!(started(&claims).len(), 1);
    for job_type in ["echo", "other"] {
        let forged = ClaimRequest {
            job: Arc::new(NewJob {
                job_type: job_type.to_owned(),
                ..(*job(2)).clone()
            }),
            attempt: 1,
            dispatched: true,
        };
        let claims = store.claim(&ticket("w"), vec![forged]).await.unwrap();
        assert_eq!(claims, [Claim::Waits(Vec::new())]);
    }
    let held = store
        .job(job(2).id)
        .await
        .unwrap()
        .map(|detail| detail.summary.held);
    assert_eq!(held, Some(Some(Hold::Unique)));
    let wish = Reservation {
        key: "k".to_owned(),
        job_id: job(9).id,
        until: at(9),
    };
    let reserved = store.reserve(vec![wish], at(3)).await.unwrap();
    assert_eq!(reserved, [Reserved::HeldBy(job(1).id)]);
}

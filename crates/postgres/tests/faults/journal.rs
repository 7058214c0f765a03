//! The journal, read while others write.

use std::sync::Arc;

use ports::{JobStore, NewJob};
use sqlx::Executor;
use testkit::wait_until;
use uuid::Uuid;

use crate::support::{HEALED, LATER, at, connect, job, open, options, server};

/// Makes the transactions that store jobs of type `slow` take their time between storing and ending.
const SLOW: &str = "
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON jobs DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.job_type = 'slow') EXECUTE FUNCTION slow()";

fn slow(number: u64) -> Arc<NewJob> {
    Arc::new(NewJob {
        job_type: "slow".to_owned(),
        ..(*job(number)).clone()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_does_not_pass_over_a_job_that_is_on_its_way() {
    let (server, options) = (server().await, options());
    let [one, other, reader] = std::array::from_fn(|_| open(server, &options));
    other.admit(vec![job(0)], at(LATER)).await.unwrap();
    let mut admin = connect(server, &options).await;
    admin.execute(SLOW).await.unwrap();
    let storing = tokio::spawn(async move { one.admit(vec![slow(1)], at(LATER)).await });
    wait_until(HEALED, "a number for the slow job", || async {
        let mut admin = connect(server, &options).await;
        let latest = sqlx::query_scalar("SELECT last_value FROM job_seq");
        latest
            .fetch_one(&mut admin)
            .await
            .is_ok_and(|latest: i64| latest > 1)
    })
    .await;
    other.admit(vec![job(2)], at(LATER)).await.unwrap();
    let (mut seen, mut cursor): (Vec<Uuid>, _) = (Vec::new(), None);
    while seen.len() < 3 {
        let page = reader.journal(cursor.as_ref(), 1).await.unwrap();
        seen.extend(page.items.iter().map(|journal| journal.job.id));
        cursor = page.next;
        assert!(
            cursor.is_some() || seen.len() == 3,
            "the journal ends at {seen:?}"
        );
    }
    assert_eq!(seen, [0, 1, 2].map(|number| job(number).id));
    storing.await.unwrap().unwrap();
}

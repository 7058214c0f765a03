use domain::ManualClock;

use super::*;

const HOUR: i64 = 3_600;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// A machine at second 10,000, and the clock on it.
fn clock() -> (Arc<ManualClock>, StoreClock) {
    let machine = Arc::new(ManualClock::new(at(10_000)));
    (Arc::clone(&machine), StoreClock::new(machine))
}

/// The server says `server`, after `seconds` on the machine.
async fn answer(machine: &ManualClock, clock: &StoreClock, seconds: u64, server: i64) {
    let ask = async {
        machine.advance(Duration::from_secs(seconds));
        Ok(Some(at(server)))
    };
    clock.compare(ask).await.unwrap();
}

#[tokio::test]
async fn a_machine_that_is_behind_or_ahead_lives_by_the_server() {
    for difference in [HOUR, -HOUR] {
        let (machine, clock) = clock();
        answer(&machine, &clock, 0, 10_000 + difference).await;
        assert_eq!(clock.now(), at(10_000 + difference));
        machine.advance(Duration::from_secs(5));
        assert_eq!(clock.now(), at(10_005 + difference));
    }
}

#[tokio::test]
async fn a_slow_answer_makes_no_good_clock_worse() {
    let (machine, clock) = clock();
    // True when it was asked, four seconds old when it arrives.
    answer(&machine, &clock, 4, 10_000).await;
    assert_eq!(clock.now(), at(10_004));
}

#[tokio::test]
async fn a_quick_answer_mends_what_a_slow_one_left_open() {
    let (machine, clock) = clock();
    answer(&machine, &clock, 4, 10_000 + HOUR).await;
    let off = clock.now().duration_since(at(10_004 + HOUR)).as_secs();
    assert!(
        (-4..=0).contains(&off),
        "wrong by no more than the answer took: {off}"
    );
    answer(&machine, &clock, 0, 10_004 + HOUR).await;
    assert_eq!(clock.now(), at(10_004 + HOUR));
}

#[tokio::test]
async fn a_machine_that_is_set_right_is_followed_back() {
    let (machine, clock) = clock();
    answer(&machine, &clock, 0, 10_000 + HOUR).await;
    machine.advance(Duration::from_secs(HOUR.unsigned_abs()));
    answer(&machine, &clock, 0, 10_000 + HOUR).await;
    assert_eq!(clock.now(), at(10_000 + HOUR));
}

#[tokio::test]
async fn without_an_answer_everything_stays_as_it_was() {
    let (machine, clock) = clock();
    answer(&machine, &clock, 0, 10_000 + HOUR).await;
    let away = async { Err(StoreError::Unavailable("away".to_owned())) };
    assert!(clock.compare(away).await.is_err());
    clock.compare(async { Ok(None) }).await.unwrap();
    assert_eq!(clock.now(), at(10_000 + HOUR));
}

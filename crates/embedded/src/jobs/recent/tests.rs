use domain::Row;
use jiff::Timestamp;

use super::super::fixtures::job;
use super::*;

fn stored(number: u128) -> Stored {
    Stored::arriving(&job(number), Row::pending(Timestamp::UNIX_EPOCH))
}

#[test]
fn the_latest_rows_are_there_and_the_number_is_bounded() {
    let mut rows = Rows::default();
    for number in 0..50_000 {
        rows.put(stored(number));
    }
    assert!(rows.young.len() + rows.old.len() <= CAPACITY);
    for number in 50_000 - CAPACITY as u128 / 2..50_000 {
        assert!(rows.knows(&Uuid::from_u128(number)), "{number}");
    }
}

#[test]
fn a_rollback_forgets_everything() {
    let recent = Recent::default();
    recent.lock().put(stored(1));
    recent.rolled_back();
    assert!(recent.lock().take(&Uuid::from_u128(1)).is_none());
}

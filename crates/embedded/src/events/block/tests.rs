use proptest::prelude::*;

use super::*;

fn an_item() -> impl Strategy<Value = (u128, u128, EventType, i64, Vec<u8>)> {
    let event_type = proptest::sample::select(EventType::ALL.to_vec());
    (
        any::<u128>(),
        any::<u128>(),
        event_type,
        any::<i64>(),
        any::<Vec<u8>>(),
    )
}

proptest! {
    #[test]
    fn a_block_comes_back_as_it_was(
        first in 0_u64..1000,
        given in proptest::collection::vec(an_item(), 0..10),
    ) {
        let mut builder = Builder::default();
        let mut expected = Vec::new();
        for (number, (job_id, event_id, event_type, occurred_at, body)) in (first..).zip(&given) {
            let (job_id, event_id) = (Uuid::from_u128(*job_id), Uuid::from_u128(*event_id));
            let (event_type, occurred_at) = (*event_type, *occurred_at);
            let item = Item { number, job_id, event_id, event_type, occurred_at, body };
            builder.push(&item);
            expected.push(item);
        }
        let (types, stored) = builder.finish(first);
        for event_type in EventType::ALL {
            let present = expected.iter().any(|item| item.event_type == event_type);
            prop_assert_eq!(types.bits() & Types::of(event_type).bits() != 0, present);
        }
        prop_assert_eq!(items(&stored), Ok(expected));
    }

    #[test]
    fn no_bytes_make_it_panic(stored: Vec<u8>) {
        let _ = items(&stored);
    }
}

#[test]
fn an_unknown_version_or_trailing_bytes_are_refused() {
    assert_eq!(items(&[2, 0, 0]), Err(Malformed::Bad("block version")));
    assert_eq!(items(&[1, 0, 0, 0]), Err(Malformed::Bad("length")));
    assert_eq!(items(&[1, 0, 1]), Err(Malformed::Short));
}

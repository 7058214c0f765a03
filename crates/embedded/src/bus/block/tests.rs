use std::borrow::Cow;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn a_message() -> impl Strategy<Value = Message> {
    let keys = prop_oneof![
        proptest::sample::select(vec![
            "job.created",
            "job.created.high",
            "job.created.low",
            "job.completed",
            "dispatch",
            "dispatch.high",
            "dispatch.low",
            "jobs.failed.validation"
        ])
        .prop_map(Cow::Borrowed),
        any::<String>().prop_map(Cow::Owned),
    ];
    let headers = (
        any::<Option<u128>>(),
        any::<Option<String>>(),
        any::<Option<u32>>(),
    );
    (keys, headers, any::<Vec<u8>>()).prop_map(|(routing_key, (id, traceparent, attempt), body)| Message {
        routing_key,
        headers: Headers {
            correlation_id: id.map(Uuid::from_u128),
            traceparent,
            attempt,
        },
        body: body.into(),
    })
}

fn a_block() -> impl Strategy<Value = Block> {
    let messages = proptest::collection::vec((0_u64..3, a_message()), 0..12);
    (0_u64..u64::MAX / 2, messages).prop_map(|(first, messages)| {
        let mut end = first;
        let entries = messages
            .into_iter()
            .map(|(gap, message)| {
                let seq = end + gap;
                end = seq + 1;
                Entry {
                    seq,
                    queues: Queues::accepting(&message.routing_key),
                    message: Arc::new(message.into()),
                }
            })
            .collect();
        Block { first, end, entries }
    })
}

proptest! {
    #[test]
    fn a_block_comes_back_as_it_was(block in a_block()) {
        let stored = encode(&block);
        prop_assert_eq!(decode(block.first, block.end, &stored), Ok(block));
    }

    #[test]
    fn counts_come_back_as_they_were(block in a_block()) {
        let counts = block.counts();
        prop_assert_eq!(decode_counts(&encode_counts(counts)), Ok(counts));
        for queue in QUEUES {
            let taken = block.entries.iter().filter(|entry| entry.queues.has(queue)).count();
            prop_assert_eq!(counts[usize::from(queue_code(queue))], taken as u64);
        }
    }

    #[test]
    fn a_block_that_is_cut_short_is_refused(block in a_block(), share in 0.0..1.0_f64) {
        let stored = encode(&block);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "a share of a small length"
        )]
        let kept = (stored.len() as f64 * share) as usize;
        prop_assert!(decode(block.first, block.end, &stored[..kept]).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(stored: Vec<u8>, first: u64, end: u64) {
        let _ = decode(first, end, &stored);
    }
}

#[test]
fn a_block_that_counts_for_the_first_four_queues_has_nothing_for_the_others() {
    assert_eq!(decode_counts(&[7, 8, 9, 1]), Ok([7, 8, 9, 1, 0, 0]));
    for short in [&[][..], &[7, 8, 9], &[7, 8, 9, 1, 2]] {
        assert_eq!(decode_counts(short), Err(Malformed::Short));
    }
}

#[test]
fn an_unknown_version_is_refused() {
    assert_eq!(decode(1, 1, &[9, 0]), Err(Malformed::Bad("block version")));
}

#[test]
fn bytes_behind_the_last_message_are_refused() {
    assert_eq!(decode(1, 1, &[VERSION, 0, 0]), Err(Malformed::Bad("length")));
}

#[test]
fn a_message_beyond_the_end_of_its_block_is_refused() {
    let block = Block {
        first: 5,
        end: 6,
        entries: vec![Entry {
            seq: 5,
            queues: Queues::default(),
            message: Arc::new(
                Message {
                    routing_key: "dispatch".into(),
                    headers: Headers::default(),
                    body: Bytes::new(),
                }
                .into(),
            ),
        }],
    };
    assert_eq!(decode(5, 5, &encode(&block)), Err(Malformed::Bad("place")));
}

use ports::Cursor;
use uuid::Uuid;

use super::*;

fn entry(number: usize, size: usize) -> Entry {
    Entry {
        id: Uuid::from_u128(number as u128),
        frame: vec![b'x'; size].into(),
    }
}

fn place(number: usize) -> Place {
    Place::behind(Cursor::new(number.to_string()))
}

#[test]
fn a_full_buffer_keeps_what_it_has_and_ends() {
    let buffer = Buffer::default();
    buffer.push((0..MAX_ENTRIES).map(|number| entry(number, 1)), &place(1));
    assert_eq!(buffer.ended(), None);
    buffer.push([entry(MAX_ENTRIES, 1)], &place(2));
    buffer.push([entry(MAX_ENTRIES + 1, 1)], &place(3));
    assert_eq!(buffer.take_passed(), None);
    let taken = buffer.take();
    assert_eq!(
        (taken.entries.len(), taken.end),
        (MAX_ENTRIES, Some(Reason::Slow))
    );
    assert_eq!(
        taken.entries.back().unwrap().id,
        entry(MAX_ENTRIES - 1, 1).id,
        "no hole before the end"
    );
}

#[test]
fn heavy_events_fill_it_sooner_and_one_alone_is_never_too_heavy() {
    let buffer = Buffer::default();
    buffer.push([entry(1, 2 * MAX_BYTES)], &place(1));
    assert_eq!(buffer.ended(), None);
    buffer.push([entry(2, 1)], &place(2));
    assert_eq!(buffer.ended(), Some(Reason::Slow));
    assert_eq!(buffer.take().entries.len(), 1);
}

#[test]
fn what_was_taken_makes_room() {
    let buffer = Buffer::default();
    for round in 0..5 {
        buffer.push(
            (0..MAX_ENTRIES).map(|number| entry(number, MAX_BYTES / MAX_ENTRIES)),
            &place(round),
        );
        assert_eq!(buffer.take().entries.len(), MAX_ENTRIES);
    }
    assert_eq!(buffer.ended(), None);
}

#[test]
fn the_place_that_was_passed_waits_for_what_is_before_it() {
    let buffer = Buffer::default();
    buffer.push([], &place(1));
    assert_eq!(buffer.take_passed(), Some(place(1)));
    assert_eq!(buffer.take_passed(), None);
    buffer.push([entry(1, 1)], &place(2));
    assert_eq!(buffer.take_passed(), None);
    buffer.take();
    assert_eq!(buffer.take_passed(), Some(place(2)));
}

#[test]
fn only_the_newest_numbers_wait() {
    let buffer = Buffer::default();
    buffer.set_numbers("1".into());
    buffer.set_numbers("2".into());
    assert_eq!(buffer.take().numbers.as_deref(), Some(&b"2"[..]));
    assert_eq!(buffer.take_numbers(), None);
}

#[test]
fn the_first_reason_to_end_stays() {
    let buffer = Buffer::default();
    buffer.end(Reason::Stopping);
    buffer.end(Reason::Lost);
    buffer.push([entry(1, 1)], &place(1));
    let taken = buffer.take();
    assert_eq!((taken.entries.len(), taken.end), (0, Some(Reason::Stopping)));
}

#[tokio::test]
async fn a_client_is_woken_by_whatever_comes_even_before_it_waits() {
    let woken = async |fill: fn(&Buffer)| {
        let buffer = Buffer::default();
        fill(&buffer);
        let limit = std::time::Duration::from_secs(5);
        tokio::time::timeout(limit, buffer.ready()).await.unwrap();
    };
    woken(|buffer| buffer.push([entry(1, 1)], &place(1))).await;
    woken(|buffer| buffer.set_numbers("1".into())).await;
    woken(|buffer| buffer.end(Reason::Lost)).await;
}

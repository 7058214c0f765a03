//! The text of server-sent events.

use std::fmt::Write;

use bytes::Bytes;
use serde_json::json;

use super::place::Place;

/// How long a browser waits before it comes back, in milliseconds.
const COME_BACK_AFTER: u32 = 1000;

/// The first words of a stream: where it begins, so that whoever comes back before the first event misses none.
pub(super) fn opening(place: Option<&Place>) -> Bytes {
    let mut text = format!("retry: {COME_BACK_AFTER}\n");
    if let Some(place) = place {
        let _ = writeln!(text, "id: {place}");
    }
    text.push('\n');
    text.into()
}

/// An event of a job. The envelope may have line breaks between its members.
pub(super) fn job(place: &Place, envelope: &[u8]) -> Bytes {
    let mut frame = format!("event: job\nid: {place}\n").into_bytes();
    frame.reserve(envelope.len() + 8);
    data(&mut frame, envelope);
    frame.into()
}

/// The numbers, JSON text.
pub(super) fn stats(numbers: &[u8]) -> Bytes {
    let mut frame = b"event: stats\n".to_vec();
    data(&mut frame, numbers);
    frame.into()
}

/// The last words of a stream that the server ends.
pub(super) fn dropped(reason: &str, detail: &str) -> Bytes {
    let mut frame = b"event: dropped\n".to_vec();
    data(
        &mut frame,
        json!({"reason": reason, "detail": detail}).to_string().as_bytes(),
    );
    frame.into()
}

/// Nothing happened up to here. A block without data moves the client's place and is no event to it.
pub(super) fn nothing_until(place: &Place) -> Bytes {
    format!("id: {place}\n\n").into()
}

/// A comment, which every client skips; it keeps proxies from thinking that the stream is dead.
pub(super) fn comment(text: &str) -> Bytes {
    format!(": {text}\n\n").into()
}

fn data(frame: &mut Vec<u8>, text: &[u8]) {
    for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
        if !line.is_empty() {
            frame.extend_from_slice(b"data: ");
            frame.extend_from_slice(line);
            frame.push(b'\n');
        }
    }
    frame.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use ports::Cursor;

    fn place() -> Place {
        Place::behind(Cursor::new("7"))
    }

    fn text(frame: &Bytes) -> &str {
        std::str::from_utf8(frame).unwrap()
    }

    #[test]
    fn an_envelope_of_several_lines_stays_one_event() {
        let frame = job(&place(), b"{\r\n\"a\":1,\r\"b\":\n2}\n");
        assert_eq!(
            text(&frame),
            "event: job\nid: 7\ndata: {\ndata: \"a\":1,\ndata: \"b\":\ndata: 2}\n\n"
        );
    }

    #[test]
    fn every_block_ends_with_an_empty_line() {
        for frame in [
            opening(None),
            opening(Some(&place())),
            stats(b"{}"),
            dropped("slow", "too slow"),
            nothing_until(&place()),
            comment("still here"),
        ] {
            assert!(
                text(&frame).ends_with("\n\n") && text(&frame).matches("\n\n").count() == 1,
                "{frame:?}"
            );
        }
    }
}

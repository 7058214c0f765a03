//! Server-sent events, line by line, as the HTML standard defines them.

/// The longest message; ours are envelopes without payloads, but for `job.created`.
const MAX_DATA: usize = 4 * 1024 * 1024;

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    /// Its name; `message` where it has none.
    pub(super) event: String,
    /// What it says.
    pub(super) data: String,
}

/// Puts messages together.
#[derive(Debug, Default)]
pub(super) struct Reader {
    event: String,
    data: String,
    any: bool,
    id: Option<String>,
    place: Option<String>,
}

impl Reader {
    /// Takes the next line, and gives the message that it completes.
    pub(super) fn line(&mut self, line: &str) -> Option<Message> {
        if line.is_empty() {
            return self.complete();
        }
        // A line that begins with a colon is a comment: a sign of life.
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.event),
            "data" if self.data.len() + value.len() < MAX_DATA => {
                if self.any {
                    self.data.push('\n');
                }
                self.data.push_str(value);
                self.any = true;
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            _ => {}
        }
        None
    }

    /// Where a later stream goes on: behind the last message that is complete. A server may name a place without
    /// saying anything.
    pub(super) fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    fn complete(&mut self) -> Option<Message> {
        self.place.clone_from(&self.id);
        let (event, data) = (std::mem::take(&mut self.event), std::mem::take(&mut self.data));
        let event = if event.is_empty() {
            "message".to_owned()
        } else {
            event
        };
        std::mem::take(&mut self.any).then_some(Message { event, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<Message>, Option<String>) {
        let mut reader = Reader::default();
        let messages = text.lines().filter_map(|line| reader.line(line)).collect();
        (messages, reader.place().map(ToOwned::to_owned))
    }

    fn message(event: &str, data: &str) -> Message {
        Message {
            event: event.into(),
            data: data.into(),
        }
    }

    #[test]
    fn fields_make_a_message_and_an_empty_line_ends_it() {
        let text = ": hello\n\nevent: job\nid: 42\ndata: {\"a\":1}\n\ndata:x\ndata: y\nretry: 5\n\n";
        let (messages, place) = read(text);
        assert_eq!(
            messages,
            [message("job", "{\"a\":1}"), message("message", "x\ny")]
        );
        assert_eq!(
            place.as_deref(),
            Some("42"),
            "what has no id leaves the place as it was"
        );
    }

    #[test]
    fn a_place_may_come_without_a_message_and_counts_once_its_block_is_complete() {
        assert_eq!(read("retry: 1000\nid: 41\n\n"), (vec![], Some("41".into())));
        let (messages, place) = read("id: 41\n\nevent: job\nid: 42\ndata: cut off");
        assert_eq!((messages, place), (vec![], Some("41".into())));
    }

    #[test]
    fn a_sign_of_life_is_no_message() {
        assert_eq!(read(": sign of life\n\n"), (vec![], None));
    }
}

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
    /// Where a later stream goes on behind it.
    pub(super) id: Option<String>,
}

/// Puts messages together.
#[derive(Debug, Default)]
pub(super) struct Reader {
    event: String,
    data: String,
    id: Option<String>,
    any: bool,
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

    fn complete(&mut self) -> Option<Message> {
        let Self { event, data, id, any } = std::mem::take(self);
        let event = if event.is_empty() {
            "message".to_owned()
        } else {
            event
        };
        any.then_some(Message { event, data, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Message> {
        let mut reader = Reader::default();
        text.lines().filter_map(|line| reader.line(line)).collect()
    }

    fn message(event: &str, data: &str, id: Option<&str>) -> Message {
        Message {
            event: event.into(),
            data: data.into(),
            id: id.map(ToOwned::to_owned),
        }
    }

    #[test]
    fn fields_make_a_message_and_an_empty_line_ends_it() {
        let text = ": hello\n\nevent: job\nid: 42\ndata: {\"a\":1}\n\ndata:x\ndata: y\nretry: 5\n\n";
        assert_eq!(
            read(text),
            [
                message("job", "{\"a\":1}", Some("42")),
                message("message", "x\ny", None)
            ]
        );
    }

    #[test]
    fn a_message_without_data_or_end_is_none() {
        assert_eq!(read("event: job\nid: 1\n\n: sign of life\n\ndata: cut off"), []);
    }
}

//! Cuts a stream of JSON documents into its documents while it is read: one per line, or the items of one array.

/// How deep a document may be nested; the gateway takes less.
const MAX_DEPTH: u32 = 1_000;

/// Finds where each document ends. It looks at brackets and quotes only: whether what is between them is JSON, the
/// gateway says.
#[derive(Debug, Default)]
pub(super) struct Splitter {
    form: Option<Form>,
    current: Vec<u8>,
    depth: u32,
    in_string: bool,
    escaped: bool,
    array_ended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Lines,
    Array,
}

/// Why a stream cannot be cut up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SplitError {
    /// Brackets without an end.
    #[error("nested more than {MAX_DEPTH} levels deep")]
    TooDeep,
    /// The array has an end, and there is more.
    #[error("something follows the end of the array")]
    AfterArray,
    /// The array has no end.
    #[error("the array has no end")]
    Unended,
    /// A closing bracket without an opening one.
    #[error("a closing bracket that nothing opened")]
    Unopened,
}

impl Splitter {
    /// Takes the next piece of the stream and gives the documents that are complete with it.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Vec<Vec<u8>>, SplitError> {
        let mut documents = Vec::new();
        for byte in piece {
            match self.form {
                Some(Form::Lines) => self.of_lines(*byte, &mut documents),
                Some(Form::Array) => self.of_array(*byte, &mut documents)?,
                None => self.first(*byte),
            }
        }
        Ok(documents)
    }

    /// What the end of the stream completes.
    pub(super) fn finish(&mut self) -> Result<Option<Vec<u8>>, SplitError> {
        if self.form == Some(Form::Array) && !self.array_ended {
            return Err(SplitError::Unended);
        }
        Ok(self.take())
    }

    fn first(&mut self, byte: u8) {
        if byte.is_ascii_whitespace() {
            return;
        }
        if byte == b'[' {
            self.form = Some(Form::Array);
        } else {
            self.form = Some(Form::Lines);
            self.current.push(byte);
        }
    }

    fn of_lines(&mut self, byte: u8, documents: &mut Vec<Vec<u8>>) {
        if byte == b'\n' {
            documents.extend(self.take());
        } else {
            self.current.push(byte);
        }
    }

    fn of_array(&mut self, byte: u8, documents: &mut Vec<Vec<u8>>) -> Result<(), SplitError> {
        if self.array_ended {
            return if byte.is_ascii_whitespace() {
                Ok(())
            } else {
                Err(SplitError::AfterArray)
            };
        }
        if self.in_string {
            self.inside_string(byte);
            return Ok(());
        }
        match byte {
            b',' | b']' if self.depth == 0 => {
                self.array_ended = byte == b']';
                documents.extend(self.take());
                return Ok(());
            }
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.checked_sub(1).ok_or(SplitError::Unopened)?,
            b'"' => self.in_string = true,
            _ => {}
        }
        if self.depth > MAX_DEPTH {
            return Err(SplitError::TooDeep);
        }
        self.keep(byte);
        Ok(())
    }

    fn inside_string(&mut self, byte: u8) {
        self.current.push(byte);
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ => {}
        }
    }

    /// Line breaks between the parts of a document are dropped, so that it fits into a line.
    fn keep(&mut self, byte: u8) {
        if byte != b'\n' && byte != b'\r' {
            self.current.push(byte);
        }
    }

    /// The current document, if it is more than white space.
    fn take(&mut self) -> Option<Vec<u8>> {
        let document = std::mem::take(&mut self.current);
        (!document.trim_ascii().is_empty()).then_some(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str, piece: usize) -> Result<Vec<String>, SplitError> {
        let mut splitter = Splitter::default();
        let mut documents = Vec::new();
        for piece in text.as_bytes().chunks(piece) {
            documents.extend(splitter.push(piece)?);
        }
        documents.extend(splitter.finish()?);
        Ok(documents
            .into_iter()
            .map(|document| String::from_utf8(document).unwrap())
            .collect())
    }

    #[test]
    fn lines_are_documents_however_they_arrive() {
        for piece in [1, 3, 100] {
            let documents = split("\n {\"a\":1}\n\n{\"b\":\"]\"}\r\n{\"c\":2}", piece).unwrap();
            assert_eq!(documents, ["{\"a\":1}", "{\"b\":\"]\"}\r", "{\"c\":2}"]);
        }
    }

    #[test]
    fn the_items_of_an_array_are_documents_each_in_one_line() {
        let text = "[\n {\"a\": [1, {}],\n \"b\": \"x,]}\\\"\"},{}, 7 ]\n";
        for piece in [1, 2, 100] {
            assert_eq!(
                split(text, piece).unwrap(),
                [" {\"a\": [1, {}], \"b\": \"x,]}\\\"\"}", "{}", " 7 "]
            );
        }
        assert_eq!(split("[]", 1).unwrap(), [""; 0]);
    }

    #[test]
    fn what_is_no_array_is_refused() {
        assert_eq!(split("[{}", 1), Err(SplitError::Unended));
        assert_eq!(split("[{}] x", 1), Err(SplitError::AfterArray));
        assert_eq!(split("[}", 1), Err(SplitError::Unopened));
        assert_eq!(split(&"[".repeat(1_100), 7), Err(SplitError::TooDeep));
    }

    proptest! {
        #[test]
        fn arrays_and_lines_of_the_same_documents_are_cut_alike(
            numbers in prop::collection::vec("[a-z\"\\\\{},\\[\\]]{0,8}", 0..6),
            piece in 1_usize..9,
        ) {
            let documents: Vec<_> = numbers.iter().map(|text| serde_json::json!({"t": text}).to_string()).collect();
            prop_assert_eq!(split(&format!("[{}]", documents.join(",")), piece).unwrap(), documents.clone());
            prop_assert_eq!(split(&documents.join("\n"), piece).unwrap(), documents);
        }
    }
}

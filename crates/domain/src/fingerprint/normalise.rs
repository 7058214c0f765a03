//! What stays of an error when the details of one occurrence are taken out.

use super::TITLE_LIMIT;

/// How much of an error is looked at, in bytes: whatever tells causes apart comes before.
const READ_LIMIT: usize = 4_096;

/// The error without what differs from one occurrence to the next, at most [`TITLE_LIMIT`] characters: the title of
/// its group. The fingerprint is the hash of exactly this text, so it must not change between versions.
///
/// | in the error | in the title |
/// |---|---|
/// | `2026-11-25T10:00:00.5Z`, `2026-11-25` | `<time>` |
/// | `0199a3f2-7c1e-7000-8000-0123456789ab` | `<uuid>` |
/// | `10.0.0.7:5432`, `10.0.0.7` | `<address>` |
/// | `0x7ffe01`, `9f86d081884c7d65` (8 digits or more, one of them 0 to 9) | `<hex>` |
/// | `42`, `3.14`, the `7` of `worker-7` | `<n>` |
/// | `"…"`, `'…'`, `` `…` `` | `<text>` |
/// | any white space | one space |
pub fn normalised(error: &str) -> String {
    let mut title = Title::default();
    let mut rest = error[..error.floor_char_boundary(READ_LIMIT)].trim();
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        if title.is_full() {
            break;
        }
        let (length, token) = detail(rest, before).unwrap_or((first.len_utf8(), ""));
        title.push(first, token);
        before = rest[..length].chars().next_back().unwrap_or(first);
        rest = &rest[length..];
    }
    title.text
}

/// The detail at the start of `text`, if there is one: its length in bytes and what stands for it.
fn detail(text: &str, before: char) -> Option<(usize, &'static str)> {
    let bytes = text.as_bytes();
    if before.is_alphanumeric() {
        return number(bytes).map(|length| (length, "<n>"));
    }
    let found: [(Option<usize>, &'static str); 6] = match bytes[0] {
        b'"' | b'\'' | b'`' => return quoted(text).map(|length| (length, "<text>")),
        byte if byte.is_ascii_hexdigit() => [
            (moment(bytes), "<time>"),
            (uuid(bytes), "<uuid>"),
            (address(bytes), "<address>"),
            (prefixed_hex(bytes), "<hex>"),
            (long_hex(bytes), "<hex>"),
            (number(bytes), "<n>"),
        ],
        _ => return None,
    };
    found
        .into_iter()
        .find_map(|(length, token)| Some((length?, token)))
}

/// A text in quotes. A quote that a letter or digit follows closes nothing, it is an apostrophe.
fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let closes = |at: usize| !text[at + 1..].starts_with(char::is_alphanumeric);
    let mut ends = text.match_indices(quote).skip(1).map(|(at, _)| at);
    ends.find(|at| closes(*at)).map(|at| at + 1)
}

/// A date, with or without the time of day and its offset.
fn moment(bytes: &[u8]) -> Option<usize> {
    let date = shape(bytes, b"dddd-dd-dd")?;
    let rest = &bytes[date..];
    let Some(time) = shape(rest, b"Tdd:dd:dd").or_else(|| shape(rest, b" dd:dd:dd")) else {
        return Some(date);
    };
    let mut length = date + time;
    if let Some(b'.' | b',') = bytes.get(length) {
        let digits = run(&bytes[length + 1..], u8::is_ascii_digit);
        length += if digits > 0 { digits + 1 } else { 0 };
    }
    let zone = [&b"Z"[..], b"+dd:dd", b"-dd:dd", b"+dddd", b"-dddd"];
    let zone = zone.iter().find_map(|form| shape(&bytes[length..], form));
    Some(length + zone.unwrap_or(0))
}

fn uuid(bytes: &[u8]) -> Option<usize> {
    shape(bytes, b"hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh").filter(|length| ends_word(bytes, *length))
}

/// An address of IP version 4, with or without a port.
fn address(bytes: &[u8]) -> Option<usize> {
    let mut length = 0;
    for part in 0..4 {
        if part > 0 {
            length += shape(&bytes[length..], b".")?;
        }
        let digits = run(&bytes[length..], u8::is_ascii_digit);
        length += (1..=3).contains(&digits).then_some(digits)?;
    }
    if bytes.get(length) == Some(&b':') {
        let digits = run(&bytes[length + 1..], u8::is_ascii_digit);
        length += if digits > 0 { digits + 1 } else { 0 };
    }
    Some(length)
}

fn prefixed_hex(bytes: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(b"0x").or_else(|| bytes.strip_prefix(b"0X"))?;
    let digits = run(rest, u8::is_ascii_hexdigit);
    (digits > 0).then_some(digits + 2)
}

/// Eight hex digits or more, letters and numerals among them; words such as `deadbeef` and numbers stay.
fn long_hex(bytes: &[u8]) -> Option<usize> {
    let digits = run(bytes, u8::is_ascii_hexdigit);
    let run = &bytes[..digits];
    let mixed = run.iter().any(u8::is_ascii_digit) && run.iter().any(u8::is_ascii_alphabetic);
    (digits >= 8 && mixed && ends_word(bytes, digits)).then_some(digits)
}

/// Digits, with decimals where there are some.
fn number(bytes: &[u8]) -> Option<usize> {
    let whole = run(bytes, u8::is_ascii_digit);
    if whole == 0 {
        return None;
    }
    let decimals = match bytes.get(whole) {
        Some(b'.') => run(&bytes[whole + 1..], u8::is_ascii_digit),
        _ => 0,
    };
    Some(if decimals > 0 { whole + 1 + decimals } else { whole })
}

/// The length of `form` if the bytes begin so: `d` is a digit, `h` a hex digit, everything else itself.
fn shape(bytes: &[u8], form: &[u8]) -> Option<usize> {
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'd' => byte.is_ascii_digit(),
        b'h' => byte.is_ascii_hexdigit(),
        other => byte == other,
    };
    (bytes.len() >= form.len() && bytes.iter().zip(form).all(fits)).then_some(form.len())
}

fn run(bytes: &[u8], belongs: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| belongs(byte)).count()
}

fn ends_word(bytes: &[u8], length: usize) -> bool {
    bytes.get(length).is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// The title as it grows, counted in characters.
#[derive(Default)]
struct Title {
    text: String,
    characters: usize,
}

impl Title {
    fn is_full(&self) -> bool {
        self.characters >= TITLE_LIMIT
    }

    /// Adds `token`, or where there is none the character itself.
    fn push(&mut self, character: char, token: &str) {
        if !token.is_empty() {
            token.chars().for_each(|c| self.add(c));
        } else if !character.is_whitespace() && !character.is_control() {
            self.add(character);
        } else if !self.text.ends_with(' ') {
            self.add(' ');
        }
    }

    fn add(&mut self, character: char) {
        if !self.is_full() {
            self.text.push(character);
            self.characters += 1;
        }
    }
}

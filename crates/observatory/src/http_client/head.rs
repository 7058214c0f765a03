//! The head of an answer.

use super::ClientError;

/// The longest head that is read.
const MAX_HEAD: usize = 64 * 1024;

/// What the client needs of an answer's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The status code.
    pub(super) status: u16,
    /// Where the body begins.
    pub(super) body_start: usize,
    /// How long the body is.
    pub(super) body_len: usize,
    /// Whether the server closes the connection afterwards.
    pub(super) close: bool,
}

/// Reads the head at the start of `bytes`, or `None` while it is incomplete. `from` says how many bytes were
/// looked at before in vain.
pub(super) fn parse(bytes: &[u8], from: usize) -> Result<Option<Head>, ClientError> {
    let start = from.saturating_sub(3);
    let Some(end) = bytes[start..].windows(4).position(|window| window == b"\r\n\r\n") else {
        return if bytes.len() > MAX_HEAD {
            Err(ClientError::Unreadable("endless head"))
        } else {
            Ok(None)
        };
    };
    let end = start + end;
    let mut lines = bytes[..end].split(|byte| *byte == b'\n');
    let status = status(lines.next().unwrap_or_default())?;
    let mut head = Head {
        status,
        body_start: end + 4,
        body_len: 0,
        close: false,
    };
    lines.try_for_each(|line| field(line.trim_ascii(), &mut head))?;
    Ok(Some(head))
}

/// Where the next page is, if a head names one in its `Link` (RFC 8288), of which there is one link at most.
pub(super) fn next(head: &[u8]) -> Option<&str> {
    let mut fields = head.split(|byte| *byte == b'\n').filter_map(name_and_value);
    let (_, link) = fields.find(|(name, _)| name.eq_ignore_ascii_case(b"link"))?;
    let (target, parameters) = std::str::from_utf8(link)
        .ok()?
        .strip_prefix('<')?
        .split_once('>')?;
    parameters.contains(r#"rel="next""#).then_some(target)
}

fn status(line: &[u8]) -> Result<u16, ClientError> {
    let digits = line.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.get(..3));
    digits
        .and_then(number)
        .and_then(|status| u16::try_from(status).ok())
        .ok_or(ClientError::Unreadable("no HTTP/1.1 status line"))
}

fn field(line: &[u8], head: &mut Head) -> Result<(), ClientError> {
    let Some((name, value)) = name_and_value(line) else {
        return Ok(());
    };
    if name.eq_ignore_ascii_case(b"content-length") {
        head.body_len = number(value).ok_or(ClientError::Unreadable("content-length is no number"))?;
    } else if name.eq_ignore_ascii_case(b"connection") {
        head.close = value.eq_ignore_ascii_case(b"close");
    } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
        return Err(ClientError::Unreadable("body without a length"));
    }
    Ok(())
}

fn name_and_value(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_complete() {
        let bytes = b"HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\nX: y\r\n\r\nhello";
        for cut in 0..48 {
            assert!(matches!(parse(&bytes[..cut], 0), Ok(None)), "{cut}");
        }
        let head = parse(bytes, 40).unwrap().unwrap();
        assert_eq!((head.status, head.body_len, head.close), (202, 5, false));
        assert_eq!(&bytes[head.body_start..], b"hello");
    }

    #[test]
    fn the_next_page_is_the_one_that_is_linked_as_such() {
        let head = |link: &str| format!("HTTP/1.1 200 OK\r\n{link}\r\ncontent-length: 2\r\n\r\n");
        for (link, expected) in [
            (
                r#"Link: </events?cursor=7>; rel="next""#,
                Some("/events?cursor=7"),
            ),
            (r#"link: </events?cursor=7>; rel="prev""#, None),
            (r#"link: /events; rel="next""#, None),
            ("x: y", None),
        ] {
            assert_eq!(next(head(link).as_bytes()), expected, "{link}");
        }
    }

    #[test]
    fn an_end_of_head_that_arrives_in_pieces_is_found() {
        let bytes = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
        for seen in 0..bytes.len() {
            let head = parse(bytes, seen.min(bytes.len() - 1)).unwrap().unwrap();
            assert_eq!((head.status, head.body_len, head.close), (204, 0, true));
        }
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for bytes in [
            &b"SSH-2.0\r\n\r\n"[..],
            b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        ] {
            assert!(matches!(parse(bytes, 0), Err(ClientError::Unreadable(_))));
        }
        assert!(parse(&vec![b'x'; MAX_HEAD + 1], 0).is_err());
    }
}

use super::*;
use futures::stream;
use http::HeaderValue;

const LIMITS: BodyLimits = BodyLimits {
    bytes: 10,
    time: Duration::from_mins(1),
};

async fn receive(body: Body, headers: &HeaderMap) -> Result<Bytes, Problem> {
    let budget = Budget::new(DEFAULT_LIMIT);
    read(body, headers, LIMITS, &budget)
        .await
        .map(|received| received.bytes)
}

fn content_type(text: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(text))])
}

fn pieces(pieces: &'static [&'static str]) -> Body {
    let frames = pieces
        .iter()
        .map(|piece| Ok::<_, std::io::Error>(Bytes::from_static(piece.as_bytes())));
    Body::from_stream(stream::iter(frames))
}

#[test]
fn json_has_many_names_and_text_is_none_of_them() {
    let both = [Format::Json, Format::JsonLines];
    for good in [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/cloudevents+json",
    ] {
        assert_eq!(
            format(&content_type(good), &both).unwrap(),
            Format::Json,
            "{good}"
        );
    }
    assert_eq!(
        format(&content_type("application/x-ndjson"), &both).unwrap(),
        Format::JsonLines
    );
    for bad in [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "json",
    ] {
        assert_eq!(
            format(&content_type(bad), &both).unwrap_err().status(),
            415,
            "{bad}"
        );
    }
    assert_eq!(format(&HeaderMap::new(), &both).unwrap_err().status(), 415);
    assert_eq!(
        format(&content_type("application/x-ndjson"), &[Format::Json])
            .unwrap_err()
            .status(),
        415
    );
}

#[test]
fn a_compressed_body_is_refused() {
    let mut headers = content_type("application/json");
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    assert_eq!(format(&headers, &[Format::Json]).unwrap_err().status(), 415);
}

#[tokio::test]
async fn pieces_are_joined_in_order() {
    let body = receive(pieces(&["ab", "", "cde", "f"]), &HeaderMap::new())
        .await
        .unwrap();
    assert_eq!(body, "abcdef");
}

#[tokio::test]
async fn the_limit_itself_passes_and_one_byte_more_does_not() {
    assert_eq!(
        receive(pieces(&["01234", "56789"]), &HeaderMap::new())
            .await
            .unwrap()
            .len(),
        10
    );
    let error = receive(pieces(&["01234", "56789", "x"]), &HeaderMap::new())
        .await
        .unwrap_err();
    assert_eq!(error.status(), 413);
}

#[tokio::test]
async fn a_declared_size_beyond_the_limit_is_refused_without_reading_on() {
    let headers = HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from_static("11"))]);
    assert_eq!(receive(Body::empty(), &headers).await.unwrap_err().status(), 413);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_given_up() {
    let stuck = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    assert_eq!(receive(stuck, &HeaderMap::new()).await.unwrap_err().status(), 408);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_a_bad_request() {
    let broken = stream::iter([Ok(Bytes::from_static(b"a")), Err(std::io::Error::other("gone"))]);
    let error = receive(Body::from_stream(broken), &HeaderMap::new())
        .await
        .unwrap_err();
    assert_eq!(error.status(), 400);
}

#[tokio::test]
async fn a_body_beyond_the_budget_of_all_is_refused_for_now() {
    let budget = Budget::new(1024);
    let limits = BodyLimits {
        bytes: 4096,
        ..LIMITS
    };
    let body = || Body::from(vec![b'x'; 1000]);
    let first = read(body(), &HeaderMap::new(), limits, &budget).await.unwrap();
    let second = read(body(), &HeaderMap::new(), limits, &budget)
        .await
        .unwrap_err();
    assert_eq!(second.status(), 503);
    drop(first);
    assert!(read(body(), &HeaderMap::new(), limits, &budget).await.is_ok());
}

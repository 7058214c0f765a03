//! Bytes that are no proper HTTP.

use super::SHARED;
use crate::common::{Observatory, Site, metric};

const HEAD: &str = "POST /jobs HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";

/// Sends a head and what follows it, then hangs up; the status that comes back, 0 where nothing does.
async fn status(observatory: &Observatory, head: &str, rest: &[u8]) -> u16 {
    let bytes = [head.as_bytes(), rest].concat();
    let answer = observatory.gateway.raw(&bytes).await;
    let status = answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    status.map_or(0, |status| status.parse().unwrap())
}

#[tokio::test]
async fn bodies_that_end_before_their_time_are_no_jobs() {
    // One of its own, since it counts.
    let observatory = Site::new().start(&[]).await;
    for (what, rest) in [
        (
            "a length that is too long",
            "content-length: 500\r\n\r\n{\"type\":\"echo\"}",
        ),
        (
            "a chunk that is too short",
            "transfer-encoding: chunked\r\n\r\nff\r\n{\"type\":\"echo\"}",
        ),
        (
            "chunks without an end",
            "transfer-encoding: chunked\r\n\r\nf\r\n{\"type\":\"echo\"}\r\n",
        ),
        (
            "a chunk of no size",
            "transfer-encoding: chunked\r\n\r\nzz\r\n{\"type\":\"echo\"}\r\n0\r\n\r\n",
        ),
        (
            "a huge chunk",
            "transfer-encoding: chunked\r\n\r\nffffffffffffffff0\r\n{}\r\n0\r\n\r\n",
        ),
        (
            "a chunk that is too long",
            "transfer-encoding: chunked\r\n\r\n3\r\n{\"type\":\"echo\"}\r\n0\r\n\r\n",
        ),
    ] {
        let status = status(&observatory, HEAD, rest.as_bytes()).await;
        assert!([0, 400].contains(&status), "{what}: {status}");
        observatory.echoes(what).await;
    }
    let metrics = observatory.gateway.get("/metrics").await;
    let accepted = metric(metrics.text(), "gateway_jobs_accepted_total");
    assert_eq!(accepted, Some(6.0), "only the echoes were accepted");
}

/// Two ways to tell a body's length let two readers see two requests.
#[tokio::test]
async fn a_request_with_two_lengths_is_one_request_or_none() {
    let observatory = SHARED.get().await;
    let smuggled = "{\"type\":\"echo\"}GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    for rest in [
        format!("content-length: 15\r\ncontent-length: 70\r\n\r\n{smuggled}"),
        "content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
        "content-length: -1\r\n\r\n{}".to_owned(),
        "content-length: 99999999999999999999\r\n\r\n{}".to_owned(),
        "transfer-encoding: identity, chunked, chunked\r\n\r\n0\r\n\r\n".to_owned(),
    ] {
        let bytes = format!("{HEAD}{rest}");
        let answer = observatory.gateway.raw(bytes.as_bytes()).await;
        assert!(!answer.contains("HTTP/1.1 202"), "{rest}: {answer}");
        assert!(!answer.contains("{\"status\":\"ok\""), "a second request was seen: {rest}: {answer}");
        observatory.echoes("two lengths").await;
    }
}

#[tokio::test]
async fn what_is_no_http_at_all_is_hung_up_on() {
    let observatory = SHARED.get().await;
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(200_000));
    let headers = format!(
        "GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n",
        "x-y: z\r\n".repeat(20_000)
    );
    let one_header = format!(
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx-y: {}\r\n\r\n",
        "z".repeat(200_000)
    );
    for (what, bytes) in [
        ("nothing", &b""[..]),
        ("noise", &b"\x00\xff\x16\x03\x01\x02\x00\x01\xfc"[..]),
        ("words", &b"hello there\r\n\r\n"[..]),
        ("a newer version", &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..]),
        ("a version of nobody's", &b"GET / HTTP/9.9\r\n\r\n"[..]),
        (
            "a header without a colon",
            &b"GET /healthz HTTP/1.1\r\nhost x\r\n\r\n"[..],
        ),
        (
            "a NUL in a header",
            &b"GET /healthz HTTP/1.1\r\nhost: x\r\na: b\0c\r\n\r\n"[..],
        ),
        ("a long line", long.as_bytes()),
        ("many headers", headers.as_bytes()),
        ("a long header", one_header.as_bytes()),
    ] {
        for api in [
            observatory.gateway,
            observatory.read_model,
            observatory.page,
            observatory.metrics,
        ] {
            let answer = api.raw(bytes).await;
            assert!(!answer.contains("HTTP/1.1 2"), "{what}: {answer}");
            assert!(!answer.contains("HTTP/1.1 5"), "{what}: {answer}");
        }
        observatory.echoes(what).await;
    }
}

/// Hundreds of clients that send half a request hold up nobody.
#[tokio::test]
async fn connections_that_say_nothing_hold_up_nobody() {
    use tokio::io::AsyncWriteExt;
    let observatory = SHARED.get().await;
    let mut silent = Vec::new();
    for _ in 0..500 {
        let address = (std::net::Ipv4Addr::LOCALHOST, observatory.gateway.port);
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"POST /jobs HTTP/1.1\r\nhost: x\r\ncontent-le")
            .await
            .unwrap();
        silent.push(stream);
    }
    observatory.echoes("500 silent connections").await;
    drop(silent);
    observatory.echoes("500 broken connections").await;
}

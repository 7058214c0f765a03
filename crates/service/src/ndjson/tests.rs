use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::*;

/// An answer that counts up for ever, and how far it got.
fn endless() -> (Response, Arc<AtomicUsize>) {
    let written = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&written);
    let response = answer(|lines| async move {
        loop {
            lines.line(&counter.fetch_add(1, Ordering::Relaxed)).await;
        }
    });
    (response, written)
}

#[tokio::test]
async fn every_document_is_a_line_in_order() {
    let response = answer(|lines| async move {
        lines.line(&json!({"a": "one\nline"})).await;
        tokio::task::yield_now().await;
        lines.lines([1, 2]).await;
        lines.lines(Vec::<u32>::new()).await;
        lines.line(&json!(null)).await;
    });
    assert_eq!(response.headers()[CONTENT_TYPE], MEDIA_TYPE);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "{\"a\":\"one\\nline\"}\n1\n2\nnull\n");
}

#[tokio::test]
async fn nothing_is_written_ahead_of_the_reader() {
    let (response, written) = endless();
    let mut body = response.into_body();
    for number in 0..10 {
        let frame = body.frame().await.unwrap().unwrap();
        let line: Value = serde_json::from_slice(frame.data_ref().unwrap()).unwrap();
        assert_eq!(line, number);
        let ahead = written.load(Ordering::Relaxed) - number;
        assert!(ahead <= 3, "{ahead}");
    }
}

#[tokio::test]
async fn a_reader_that_is_gone_takes_the_writer_along() {
    let (response, written) = endless();
    drop(response);
    assert_eq!(Arc::strong_count(&written), 1);
}

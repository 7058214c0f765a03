use super::*;
use domain::SeededIds;

fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}

const GIVEN: &str = "0191d2a0-7c1e-7000-8000-00000000000a";

#[test]
fn a_given_id_is_kept_and_a_missing_one_is_made() {
    let ids = SeededIds::new(1);
    let given = RequestContext::from_headers(&headers(&[("x-correlation-id", GIVEN)]), &ids).unwrap();
    assert_eq!(given.header(), GIVEN);
    let first = RequestContext::from_headers(&headers(&[]), &ids).unwrap();
    let second = RequestContext::from_headers(&headers(&[]), &ids).unwrap();
    assert_ne!(first.correlation_id, second.correlation_id);
}

#[test]
fn an_id_that_is_no_plain_uuid_is_refused() {
    for bad in [
        "",
        "x",
        "urn:uuid:0191d2a0-7c1e-7000-8000-00000000000a",
        "{0191d2a0-7c1e-7000-8000-00000000000a}",
        "0191d2a07c1e7000800000000000000a",
        "0191d2a0-7c1e-7000-8000-00000000000g",
    ] {
        let error = RequestContext::from_headers(&headers(&[("x-correlation-id", bad)]), &SeededIds::new(1))
            .unwrap_err();
        assert_eq!(
            (error.status().as_u16(), error.kind()),
            (400, "invalid-correlation-id"),
            "{bad}"
        );
    }
}

#[test]
fn a_good_trace_context_is_passed_on_and_a_bad_one_replaced() {
    let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let ids = SeededIds::new(1);
    let kept = RequestContext::from_headers(&headers(&[("traceparent", good)]), &ids).unwrap();
    assert_eq!(kept.traceparent.as_str(), good);
    let bad = headers(&[("traceparent", "nonsense"), ("x-correlation-id", GIVEN)]);
    let made = RequestContext::from_headers(&bad, &ids).unwrap();
    assert_eq!(
        made.traceparent.as_str(),
        "00-0191d2a07c1e7000800000000000000a-800000000000000a-00"
    );
}

//! What keeps other sites out: headers on every answer, and the check of where a command comes from.

use axum::response::Response;
use http::header::{
    CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Uri};

/// Only our own files run, nothing inline; text cannot become markup even by mistake (trusted types); no
/// other site may frame the page.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// Puts the security headers on an answer, over whatever a proxied service said.
pub(crate) async fn harden(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether a state-changing request comes from our own page or from no page at all (a script, curl).
///
/// Browsers put `Origin` on every cross-site POST, so its absence means that no page sent it; a browser that
/// withholds it still says `Sec-Fetch-Site`.
pub(crate) fn is_same_origin(headers: &HeaderMap) -> bool {
    match headers.get(ORIGIN) {
        Some(origin) => matches_host(origin, headers.get(HOST)),
        None => headers
            .get("sec-fetch-site")
            .is_none_or(|site| site == "same-origin" || site == "none"),
    }
}

fn matches_host(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let origin = origin.to_str().ok().and_then(|text| text.parse::<Uri>().ok());
    let host = host.and_then(|value| value.to_str().ok());
    let (Some(origin), Some(host)) = (origin, host) else {
        return false;
    };
    let Some(default_port) = default_port(origin.scheme_str()) else {
        return false;
    };
    let Ok(host) = host.parse::<http::uri::Authority>() else {
        return false;
    };
    let origin_host = origin.host().unwrap_or_default();
    origin_host.eq_ignore_ascii_case(host.host())
        && origin.port_u16().unwrap_or(default_port) == host.port_u16().unwrap_or(default_port)
}

fn default_port(scheme: Option<&str>) -> Option<u16> {
    match scheme {
        Some("http") => Some(80),
        Some("https") => Some(443),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_page_itself_may_submit() {
        for (origin, host) in [
            ("http://localhost:8081", "localhost:8081"),
            ("http://LocalHost:8081", "localhost:8081"),
            ("http://example.com", "example.com"),
            ("http://example.com", "example.com:80"),
            ("https://example.com", "example.com"),
            ("http://[::1]:8081", "[::1]:8081"),
        ] {
            assert!(
                is_same_origin(&headers(&[("origin", origin), ("host", host)])),
                "{origin} to {host}"
            );
        }
    }

    #[test]
    fn another_page_may_not() {
        for (origin, host) in [
            ("http://evil.example", "localhost:8081"),
            ("http://localhost:9999", "localhost:8081"),
            ("http://localhost", "localhost:8081"),
            ("http://localhost:8081.evil.example", "localhost:8081"),
            ("null", "localhost:8081"),
            ("file://localhost:8081", "localhost:8081"),
            ("", "localhost:8081"),
        ] {
            assert!(
                !is_same_origin(&headers(&[("origin", origin), ("host", host)])),
                "{origin} to {host}"
            );
        }
    }

    #[test]
    fn an_origin_without_a_host_is_refused() {
        assert!(!is_same_origin(&headers(&[("origin", "http://localhost:8081")])));
    }

    #[test]
    fn without_an_origin_the_fetch_metadata_decides() {
        assert!(is_same_origin(&headers(&[])));
        assert!(is_same_origin(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(is_same_origin(&headers(&[("sec-fetch-site", "none")])));
        assert!(!is_same_origin(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(!is_same_origin(&headers(&[("sec-fetch-site", "same-site")])));
    }
}

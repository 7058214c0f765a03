use super::*;
use http_body_util::BodyExt;
use serde_json::json;

async fn read(response: Response) -> Value {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn a_problem_has_the_standard_members_and_those_of_the_published_clients() {
    let violation = Violation {
        path: "/id".into(),
        message: "must be a UUID".into(),
    };
    let response = Problem::bad_request()
        .detail("no")
        .violations(vec![violation])
        .into_response();
    assert_eq!(response.headers()[CONTENT_TYPE], MEDIA_TYPE);
    assert_eq!(response.status(), 400);
    let expected = json!({
        "type": "https://odd-demonstration.local/problems/bad-request",
        "title": "Bad request", "status": 400, "detail": "no", "error": "Bad request",
        "details": [{"path": "/id", "message": "must be a UUID"}],
    });
    assert_eq!(read(response).await, expected);
}

#[tokio::test]
async fn further_members_do_not_replace_standard_ones() {
    let problem = Problem::internal()
        .member("accepted", 0)
        .member("status", "fine")
        .details_text("text");
    let body = read(problem.into_response()).await;
    assert_eq!(
        (&body["accepted"], &body["status"], &body["details"]),
        (&json!(0), &json!(500), &json!("text"))
    );
}

#[test]
fn retry_after_is_a_header() {
    assert_eq!(Problem::unavailable().into_response().headers()[RETRY_AFTER], "1");
    assert!(
        !Problem::not_found()
            .into_response()
            .headers()
            .contains_key(RETRY_AFTER)
    );
}

#[tokio::test]
async fn an_empty_error_gets_the_format_and_keeps_its_headers() {
    let bare = (StatusCode::METHOD_NOT_ALLOWED, [("allow", "GET")], "text").into_response();
    let unified = unify(bare);
    assert_eq!(unified.headers()["allow"], "GET");
    assert_eq!(unified.headers()[CONTENT_TYPE], MEDIA_TYPE);
    assert_eq!(read(unified).await["error"], "Method not allowed");
}

#[tokio::test]
async fn json_and_good_answers_are_left_alone() {
    let json_error = (
        StatusCode::SERVICE_UNAVAILABLE,
        axum::Json(json!({"status": "not_ready"})),
    )
        .into_response();
    assert_eq!(read(unify(json_error)).await, json!({"status": "not_ready"}));
    let text = unify("fine".into_response());
    assert_eq!(text.into_body().collect().await.unwrap().to_bytes(), "fine");
}

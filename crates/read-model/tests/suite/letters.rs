//! Dead letters.

use ports::LetterState;
use serde_json::json;

use super::support::{App, id, letter};

fn with_letters() -> App {
    let app = App::new();
    app.events.letters.lock().unwrap().extend([
        letter(3, LetterState::Open),
        letter(2, LetterState::Replayed),
        letter(1, LetterState::Open),
    ]);
    app
}

#[tokio::test]
async fn dead_letters_come_in_pages() {
    let app = with_letters();
    let first = app.get("/dead-letters?limit=2").await.good();
    insta::assert_json_snapshot!(first);
    let second = app.get("/dead-letters?cursor=2").await.good();
    assert_eq!(
        (second["items"].as_array().unwrap().len(), &second["nextCursor"]),
        (1, &json!(null))
    );
}

#[tokio::test]
async fn a_list_can_be_of_one_state() {
    let app = with_letters();
    for (parameters, expected) in [
        ("state=open", vec![3, 1]),
        ("state=REPLAYED", vec![2]),
        ("state=discarded", vec![]),
        ("state=", vec![3, 2, 1]),
        ("", vec![3, 2, 1]),
    ] {
        let page = app.get(&format!("/dead-letters?{parameters}")).await.good();
        let items = page["items"].as_array().unwrap();
        let ids: Vec<_> = items.iter().map(|letter| letter["id"].clone()).collect();
        let expected: Vec<_> = expected.into_iter().map(|number| json!(id(number))).collect();
        assert_eq!(ids, expected, "{parameters}");
    }
}

#[tokio::test]
async fn one_letter_is_told_with_its_state() {
    let app = with_letters();
    let told = app.get(&format!("/dead-letters/{}", id(2))).await.good();
    assert_eq!(
        (&told["id"], &told["state"], &told["validationError"]),
        (&json!(id(2)), &json!("replayed"), &json!("`payload` is missing"))
    );
}

#[tokio::test]
async fn a_letter_that_does_not_exist_is_a_404_and_what_is_no_id_a_400() {
    let app = with_letters();
    let problem = app.get(&format!("/dead-letters/{}", id(9))).await.problem(404);
    assert!(problem["detail"].as_str().unwrap().contains(&id(9).to_string()));
    for bad in ["1", "%00", "%ff"] {
        let problem = app.get(&format!("/dead-letters/{bad}")).await.problem(400);
        assert_eq!(problem["details"][0]["path"], "id", "{bad}");
    }
}

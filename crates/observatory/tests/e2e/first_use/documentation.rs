//! The API references: generated, complete, and served without anybody else's help.

use serde_json::Value;

use super::SHARED;
use crate::common::Api;

async fn apis() -> (std::sync::Arc<crate::common::Observatory>, [Api; 2]) {
    let observatory = SHARED.get().await;
    let apis = [observatory.gateway, observatory.read_model];
    (observatory, apis)
}

#[tokio::test]
async fn every_documented_question_is_answered() {
    let (_observatory, apis) = apis().await;
    for api in apis {
        let document = api.get("/openapi.json").await;
        assert_eq!(
            (document.status, document.header("content-type")),
            (200, "application/json")
        );
        let document = document.json();
        assert!(document["openapi"].as_str().unwrap().starts_with("3."));
        for (path, methods) in document["paths"].as_object().unwrap() {
            if methods.get("get").is_none() {
                continue;
            }
            let path = path.replace("{id}", "0191d2a0-7c1e-7000-8000-000000000001");
            if path == "/stream" {
                // Its answer has no end; `stream` listens to it.
                continue;
            }
            let answer = api.get(&path).await;
            let expected = answer.status.to_string();
            let documented = &methods["get"]["responses"];
            assert!(
                documented.get(&expected).is_some(),
                "{path} answers {expected}: {documented}"
            );
        }
    }
}

#[tokio::test]
async fn what_clients_post_and_get_back_is_documented_by_the_contracts() {
    let (_observatory, [gateway, _]) = apis().await;
    let document = gateway.get("/openapi.json").await.json();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["JobSubmission"]["required"], serde_json::json!(["type"]));
    assert!(schemas["JobAccepted"]["properties"]["eventId"].is_object());
    let post = &document["paths"]["/jobs"]["post"];
    for status in ["202", "400", "413", "415", "503"] {
        assert!(post["responses"][status].is_object(), "{status}");
    }
}

#[tokio::test]
async fn the_documentation_needs_nobody_else() {
    let (_observatory, apis) = apis().await;
    for api in apis {
        let moved = api.get("/docs").await;
        assert_eq!((moved.status, moved.header("location")), (303, "/docs/"));
        let page = api.get("/docs/").await;
        assert_eq!(page.status, 200);
        let references = references(page.text());
        assert!(references.len() >= 3, "{references:?}");
        for reference in references {
            assert!(!reference.contains("//"), "{reference} is somebody else's");
            let file = api
                .get(&format!("/docs/{}", reference.trim_start_matches("./")))
                .await;
            assert_eq!(file.status, 200, "{reference}");
            if reference.ends_with("initializer.js") {
                let text = file.text();
                assert!(text.contains("\"/openapi.json\""), "{text}");
                assert!(!text.contains("http://") && !text.contains("https://"), "{text}");
            }
        }
    }
}

/// Every `src` and `href` of a page.
fn references(html: &str) -> Vec<&str> {
    let after = |attribute: &'static str| html.split(attribute).skip(1);
    let quoted = after("src=\"").chain(after("href=\""));
    quoted.filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn the_examples_in_the_documentation_are_valid() {
    let (observatory, [gateway, _]) = apis().await;
    let document = gateway.get("/openapi.json").await.json();
    let body = &document["paths"]["/jobs"]["post"]["requestBody"]["content"]["application/json"];
    let examples = body["examples"].as_object().expect("there are examples");
    for (name, example) in examples {
        let example: &Value = &example["value"];
        let answer = observatory.gateway.post("/jobs", example).await;
        assert_eq!(answer.status, 202, "{name}: {:?}", answer.body);
    }
}

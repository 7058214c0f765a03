//! The files of the page: complete, cached rightly, and free of what would let data become code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use http::{Method, StatusCode};

use crate::harness::{dashboard, get, request, send};

/// Every file of the page by its address, except the page itself, which is at `/`.
fn files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let mut files = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of assets") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let address = format!("/{}", path.strip_prefix(&root).expect("inside").display());
            files.insert(
                address.replace('\\', "/"),
                fs::read_to_string(path).expect("a text file"),
            );
        }
    }
    files
}

fn scripts() -> BTreeMap<String, String> {
    let mut files = files();
    files.retain(|address, _| {
        Path::new(address)
            .extension()
            .is_some_and(|extension| extension == "js")
    });
    files
}

#[tokio::test]
async fn every_file_is_served_as_what_it_is() {
    let router = dashboard();
    for (address, text) in files() {
        if address == "/index.html" {
            continue;
        }
        let answer = get(&router, &address).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{address} is missing from the table"
        );
        assert_eq!(answer.text(), text, "{address}");
        let extension = address.rsplit('.').next().expect("an extension");
        let content_type = match extension {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "json" => "application/json",
            "svg" => "image/svg+xml",
            other => panic!("no content type is known for .{other}"),
        };
        assert_eq!(answer.header("content-type"), content_type, "{address}");
    }
}

#[tokio::test]
async fn a_known_file_is_not_sent_again() {
    let router = dashboard();
    let first = get(&router, "/style.css").await;
    let tag = first.header("etag");
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() > 20,
        "{tag} is not strong"
    );
    assert_eq!(first.header("cache-control"), "no-cache");
    let lists = [
        tag.to_owned(),
        format!("W/{tag}"),
        format!("\"other\", {tag}"),
        "*".to_owned(),
    ];
    for known in lists {
        let headers = [("if-none-match", known.as_str())];
        let answer = send(&router, request(Method::GET, "/style.css", &headers, "")).await;
        assert_eq!(answer.status, StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(answer.header("etag"), tag);
        assert!(answer.body.is_empty());
    }
}

#[tokio::test]
async fn another_file_or_version_is_sent() {
    let router = dashboard();
    let tag = get(&router, "/style.css").await.header("etag").to_owned();
    for (path, known) in [("/style.css", "\"older\""), ("/js/app.js", tag.as_str())] {
        let answer = send(
            &router,
            request(Method::GET, path, &[("if-none-match", known)], ""),
        )
        .await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.body.is_empty());
    }
}

#[test]
fn data_never_becomes_markup_or_code() {
    let forbidden = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "createContextualFragment",
        "setHTMLUnsafe",
        "document.write",
        "DOMParser",
        "srcdoc",
        "eval(",
        "new Function",
        "import(",
        "javascript:",
    ];
    for (address, text) in files() {
        for word in forbidden {
            assert!(!text.contains(word), "{address} contains {word}");
        }
    }
}

#[test]
fn the_page_has_no_inline_code_and_no_inline_style() {
    let page = &files()["/index.html"];
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().expect("split gives at least one");
        for attribute in tag.split_whitespace().skip(1) {
            let name = attribute.split('=').next().expect("split gives at least one");
            assert!(!name.starts_with("on"), "inline handler in <{tag}>");
            assert_ne!(name, "style", "inline style in <{tag}>");
        }
        let is_script = tag == "script" || tag.starts_with("script ");
        assert!(!is_script || tag.contains(" src="), "inline script in <{tag}>");
        assert!(tag != "style" && !tag.starts_with("style "), "inline style sheet");
    }
}

#[test]
fn handlers_are_not_set_through_attributes_or_properties() {
    for (address, text) in scripts() {
        for line in text.lines() {
            assert!(!line.contains("setAttribute(\"on"), "{address}: {}", line.trim());
            assert!(
                !line.contains("setAttribute(\"style"),
                "{address}: {}",
                line.trim()
            );
            let assigned = line.split(" = ").next().unwrap_or_default();
            let property = assigned.rsplit('.').next().unwrap_or_default();
            let is_handler = assigned.contains('.') && line.contains(" = ") && property.starts_with("on");
            assert!(!is_handler, "{address}: {}", line.trim());
        }
    }
}

#[test]
fn every_import_and_every_reference_exists() {
    let files = files();
    for (address, text) in scripts() {
        let folder = address.rsplit_once('/').expect("an absolute address").0;
        for line in text.lines().filter(|line| line.starts_with("import ")) {
            let target = line.rsplit('"').nth(1).expect("a quoted module");
            assert!(
                files.contains_key(&resolve(folder, target)),
                "{address} imports {target}"
            );
        }
    }
    let page = &files["/index.html"];
    for attribute in ["href=\"/", "src=\"/"] {
        for rest in page.split(attribute).skip(1) {
            let target = format!("/{}", rest.split('"').next().expect("a closing quote"));
            assert!(files.contains_key(&target), "the page refers to {target}");
        }
    }
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in target.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    for (address, text) in files() {
        let allowed = [
            "http://www.w3.org/2000/svg",
            "http://localhost",
            "https://example.com/",
        ];
        let stripped = allowed
            .iter()
            .fold(text, |text, address| text.replace(address, ""));
        for scheme in ["http://", "https://", "url(", "@import"] {
            assert!(!stripped.contains(scheme), "{address} contains {scheme}");
        }
    }
}

#[test]
fn files_stay_small_enough_to_read() {
    for (address, text) in files() {
        assert!(text.lines().count() <= 400, "{address} has more than 400 lines");
    }
}

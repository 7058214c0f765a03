use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn refused(text: &str) -> String {
    parse_strict(text.as_bytes()).expect_err(text).to_string()
}

#[test]
fn a_valid_document_becomes_its_value() {
    let text = r#" {"a":[1,-2,1.5,true,null,"x\u00e9\ud83d\ude00"],"b":{"":18446744073709551615}} "#;
    let value = parse_strict(text.as_bytes()).unwrap();
    assert_eq!(value, json!({"a":[1,-2,1.5,true,null,"xé😀"],"b":{"":u64::MAX}}));
}

#[test]
fn a_syntax_error_has_a_line_and_a_column() {
    assert_eq!(
        refused("{\n\"a\": tru}"),
        "not JSON: expected ident at line 2 column 9"
    );
    assert!(refused("").starts_with("not JSON: EOF while parsing a value at line 1"));
    assert!(refused("{\"a\":\"\u{1}\"}").starts_with("not JSON: control character"));
    assert!(refused(r#"{"a":"\ud800"}"#).starts_with("not JSON: "));
    assert!(refused("\u{feff}{}").starts_with("not JSON: "));
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_place() {
    let error = parse_strict(b"{\n\"a\":\"\xff\"}").unwrap_err();
    assert_eq!(error.to_string(), "not UTF-8 text at line 2 column 6");
}

#[test]
fn a_key_given_twice_is_refused_with_its_pointer() {
    assert_eq!(
        refused(r#"{"id":1,"type":2,"id":3}"#),
        "duplicate key `id` at `/id`"
    );
    assert_eq!(
        refused(r#"{"p":[0,{"a/b":1,"a\/b":1}]}"#),
        "duplicate key `a/b` at `/p/1/a~1b`"
    );
}

#[test]
fn the_same_key_in_different_objects_is_fine() {
    assert!(parse_strict(br#"{"a":{"a":[{"a":1},{"a":2}]}}"#).is_ok());
}

#[test]
fn nul_is_refused_in_strings_and_keys() {
    assert_eq!(
        refused(r#"{"payload":{"x":["a\u0000b"]}}"#),
        "NUL character in the string at `/payload/x/0`"
    );
    assert_eq!(
        refused(r#"{"payload":{"a\u0000":1}}"#),
        "NUL character in a key at `/payload`"
    );
    assert!(parse_strict(br#"{"a":"\\u0000"}"#).is_ok());
}

#[test]
fn nesting_stops_at_the_limit() {
    let nested = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    assert!(parse_strict(nested(MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(refused(&nested(MAX_DEPTH + 1)), "nested deeper than 64 levels");
    assert_eq!(refused(&"[".repeat(100_000)), "nested deeper than 64 levels");
    assert_eq!(
        refused(&r#"{"a":"#.repeat(100_000)),
        "nested deeper than 64 levels"
    );
    assert!(parse_strict_within(nested(MAX_EVENT_DEPTH).as_bytes(), MAX_EVENT_DEPTH).is_ok());
}

#[test]
fn one_document_and_nothing_behind_it() {
    assert_eq!(
        refused("{} {}"),
        "not one JSON document: more data follows at line 1 column 4"
    );
    assert!(parse_strict(b"{}\n \t\r\n").is_ok());
}

#[test]
fn numbers_that_a_reader_would_round_are_refused() {
    assert!(refused("1e999").starts_with("not JSON: number out of range"));
    assert!(refused("NaN").starts_with("not JSON: "));
    assert_eq!(
        refused("[12345678901234567890123]"),
        "an integer outside 64 bits at line 1 column 2"
    );
    assert_eq!(
        refused("[1e-20000]"),
        "a number with more than 16383 decimal places at line 1 column 2"
    );
    assert_eq!(
        parse_strict(b"9007199254740993").unwrap(),
        json!(9_007_199_254_740_993_u64)
    );
}

#[test]
fn a_message_repeats_only_a_part_of_a_long_key() {
    let key = "k".repeat(10_000);
    assert!(refused(&format!(r#"{{"{key}":{{"{key}":1,"{key}":2}}}}"#)).len() < 400);
}

fn documents() -> impl Strategy<Value = Value> {
    let text = any::<String>().prop_map(|text| text.replace('\0', ""));
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..8)
                .prop_map(|object| Value::Object(object.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_valid_documents(document in documents(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
        let text = text.unwrap();
        let plain: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(parse_strict(text.as_bytes()), Ok(plain));
    }

    #[test]
    fn refuses_or_agrees_on_any_text(text in r#"[\[\]{}":, \\u0ae1.\-tn]{0,40}"#) {
        if let Ok(value) = parse_strict(text.as_bytes()) {
            prop_assert_eq!(serde_json::from_str::<Value>(&text).ok(), Some(value));
        }
    }

    #[test]
    fn never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_strict(&bytes);
    }
}

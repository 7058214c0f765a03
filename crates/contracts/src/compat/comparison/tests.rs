//! What fixtures (`tests/contracts/compat`) do not show: odd schemas, recursion, laws.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn kinds(old: &Value, new: &Value) -> Vec<Kind> {
    compare(old, new).into_iter().map(|change| change.kind).collect()
}

#[test]
fn equal_documents_have_no_changes_and_the_version_is_none() {
    let schema = |version: &str| json!({"$version": version, "type": "object", "properties": {"a": {}}});
    assert_eq!(compare(&schema("1.0.0"), &schema("2.0.0")), []);
}

#[test]
fn a_keyword_that_is_not_known_is_major_when_it_changes_and_nothing_when_it_does_not() {
    let old = json!({"properties": {"a": {"x-unit": "s"}}});
    let new = json!({"properties": {"a": {"x-unit": "ms"}}});
    assert_eq!(compare(&old, &old), []);
    let changes = compare(&old, &new);
    assert_eq!(
        (changes[0].path.as_str(), changes[0].level),
        ("/properties/a/x-unit", Level::Major)
    );
    assert!(changes[0].description.contains("does not understand"));
}

#[test]
fn a_recursive_schema_is_compared_once() {
    let schema = |limit: u32| {
        json!({
            "$ref": "#/definitions/tree",
            "definitions": {"tree": {
                "properties": {"children": {"items": {"$ref": "#/definitions/tree"}}, "n": {"maximum": limit}}
            }}
        })
    };
    assert_eq!(kinds(&schema(1), &schema(1)), []);
    assert_eq!(kinds(&schema(1), &schema(2)), [Kind::ConstraintRelaxed]);
}

#[test]
fn references_that_lead_nowhere_are_not_understood() {
    let loops = json!({"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}});
    let missing = json!({"$ref": "#/definitions/a"});
    assert_eq!(kinds(&loops, &loops), [Kind::NotUnderstood]);
    assert_eq!(kinds(&missing, &missing), [Kind::NotUnderstood]);
}

#[test]
fn a_reference_to_another_document_must_stay_as_it_is() {
    let old = json!({"properties": {"job": {"$ref": "job.json", "type": "ignored beside a reference"}}});
    let new = json!({"properties": {"job": {"$ref": "job-2.json"}}});
    assert_eq!(kinds(&old, &old), []);
    assert_eq!(kinds(&old, &new), [Kind::NotUnderstood]);
}

#[test]
fn moving_a_schema_behind_a_reference_changes_nothing_but_text() {
    let old = json!({"properties": {"a": {"type": "string"}}});
    let new =
        json!({"properties": {"a": {"$ref": "#/definitions/a"}}, "definitions": {"a": {"type": "string"}}});
    assert_eq!(kinds(&old, &new), [Kind::Rearranged]);
}

#[test]
fn moving_a_field_into_a_branch_of_all_of_changes_nothing_but_text() {
    let old = json!({"properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]});
    let new = json!({"properties": {"b": {}}, "allOf": [{"properties": {"a": {"type": "string"}}, "required": ["a"]}]});
    assert_eq!(kinds(&old, &new), [Kind::Rearranged]);
}

#[test]
fn a_branch_of_all_of_that_limits_a_known_field_is_no_new_field() {
    let old = json!({"properties": {"a": {"type": "string"}}});
    let new =
        json!({"properties": {"a": {"type": "string"}}, "allOf": [{"properties": {"a": {"maxLength": 3}}}]});
    assert_eq!(kinds(&old, &new), [Kind::ConstraintAdded]);
}

#[test]
fn moving_a_field_out_of_a_closed_part_is_not_understood() {
    let old = json!({"properties": {"a": {}, "b": {}}, "additionalProperties": false});
    let new =
        json!({"properties": {"a": {}}, "additionalProperties": false, "allOf": [{"properties": {"b": {}}}]});
    assert_eq!(kinds(&old, &new), [Kind::NotUnderstood]);
}

#[test]
fn a_relaxed_definition_counts_again_where_it_is_negated() {
    let schema = |limit: u32| {
        json!({
            "definitions": {"small": {"maximum": limit}},
            "properties": {"a": {"$ref": "#/definitions/small"}, "b": {"not": {"$ref": "#/definitions/small"}}}
        })
    };
    assert_eq!(
        kinds(&schema(1), &schema(2)),
        [Kind::ConstraintRelaxed, Kind::NotUnderstood]
    );
}

#[test]
fn integers_beyond_the_precision_of_a_float_are_compared_exactly() {
    let schema = |limit: u64| json!({ "maximum": limit });
    assert_eq!(
        kinds(&schema(1 << 53), &schema((1 << 53) + 1)),
        [Kind::ConstraintRelaxed]
    );
    assert_eq!(
        kinds(&schema((1 << 53) + 1), &schema(1 << 53)),
        [Kind::ConstraintTightened]
    );
    assert_eq!(
        kinds(&json!({"maximum": 1}), &json!({"maximum": 1.0})),
        [Kind::Rearranged]
    );
}

#[test]
fn broken_keywords_are_not_understood() {
    for broken in [
        json!({"type": "text"}),
        json!({"required": "a"}),
        json!({"properties": []}),
        json!({"enum": 1}),
        json!({"allOf": {}}),
        json!({"items": "x"}),
        json!({"exclusiveMinimum": true, "minimum": 1}),
    ] {
        let levels: Vec<Level> = compare(&json!({}), &broken)
            .iter()
            .map(|change| change.level)
            .collect();
        assert!(levels.contains(&Level::Major), "{broken}");
    }
}

#[test]
fn a_default_that_changes_is_major_because_an_absent_value_means_something_else() {
    assert_eq!(
        kinds(&json!({"default": 1}), &json!({"default": 2})),
        [Kind::NotUnderstood]
    );
}

fn schemas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!(true)),
        Just(json!(false)),
        Just(json!({"type": "string"})),
        Just(json!({"type": "integer"})),
        Just(json!({"type": ["number", "null"]})),
        (0..3).prop_map(|limit| json!({ "minimum": limit })),
        (0..3).prop_map(|limit| json!({ "maxLength": limit })),
        prop::sample::subsequence(vec!["x", "y", "z"], 1..=3).prop_map(|values| json!({ "enum": values })),
        Just(json!({"pattern": "^x"})),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({ "items": items })),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"properties": {"a": a, "b": b}})),
            inner
                .clone()
                .prop_map(|a| json!({"properties": {"a": a}, "required": ["a"]})),
            inner
                .clone()
                .prop_map(|a| json!({"properties": {"a": a}, "additionalProperties": false})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({ "allOf": [a, b] })),
            inner.clone().prop_map(|a| json!({ "not": a })),
            (inner.clone(), inner).prop_map(|(a, b)| json!({ "anyOf": [a, b] })),
        ]
    })
}

fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        (-1..4).prop_map(Value::from),
        Just(json!(1.5)),
        "[xyz]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"a": a, "b": b})),
            inner.prop_map(|a| json!({ "a": a })),
        ]
    })
}

/// Another version of a schema: one small step away from it, steered by `choices`.
fn edited(schema: &Value, choices: &mut impl Iterator<Item = usize>) -> Value {
    let choice = choices.next().unwrap_or(0);
    match schema {
        Value::Object(object) if !object.is_empty() => {
            let mut object = object.clone();
            let key = object
                .keys()
                .nth(choices.next().unwrap_or(0) % object.len())
                .unwrap()
                .clone();
            match choice % 4 {
                0 => drop(object.remove(&key)),
                1 => drop(object.insert("minimum".to_owned(), json!(1))),
                _ => object[&key] = edited(&object[&key], choices),
            }
            object.into()
        }
        Value::Array(list) if !list.is_empty() => {
            let mut list = list.clone();
            let at = choices.next().unwrap_or(0) % list.len();
            match choice % 4 {
                0 if list.len() > 1 => drop(list.remove(at)),
                1 if list[at].is_object() => list.push(json!({"maxLength": 1})),
                1 if list[at].is_string() => list.push(json!("w")),
                _ => list[at] = edited(&list[at], choices),
            }
            list.into()
        }
        Value::Number(number) => json!(number.as_u64().unwrap_or(1) + choice as u64 % 3),
        Value::Bool(flag) => json!(!flag),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_schema_is_equal_to_itself(schema in schemas()) {
        let changes = compare(&schema, &schema);
        prop_assert_eq!(changes, vec![]);
    }

    #[test]
    fn what_passed_before_a_compatible_change_passes_after_it(
        old in schemas(),
        choices in prop::collection::vec(any::<usize>(), 12),
        documents in prop::collection::vec(documents(), 40),
    ) {
        let new = edited(&old, &mut choices.into_iter());
        let changes = compare(&old, &new);
        // A field with a name is minor by the rules, although an open schema let anything pass under that name.
        let exempt = |change: &Change| change.level == Level::Major || change.kind == Kind::FieldAdded;
        let validators = (jsonschema::validator_for(&old), jsonschema::validator_for(&new));
        let (Ok(before), Ok(after)) = validators else { return Ok(()) };
        if changes.iter().any(exempt) {
            return Ok(());
        }
        for document in documents {
            let text = format!("{document} passes {old} and not {new}: {changes:?}");
            prop_assert!(!before.is_valid(&document) || after.is_valid(&document), "{}", text);
        }
    }
}

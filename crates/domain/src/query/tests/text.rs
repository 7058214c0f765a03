use proptest::prelude::*;

use super::random::queries;
use super::*;
use crate::query::{FIELDS, MAX_LENGTH, MAX_TERMS, MAX_VALUES, id_range, quoted};

#[test]
fn the_canonical_text_is_the_shortest_way_to_write_it() {
    for (typed, canonical) in [
        ("", ""),
        ("  type:email\n\tSTATE:Failed ", "type:email state:failed"),
        ("age>120m", "age>2h"),
        ("created<=2026-11-25", "created<2026-11-26T00:00:00Z"),
        ("created>2026-11-25", "created>=2026-11-26T00:00:00Z"),
        (
            "updated>2026-11-25T10:00:00.0000019+01:00",
            "updated>2026-11-25T09:00:00.000001Z",
        ),
        (
            "tag:\"eu\",\"a b\",\"a\\\"b\\\\\"",
            "tag:eu,\"a b\",\"a\\\"b\\\\\"",
        ),
        ("tag:a\\b", "tag:a\\b"),
        (
            "\"tag:eu\" \"OR\" \"-x\" plain.text",
            "\"tag:eu\" \"OR\" \"-x\" plain.text",
        ),
        ("--x", "-\"-x\""),
        ("payload.\"a\".\"b.c\".\"\":\"\"", "payload.a.\"b.c\".\"\":\"\""),
        ("type:\"a*\",b*", "type:\"a*\",b*"),
        (
            "priority:HIGH held:Rate crashes:01",
            "priority:high held:rate crashes:1",
        ),
        ("fingerprint:CBF29CE484222325", "fingerprint:cbf29ce484222325"),
        ("worker:a:b~c>d", "worker:a:b~c>d"),
        ("tag:über,日本", "tag:über,日本"),
    ] {
        assert_eq!(query(typed).to_string(), canonical, "{typed}");
        assert_eq!(query(canonical), query(typed), "{typed}");
    }
}

#[test]
fn every_field_has_an_example_that_reads_as_it_prints() {
    for field in FIELDS {
        let query = query(field.example);
        let day = query.to_string().replace("2026-11-25T00:00:00Z", "2026-11-25");
        assert_eq!(day, field.example);
        assert!(field.example.starts_with(field.name) && !field.help.is_empty());
    }
}

#[test]
fn every_field_takes_every_operator_that_it_names() {
    for field in FIELDS {
        let path = if field.has_path { ".a" } else { "" };
        for operator in field.operators {
            let value = field
                .example
                .split([':', '~', '>', '<'])
                .next_back()
                .unwrap_or_default();
            let value = value
                .trim_start_matches('=')
                .split(',')
                .next()
                .unwrap_or_default();
            let text = match field.name {
                "updated" => format!("updated{operator}2026-11-25"),
                name => format!("{name}{path}{operator}{value}"),
            };
            assert_eq!(query(&text).terms().len(), 1, "{text}");
        }
    }
}

#[test]
fn two_queries_join_within_the_bounds() {
    let joined = query("tag:a").and(query("tag:b")).unwrap();
    assert_eq!(joined.to_string(), "tag:a tag:b");
    let many = query(&"a ".repeat(MAX_TERMS));
    assert!(many.and(query("b")).is_err());
}

#[test]
fn a_query_serializes_as_its_text() {
    let text = "\"tag:eu -state:failed\"";
    let read: Query = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert!(serde_json::from_str::<Query>("\"tag:\"").is_err());
}

#[test]
fn the_bounds_are_taken_to_the_last() {
    query(&"a ".repeat(MAX_TERMS));
    query(&format!("tag:{}", vec!["a"; MAX_VALUES].join(",")));
    query(&format!("payload{}:1", ".a".repeat(16)));
    query(&"x".repeat(MAX_LENGTH));
}

#[test]
fn identifiers_are_found_by_their_beginning() {
    let id = Uuid::from_u128(0x0199_a3f2_7c1e_7000_8000_0123_4567_89ab).to_string();
    for length in 8..=36 {
        let (first, last) = id_range(&id[..length]).unwrap();
        assert!(first.to_string() <= id && id <= last.to_string());
        assert!(first.to_string().starts_with(&id[..length]) && last.to_string().starts_with(&id[..length]));
    }
    for text in [
        "0199a3f",
        "0199a3f2x",
        "0199a3f27",
        "0199a3f2-7c1e-7000-8000-0123456789abc",
        "éééé",
    ] {
        assert_eq!(id_range(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(query in queries()) {
        let text = query.to_string();
        prop_assert_eq!(Query::parse(&text), Ok(query), "{}", text);
    }

    #[test]
    fn a_quoted_text_is_one_value(text in "\\PC{0,20}") {
        let text = text.replace('\0', "");
        let query = query(&format!("tag:{}", quoted(&text)));
        let expected = crate::query::Condition::Tag(vec![text]);
        prop_assert_eq!(&query.terms()[0].condition, &expected);
    }

    #[test]
    fn no_text_is_a_panic(text in "[a-z.:~<>=,\"\\\\ \\-*0-9é]{0,40}|(type|state|payload|age|created|id|-)[:~<>=.]{0,2}\\PC{0,12}|\\PC{0,60}") {
        match Query::parse(&text) {
            Ok(query) => prop_assert_eq!(Query::parse(&query.to_string()), Ok(query)),
            Err(error) => prop_assert_eq!(error.pointer(&text).lines().count(), 2),
        }
    }
}

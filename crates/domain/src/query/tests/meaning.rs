use std::time::Duration;

use serde_json::json;

use super::*;
use crate::query::FIELDS;

#[test]
fn without_terms_every_job_matches() {
    assert!(Job::new().matches("") && Job::new().matches("  \n "));
}

#[test]
fn all_terms_must_hold() {
    let job = Job::new();
    assert!(job.matches("tag:eu type:email.send state:pending"));
    assert!(!job.matches("tag:eu type:other"));
}

#[test]
fn a_text_is_looked_for_in_type_tags_error_and_identifier() {
    let job = Job {
        error: Some("Connection REFUSED by peer".into()),
        ..Job::new()
    };
    job.check(
        &[
            "email",
            "MAIL",
            "\"black friday\"",
            "refused",
            "\"refused by\"",
            "0199a3f2",
            "0199A3F2-7C",
            "nope,eu",
        ],
        &["sms", "0199a3f", "0199a3f3", "\"refused  by\"", "refuséd"],
    );
}

#[test]
fn names_match_as_a_whole_and_types_by_their_beginning_as_well() {
    let job = Job {
        unique_key: Some("a,b".into()),
        schedule: Some("nightly".into()),
        worker: Some("w-1".into()),
        priority: Priority::High,
        ..Job::new()
    };
    job.check(
        &[
            "id:0199a3f2-7c1e-7000-8000-0123456789ab",
            "type:email.send",
            "type:email*",
            "type:*",
            "type:sms,email.*",
            "tag:eu",
            "tag:us,eu",
            "tag:\"Black Friday\"",
            "key:\"a,b\"",
            "schedule:nightly",
            "worker:w-1",
            "priority:HIGH",
        ],
        &[
            "id:0199a3f2-7c1e-7000-8000-0123456789ac",
            "type:email",
            "type:\"email*\"",
            "type:EMAIL.send",
            "tag:EU",
            "tag:e",
            "key:a,b",
            "schedule:night",
            "worker:w",
            "priority:low,normal",
        ],
    );
}

#[test]
fn what_a_job_does_not_have_matches_nothing() {
    let absent = [
        "key:\"\"",
        "schedule:a",
        "worker:a",
        "error~\"\"",
        "error:a",
        "fingerprint:cbf29ce484222325",
    ];
    Job::new().check(&[], &absent);
    Job::new().check(
        &[],
        &[
            "held:paused,concurrency,rate,unique",
            "payload.a:1",
            "metadata.a:null",
        ],
    );
}

#[test]
fn errors_match_as_a_whole_by_a_part_and_by_their_group() {
    let job = Job {
        error: Some("timeout after 30s".into()),
        ..Job::new()
    };
    let group = format!(
        "fingerprint:{}",
        crate::fingerprint::fingerprint("timeout after 5s")
    );
    job.check(
        &[
            "error:\"timeout after 30s\"",
            "error~TIMEOUT",
            "error~x,after",
            "error~\"\"",
            &group,
        ],
        &[
            "error:timeout",
            "error:\"Timeout after 30s\"",
            "error~30m",
            "fingerprint:0000000000000000",
        ],
    );
}

#[test]
fn counters_compare_by_size() {
    let job = Job {
        counts: [3, 2, 1],
        ..Job::new()
    };
    job.check(
        &[
            "attempt:3",
            "attempt:1,3",
            "attempt>2",
            "attempt>=3",
            "failures<3",
            "failures<=2",
            "crashes:1",
        ],
        &["attempt:2", "attempt>3", "attempt<3", "failures>=3", "crashes<=0"],
    );
}

#[test]
fn times_count_from_acceptance_and_from_the_last_change() {
    let ago = |minutes| now() - Duration::from_mins(minutes);
    let job = Job {
        accepted_at: ago(120),
        updated_at: ago(5),
        created_at: ago(60 * 24),
        ..Job::new()
    };
    job.check(
        &[
            "age>1h59m",
            "age>=2h",
            "age<=2h",
            "age<1d",
            "idle<5m1s",
            "idle>=5m",
            "idle<99999999d",
        ],
        &["age>2h", "age<2h", "idle>5m", "idle<5m", "idle>99999999d"],
    );
    job.check(
        &[
            "created>=2026-11-24",
            "created<=2026-11-24",
            "created<2026-11-25",
            "updated>2026-11-25T12:54+01:00",
        ],
        &[
            "created>2026-11-24",
            "created<2026-11-24",
            "created>=2026-11-25",
            "updated>2026-11-25T12:55+01:00",
        ],
    );
}

#[test]
fn a_date_is_a_whole_day() {
    let job = |at: &str| Job {
        created_at: at.parse().unwrap(),
        ..Job::new()
    };
    job("2026-11-25T23:59:59.999999Z").check(&["created<=2026-11-25"], &["created>2026-11-25"]);
    job("2026-11-26T00:00:00Z").check(&["created>2026-11-25"], &["created<=2026-11-25"]);
}

#[test]
fn values_of_the_body_match_across_the_types_of_json() {
    let payload = json!({
        "user": {"id": 42, "ref": "42", "name": "Ann Lee", "": "empty"},
        "items": [{"sku": "a"}, {"sku": "b"}],
        "ok": true, "no": false, "none": null, "ratio": 1.5, "big": 1e20, "a.b": "dotted",
        "0": "zero", "float": 42.0, "text": "42.0", "huge": 18_446_744_073_709_551_615_u64
    });
    let job = Job {
        payload,
        metadata: json!({"source": "shop"}),
        ..Job::new()
    };
    job.check(
        &[
            "payload.user.id:42",
            "payload.user.id:42.0",
            "payload.user.id:4.2e1",
            "payload.user.ref:42",
            "payload.float:42",
            "payload.text:42.0",
            "payload.user.name:\"Ann Lee\"",
            "payload.user.name~ann",
            "payload.items.1.sku:b",
            "payload.ok:true",
            "payload.no:false",
            "payload.none:null",
            "payload.ratio:1.50",
            "payload.big:100000000000000000000",
            "payload.\"a.b\":dotted",
            "payload.user.\"\":empty",
            "payload.0:zero",
            "payload.user.id:1,42",
            "metadata.source:shop",
            "payload.huge:18446744073709551615",
        ],
        &[
            "payload.user.id:43",
            "payload.user.ref:42.0",
            "payload.text:42",
            "payload.user.name:ann",
            "payload.items.2.sku:b",
            "payload.items.01.sku:b",
            "payload.items.-1.sku:b",
            "payload.items:b",
            "payload.missing:null",
            "payload.none:\"\"",
            "payload.ok:True",
            "payload.ok~true",
            "payload.user.id~4",
            "payload.user.id.x:42",
            "metadata.user.id:42",
            "payload.huge:18446744073709551614",
        ],
    );
}

#[test]
fn only_terms_of_the_body_need_it() {
    assert!(query("payload.a:1").needs_body() && query("tag:a -metadata.a~x").needs_body());
    for field in FIELDS {
        assert_eq!(
            query(field.example).needs_body(),
            field.has_path,
            "{}",
            field.name
        );
    }
}

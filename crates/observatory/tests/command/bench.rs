use crate::support::{code, json, run, taken_gateway_port, text};

#[test]
fn a_load_at_a_rate_reports_every_latency() {
    let output = run(&["bench", "--jobs", "200", "--rate", "200", "--json", "--quiet"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let report = json(&output);
    assert_eq!((&report["jobs"], &report["failed"]), (&200.into(), &0.into()));
    for latency in ["accept_ms", "start_ms", "complete_ms"] {
        let of = |percentile: &str| report[latency][percentile].as_f64().unwrap();
        assert!(
            0.0 < of("p50") && of("p50") <= of("p95") && of("p95") <= of("p99"),
            "{report}"
        );
    }
    // The last job is due 0.995 seconds after the first.
    let speed = report["jobs_per_second"].as_f64().unwrap();
    assert!(speed > 10.0 && speed <= 201.0, "{report}");
    assert!(report["first_job_ms"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_load_flat_out_in_batches_completes() {
    let output = run(&[
        "bench",
        "--jobs",
        "1005",
        "--batch",
        "100",
        "--connections",
        "2",
        "--json",
        "--quiet",
    ]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let report = json(&output);
    assert_eq!(
        (&report["sampled"], &report["mode"]),
        (&1005.into(), &"flat out".into())
    );
}

#[test]
fn jobs_that_do_not_complete_exit_1() {
    let output = run(&[
        "bench",
        "--jobs",
        "5",
        "--type",
        "nobody-handles-this",
        "--json",
        "--quiet",
    ]);
    assert_eq!(code(&output), 1, "{}", text(&output.stderr));
    assert_eq!(json(&output)["failed"], 5);
}

#[test]
fn lists_are_measured_over_jobs_of_every_sort() {
    let words = [
        "bench",
        "list",
        "--jobs",
        "3000",
        "--requests",
        "3",
        "--json",
        "--quiet",
    ];
    let output = run(&words);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let report = json(&output);
    let items = |name: &str| {
        let questions = report["questions"].as_array().unwrap();
        let question = questions
            .iter()
            .find(|question| question["name"] == name)
            .unwrap();
        assert!(question["page_ms"]["p95"].as_f64().unwrap() > 0.0, "{question}");
        assert!(question["list_ms"]["p95"].as_f64().unwrap() > 0.0, "{question}");
        question["items"].as_u64().unwrap()
    };
    for name in [
        "newest",
        "state",
        "two states",
        "type and state",
        "tag",
        "error text",
    ] {
        assert_eq!(items(name), 50, "{name}");
    }
    assert_eq!(items("nothing matches"), 0);
    assert!(report["worst_p95_ms"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_question_that_takes_longer_than_it_may_exits_1() {
    let output = run(&[
        "bench",
        "list",
        "--jobs",
        "0",
        "--requests",
        "1",
        "--max-p95",
        "1",
        "--json",
        "--quiet",
    ]);
    // A page of nothing may well come within a millisecond; what it took is told either way.
    let slow = json(&output)["worst_p95_ms"].as_f64().unwrap() > 1.0;
    assert_eq!(code(&output), i32::from(slow), "{}", text(&output.stdout));
}

#[test]
fn an_observatory_that_is_not_there_exits_2() {
    let (_holder, offset) = taken_gateway_port();
    let output = run(&["bench", "--port-offset", &offset]);
    assert_eq!(code(&output), 2);
    let nobody = "http://127.0.0.1:1";
    let output = run(&["bench", "--gateway", nobody, "--read-model", nobody]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("the read model does not answer"));
}

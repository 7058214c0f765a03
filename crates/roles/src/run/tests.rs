//! What a role makes of its layers.

use std::path::PathBuf;
use std::time::Duration;

use domain::duration::Span;

use super::*;
use crate::config::{ConfigError, Given, Source};
use crate::roles::{Gateway, MetricsEngine, Processor, ProcessorSettings, ReadModel, WebUi};

mod declared;

const SERVERS: &str = r#"
[bus]
url = "amqp://me:secret@rabbitmq"
[job_store]
url = "postgres://me:secret@postgres/jobs"
[live_stats]
url = "redis://:secret@redis"
[event_log]
url = "mongodb://me:secret@mongodb"
"#;

/// A file of settings.
struct Settled {
    _directory: tempfile::TempDir,
    path: PathBuf,
}

fn file(text: &str) -> Settled {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("observatory.toml");
    std::fs::write(&path, text).unwrap();
    Settled {
        _directory: directory,
        path,
    }
}

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// Loads a role from a file's text, variables and options (by path).
fn loaded<R: Role>(
    text: &str,
    variables: Pairs<'_>,
    options: &[(&'static str, &str)],
) -> Result<Loaded<R::Config>, Report> {
    let file = file(text);
    let options = options
        .iter()
        .map(|(path, text)| (*path, Given::Text((*text).to_owned())));
    let command_line = CommandLine {
        options: options.collect(),
        file: Some(file.path.clone()),
        ..CommandLine::default()
    };
    load::<R>(command_line, variables.iter().copied().collect())
}

fn processor(text: &str, variables: Pairs<'_>, options: &[(&'static str, &str)]) -> ProcessorSettings {
    let text = format!("{SERVERS}{text}");
    loaded::<Processor>(&text, variables, options).unwrap().config
}

/// The errors of a processor, a line each.
fn errors(text: &str, variables: Pairs<'_>) -> Vec<String> {
    let report = loaded::<Processor>(text, variables, &[])
        .err()
        .expect("something is wrong");
    let name = |line: &str| line.rsplit('/').next().unwrap_or(line).to_owned();
    report
        .errors
        .iter()
        .map(|error| name(&error.to_string()))
        .collect()
}

#[test]
fn each_layer_wins_over_the_one_below() {
    let concurrency = |text: &str, variables: Pairs<'_>, options: &[(&'static str, &str)]| {
        processor(text, variables, options).processor.concurrency
    };
    let (in_file, variable) = ("[processor]\nconcurrency = 2", ("OBSERVATORY_CONCURRENCY", "3"));
    assert_eq!(concurrency("", &[], &[]), 1024);
    assert_eq!(concurrency(in_file, &[], &[]), 2);
    assert_eq!(concurrency(in_file, &[variable], &[]), 3);
    assert_eq!(
        concurrency(in_file, &[variable], &[("processor.concurrency", "4")]),
        4
    );
}

#[test]
fn an_empty_variable_is_none() {
    let config = processor(
        "[processor]\nconcurrency = 2",
        &[("OBSERVATORY_CONCURRENCY", "")],
        &[],
    );
    assert_eq!(config.processor.concurrency, 2);
}

#[test]
fn the_variables_of_the_published_system_are_understood() {
    let variables = [
        ("RABBITMQ_URL", "amqp://guest:guest@rabbitmq:5672"),
        (
            "POSTGRES_URL",
            "postgresql://admin:password123@postgres:5432/task_db",
        ),
        ("REDIS_URL", "redis:6379"),
        ("MONGO_URL", "mongodb://admin:password123@mongodb:27017"),
        ("PORT", "4000"),
    ];
    let config = loaded::<ReadModel>("", &variables, &[]).unwrap().config;
    assert_eq!(config.common.listen.address.port(), 4000);
    assert_eq!(config.live_stats.url.secret(), "redis://redis:6379");
    assert_eq!(config.event_log.url.secret(), variables[3].1);
    let ours = [&variables[..], &[("OBSERVATORY_BUS_URL", "amqp://ours")]].concat();
    let config = loaded::<Processor>("", &ours, &[]).unwrap().config;
    assert_eq!(config.bus.url.secret(), "amqp://ours", "ours come first");
    assert_eq!(
        config.common.listen.address.port(),
        8000,
        "the processor never had PORT"
    );
    let urls = [
        ("ALERTMANAGER_URL", "http://am:9093"),
        ("PROMETHEUS_URL", "http://p:9090"),
    ];
    let gateway = loaded::<Gateway>("", &[&variables[..], &urls].concat(), &[]).unwrap();
    assert!(
        gateway
            .in_force
            .contains("alertmanager_url = \"http://am:9093\"  # ALERTMANAGER_URL")
    );
    let page = [
        ("GATEWAY_URL", "http://g:3000"),
        ("READ_MODEL_URL", "http://r:8080"),
    ];
    let config = loaded::<WebUi>("", &page, &[]).unwrap().config;
    assert_eq!(
        (config.ui.gateway_url, config.ui.read_model_url),
        ("http://g:3000".into(), "http://r:8080".into())
    );
}

#[test]
fn unknown_keys_are_errors_with_their_place_and_what_was_meant() {
    let text = format!(
        "{SERVERS}\n[procesor]\nconcurrency = 1\n[processor]\nconcurency = 2\nvery_else = 3\n[log]\nfilter.x = 1\n"
    );
    assert_eq!(
        errors(&text, &[]),
        [
            "observatory.toml:11:2: unknown key `procesor`; did you mean `[processor]`?",
            "observatory.toml:14:1: unknown key `processor.concurency`; did you mean `processor.concurrency`?",
            "observatory.toml:15:1: unknown key `processor.very_else`",
            "observatory.toml:17:1: log.filter: expected a value, not a table",
        ]
    );
    let top = errors(&format!("concurrency = 1\n{SERVERS}"), &[]);
    assert_eq!(top, ["observatory.toml:1:1: unknown key `concurrency`"]);
}

#[test]
fn keys_of_other_roles_are_known() {
    let text = "[gateway]\nport = 1\n[read_model]\nmax_questions = 1\n[web_ui]\nport = 2";
    assert_eq!(processor(text, &[], &[]).common.listen.address.port(), 8000);
}

#[test]
fn a_file_that_is_no_toml_is_told_with_the_place() {
    let errors = errors("[bus\nurl = \"x\"\n", &[]);
    assert!(errors[0].starts_with("observatory.toml:1:5: "), "{errors:?}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let command_line = CommandLine {
        file: Some("/no/such/file.toml".into()),
        ..CommandLine::default()
    };
    let report = load::<WebUi>(command_line, Environment::default()).err().unwrap();
    assert!(
        report
            .to_string()
            .starts_with("error: /no/such/file.toml: cannot be read: "),
        "{report}"
    );
}

#[test]
fn everything_that_is_wrong_is_told_with_its_source() {
    let text = "[processor]\nconcurrency = 0\nlease = 5\n[shutdown]\ndrain = 1.5";
    let variables = [
        ("OBSERVATORY_RETENTION", "7w"),
        ("OBSERVATORY_HEARTBEAT", "1ms"),
        ("OBSERVATORY_LOG", "a=b=c"),
    ];
    assert_eq!(
        errors(text, &variables),
        [
            "observatory.toml:2:15: processor.concurrency = `0`: expected a number from 1 to 65535",
            "observatory.toml:3:9: processor.lease = `5`: the number 5 has no unit; write e.g. 5s or 5m (d, h, m, s, ms)",
            "observatory.toml:5:9: shutdown.drain: expected no fraction; spans of time are texts such as \"1500ms\"",
            "OBSERVATORY_LOG: log.filter = `a=b=c`: log filter `a=b=c` does not read: error parsing level filter: expected one \
             of \"off\", \"error\", \"warn\", \"info\", \"debug\", \"trace\", or a number 0-5",
            "OBSERVATORY_HEARTBEAT: processor.heartbeat = `1ms`: expected a time from 100ms to 10m",
            "OBSERVATORY_RETENTION: retention.keep = `7w`: expected numbers with units (d, h, m, s, ms), e.g. 500ms, 1h30m or 7d",
            "user:password@rabbitmq:5672",
            "observatory",
        ]
    );
}

#[test]
fn what_is_missing_is_told_with_every_way_to_set_it() {
    let report = loaded::<Processor>("", &[], &[]).err().unwrap();
    let told = report.to_string();
    for part in [
        "bus.url is not set",
        "RABBITMQ_URL",
        "OBSERVATORY_BUS_URL",
        "--bus-url",
        "e.g. amqp://",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let missing = report
        .errors
        .iter()
        .filter(|error| matches!(error, ConfigError::Missing { .. }));
    assert_eq!(missing.count(), 2);
}

#[test]
fn settings_that_do_not_fit_together_are_refused() {
    let text = format!("{SERVERS}[processor]\nheartbeat = \"3s\"");
    assert_eq!(
        errors(&text, &[]),
        ["observatory.toml:11:13: processor.heartbeat = `3s`: more than half of the lease (5s)"]
    );
    let text = format!("{SERVERS}[gateway]\nmax_bodies_bytes = 2000000");
    let report = loaded::<Gateway>(&text, &[], &[]).err().unwrap().to_string();
    assert!(report.contains("less than one batch may take"), "{report}");
    let fallback = errors(SERVERS, &[("OBSERVATORY_FALLBACK", "ecko")]);
    assert!(
        fallback[0].contains("known: echo, exec, http, sleep"),
        "{fallback:?}"
    );
}

#[test]
fn secrets_are_in_no_error_and_not_in_what_is_in_force() {
    let loaded = loaded::<MetricsEngine>(SERVERS, &[], &[]).unwrap();
    assert!(!loaded.in_force.contains("secret"), "{}", loaded.in_force);
    assert!(
        loaded.in_force.contains("url = \"amqp://me:***@rabbitmq\""),
        "{}",
        loaded.in_force
    );
    let debug = format!("{:?}", loaded.config);
    assert!(!debug.contains("secret"), "{debug}");
    for wrong in [
        "me:secret@host",
        "redis://me:secret@host",
        "amqp://me:secret@",
        "amqp:me:secret",
    ] {
        let report = load::<Processor>(
            CommandLine::default(),
            [("RABBITMQ_URL", wrong), ("POSTGRES_URL", wrong)]
                .into_iter()
                .collect(),
        );
        let report = report.err().unwrap().to_string();
        assert!(!report.contains("secret"), "{report}");
        assert!(report.contains("RABBITMQ_URL: bus.url"), "{report}");
    }
}

#[test]
fn what_is_in_force_reads_as_a_file_and_is_the_same_again() {
    let text =
        format!("{SERVERS}[processor]\nallow_exec = [\"say=/bin/sh\"]\nallow_private_addresses = true");
    let text = text.replace("me:secret@", "me@").replace(":secret@", "");
    let first = loaded::<Processor>(&text, &[("OBSERVATORY_LOG", "a=info,\"b\"")], &[]);
    let first = match first {
        Ok(loaded) => loaded.in_force,
        Err(_) => loaded::<Processor>(&text, &[], &[]).unwrap().in_force,
    };
    let again = loaded::<Processor>(&first, &[], &[]).unwrap().in_force;
    let values = |text: &str| {
        text.lines()
            .map(|line| line.split("  #").next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&first), values(&again));
    assert!(first.contains("allow_exec = [\"say=/bin/sh\"]"), "{first}");
}

#[test]
fn slips_in_variables_are_warned_of() {
    let variables = [
        ("OBSERVATORY_CONCURENCY", "7"),
        ("OBSERVATORY_GATEWAY_SERVICE_HOST", "10.0.0.1"),
    ];
    let loaded = loaded::<Processor>(SERVERS, &variables, &[]).unwrap();
    assert_eq!(
        loaded.warnings,
        ["OBSERVATORY_CONCURENCY is no setting; did you mean OBSERVATORY_CONCURRENCY?"]
    );
}

#[test]
fn options_say_where_a_wrong_value_is_from() {
    let report = loaded::<Processor>(SERVERS, &[], &[("shutdown.drain", "5")])
        .err()
        .unwrap();
    assert!(matches!(
        &report.errors[..],
        [ConfigError::Value {
            source: Source::Option("drain"),
            ..
        }]
    ));
}

#[test]
fn a_drain_is_the_processors_too() {
    let config = processor("[shutdown]\ndrain = \"9s\"", &[], &[]);
    assert_eq!(config.common.drain, Span::from_secs(9));
    assert_eq!(config.processor.drain, Span::from_secs(9).get());
}

/// A default of the services is told once more here, for people; it must not become another one. Only the pace is that of
/// services that reach their ports over a network.
#[test]
fn defaults_are_those_of_the_services() {
    let mut config = processor("", &[], &[]).processor;
    assert!(!config.work_pace.is_zero() && !config.ledger_pace.is_zero());
    (config.work_pace, config.ledger_pace) = (Duration::ZERO, Duration::ZERO);
    assert_eq!(
        format!("{config:?}"),
        format!("{:?}", ::processor::ProcessorConfig::default())
    );
    let mut engine = loaded::<MetricsEngine>(SERVERS, &[], &[]).unwrap().config.engine;
    assert!(!engine.pace.is_zero());
    engine.pace = Duration::ZERO;
    assert_eq!(
        format!("{engine:?}"),
        format!("{:?}", ::metrics_engine::EngineConfig::default())
    );
    let read_model = loaded::<ReadModel>(SERVERS, &[], &[]).unwrap().config.read_model;
    assert_eq!(
        format!("{read_model:?}"),
        format!("{:?}", ::read_model::ReadModelConfig::default())
    );
    let gateway = loaded::<Gateway>(SERVERS, &[], &[])
        .unwrap()
        .config
        .named("local".into());
    assert_eq!(
        format!("{gateway:?}"),
        format!("{:?}", ::gateway::GatewayConfig::default())
    );
}

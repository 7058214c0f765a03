//! Queries over a world: of every field, and at random.

use contracts::Priority;
use domain::fingerprint::fingerprint;
use domain::limits::Hold;
use domain::query::{Field, Operator, Query, State, quoted};
use serde_json::Value;

use super::lives::{ERRORS, TYPES, WORDS, WORKERS, pick};
use super::world::World;
use crate::conformance::dice::Dice;

/// The most terms of a random query.
const MOST: u64 = 5;

/// Texts of queries for one field: each operator that it takes, with each value that tells something.
pub(super) fn examples(field: &Field, world: &World) -> Vec<String> {
    let (heads, values) = match field.name {
        "payload" | "metadata" => (paths(field.name), scalars()),
        name => (vec![name.to_owned()], values(name, world)),
    };
    let mut texts = Vec::new();
    for operator in field.operators {
        for head in &heads {
            texts.extend(values.iter().map(|value| format!("{head}{operator}{value}")));
        }
    }
    texts.push(two(&heads[0], field.operators[0], &values));
    texts
}

/// Two values in one term, where the operator takes several.
fn two(head: &str, operator: Operator, values: &[String]) -> String {
    let several = matches!(operator, Operator::Is | Operator::Contains) && values.len() > 1;
    let last = &values[values.len() - 1];
    let more = if several {
        format!("{},", values[0])
    } else {
        String::new()
    };
    format!("{head}{operator}{more}{last}")
}

fn words() -> Vec<String> {
    WORDS.map(quoted).into()
}

/// Words that are values of JSON in more than one way, or odd.
fn scalars() -> Vec<String> {
    ["42", "42.0", "-0", "true", "null", "a b", "%", "\u{e9}"]
        .map(quoted)
        .into()
}

fn paths(source: &str) -> Vec<String> {
    [
        "a",
        "b",
        "a.b",
        "a.0",
        "\"x.y\"",
        "\"\\\"\".a",
        "\"\u{e9} f\"",
        "0",
        "-",
    ]
    .map(|path| format!("{source}.{path}"))
    .into()
}

/// Values of a field as they are written. A new field has to be given some.
fn values(field: &str, world: &World) -> Vec<String> {
    let texts = |all: &[&str]| all.iter().map(|text| quoted(text)).collect();
    match field {
        "id" => world
            .values(|facts| Some(facts.id.to_string()))
            .split_off(world.len() - 10),
        "type" => [
            texts(&TYPES),
            texts(&["email.*", "*", "100%*", "\u{c9}*", "email", "%"]),
        ]
        .concat(),
        "state" => states(),
        "tag" | "key" | "schedule" => words(),
        "priority" => Priority::ALL.map(|priority| priority.to_string()).into(),
        "held" => Hold::ALL.map(|hold| hold.to_string()).into(),
        "worker" => texts(&WORKERS),
        "error" => [
            texts(&ERRORS),
            texts(&["TIMEOUT", "%", "_", "", "t\u{e9}", "T\u{c9}", "\n", "5s"]),
        ]
        .concat(),
        "fingerprint" => ERRORS.map(|error| fingerprint(error).to_string()).into(),
        "attempt" | "failures" | "crashes" => (0..4).map(|count: u32| count.to_string()).collect(),
        "age" | "idle" => ["0s", "10m", "1h", "1h6m40s", "2h", "999999d"]
            .map(str::to_owned)
            .into(),
        "created" => ["2025-10-07", "2025-10-08", "2025-10-08T21:00:00.000001Z"]
            .map(str::to_owned)
            .into(),
        "updated" => [
            "2025-10-09",
            "2025-10-09T09:20:00Z",
            "2025-10-09T11:40:00.5+02:00",
        ]
        .map(str::to_owned)
        .into(),
        other => panic!("the field `{other}` is new: give its values here"),
    }
}

fn states() -> Vec<String> {
    let statuses = contracts::JobStatus::ALL.into_iter().map(State::Status);
    let all = statuses.chain(State::DERIVED);
    all.map(|state| state.to_string()).collect()
}

/// Some terms, at random; about half of the values are those of a job that is there.
pub(super) fn random(world: &mut World) -> Query {
    let mut query = Query::default();
    for _ in 0..world.dice.below(MOST) {
        let text = term(world);
        let term = Query::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        query = query.and(term).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    query
}

fn term(world: &mut World) -> String {
    let text = if world.dice.one_in(2) {
        of_a_job(world)
    } else {
        of_a_field(world)
    };
    let minus = if world.dice.one_in(4) { "-" } else { "" };
    format!("{minus}{text}")
}

fn of_a_field(world: &mut World) -> String {
    let fields = domain::query::FIELDS;
    let field = &fields[world.dice.index(fields.len())];
    let all = examples(field, world);
    all[world.dice.index(all.len())].clone()
}

/// A term that some job matches.
fn of_a_job(world: &mut World) -> String {
    let mut dice = Dice::new(world.dice.below(1 << 30));
    let (job, body, detail) = world.any();
    let summary = &detail.summary;
    let mut terms = vec![
        format!("type:{}", quoted(&job.job_type)),
        format!("state:{}", State::Status(summary.status)),
        format!("priority:{}", job.priority),
        bare(&job.job_type),
        job.id.to_string()[..8].to_owned(),
    ];
    terms.extend(job.tags.iter().map(|tag| format!("tag:{}", quoted(tag))));
    terms.extend(job.tags.iter().map(|tag| bare(tag)));
    terms.extend(job.unique_key.iter().map(|key| format!("key:{}", quoted(key))));
    terms.extend(
        job.schedule
            .iter()
            .map(|name| format!("schedule:{}", quoted(name))),
    );
    terms.extend(
        summary
            .error
            .iter()
            .map(|error| format!("error:{}", quoted(error))),
    );
    terms.extend(
        summary
            .error
            .iter()
            .map(|error| format!("fingerprint:{}", fingerprint(error))),
    );
    for (source, value) in [("payload", &body.payload), ("metadata", &body.metadata)] {
        leaves(value.as_ref().unwrap_or(&Value::Null), source, &mut terms);
    }
    let at = dice.index(terms.len());
    pick(&mut dice, &[&terms[at], &terms[terms.len() - 1]]).clone()
}

/// A text without a field, in quotes, whatever it looks like.
fn bare(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A term for each value in a body.
fn leaves(value: &Value, head: &str, terms: &mut Vec<String>) {
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| leaves(value, &format!("{head}.{}", bare(name)), terms)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| leaves(value, &format!("{head}.{at}"), terms)),
        _ if !head.contains('.') => {}
        Value::String(text) => terms.push(format!("{head}:{}", quoted(text))),
        scalar => terms.push(format!("{head}:{scalar}")),
    }
}

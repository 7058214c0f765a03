//! Queries and jobs of every form, from few words so that they meet.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, json};

use super::*;
use crate::duration::Span;
use crate::fingerprint::fingerprint;
use crate::query::{
    BodySource, BodyTest, Condition, CountField, ElapsedField, MomentField, Order, Path, Pattern, State,
    Term, TextTest,
};

/// Words with everything that the syntax has a meaning for.
const WORDS: [&str; 22] = [
    "a", "b", "A b", "", "-a", "42", "42.0", "4.2e1", "true", "null", "a,b", "\"", "\\", "\\\"", "a:b", "OR",
    "é\n", "a*", "x.y", ">=", "0", "-0",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(&WORDS[..]).prop_map(str::to_owned), 1 => "[^\0]{0,12}"]
}

fn words() -> impl Strategy<Value = Vec<String>> {
    vec(word(), 1..4)
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(
        word().prop_filter("a text without a field is not empty", |word| !word.is_empty()),
        1..3,
    )
}

fn order() -> impl Strategy<Value = Order> {
    select(vec![Order::Greater, Order::AtLeast, Order::Less, Order::AtMost])
}

fn count() -> impl Strategy<Value = CountField> {
    select(vec![
        CountField::Attempt,
        CountField::Failures,
        CountField::Crashes,
    ])
}

fn patterns() -> impl Strategy<Value = Vec<Pattern>> {
    let prefix = "[a-z.:~-]{0,3}".prop_map(Pattern::Prefix);
    vec(prop_oneof![word().prop_map(Pattern::Exact), prefix], 1..3)
}

fn states() -> impl Strategy<Value = Vec<State>> {
    let statuses = JobStatus::ALL.into_iter().map(State::Status);
    let all: Vec<State> = statuses.chain(State::DERIVED).collect();
    vec(select(all), 1..3)
}

fn moment() -> impl Strategy<Value = Timestamp> {
    let near = now().as_microsecond();
    let far = -62_135_596_800_000_000_i64..253_402_207_200_000_000;
    prop_oneof![near - 3..near + 3, far].prop_map(|micros| Timestamp::from_microsecond(micros).unwrap())
}

fn body() -> impl Strategy<Value = Condition> {
    let path = vec(select(vec!["a", "b", "0", "x.y", "", "\"", "é f", "-"]), 1..4)
        .prop_map(|steps| Path(steps.into_iter().map(str::to_owned).collect()));
    let test = prop_oneof![4 => words().prop_map(BodyTest::Is), 1 => words().prop_map(BodyTest::Contains)];
    let source = select(vec![BodySource::Payload, BodySource::Metadata]);
    (source, path, test).prop_map(|(source, path, test)| Condition::Body { source, path, test })
}

fn errors() -> impl Strategy<Value = Condition> {
    let test = prop_oneof![
        words().prop_map(TextTest::Is),
        words().prop_map(TextTest::Contains)
    ];
    let group = |word: String| Condition::Fingerprint(vec![fingerprint(&word)]);
    prop_oneof![test.prop_map(Condition::Error), word().prop_map(group)]
}

fn measures() -> impl Strategy<Value = Condition> {
    let elapsed = select(vec![ElapsedField::Age, ElapsedField::Idle]);
    let moments = select(vec![MomentField::Created, MomentField::Updated]);
    let span = prop_oneof![0_u64..10, any::<u64>()].prop_map(Span::from_millis);
    prop_oneof![
        (count(), vec(0_u32..4, 1..4)).prop_map(|(field, values)| Condition::Count(field, values)),
        (count(), order(), 0_u32..4)
            .prop_map(|(field, order, value)| Condition::CountOrder(field, order, value)),
        (elapsed, order(), span).prop_map(|(field, order, span)| Condition::Elapsed(field, order, span)),
        (moments, order(), moment())
            .prop_map(|(field, order, moment)| Condition::Moment(field, order, moment)),
    ]
}

fn names() -> impl Strategy<Value = Condition> {
    let id = any::<u128>().prop_map(|id| Condition::Id(vec![Uuid::from_u128(id), Job::new().id]));
    prop_oneof![
        texts().prop_map(Condition::Text),
        id,
        patterns().prop_map(Condition::Type),
        words().prop_map(Condition::Tag),
        words().prop_map(Condition::Key),
        words().prop_map(Condition::Schedule),
        words().prop_map(Condition::Worker),
        vec(select(&Priority::ALL[..]), 1..3).prop_map(Condition::Priority),
        vec(select(&Hold::ALL[..]), 1..3).prop_map(Condition::Held),
        states().prop_map(Condition::State),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    let condition = prop_oneof![3 => names(), 1 => errors(), 1 => measures(), 3 => body()];
    (prop::bool::weighted(0.2), condition).prop_map(|(negated, condition)| Term { negated, condition })
}

pub(super) fn queries() -> impl Strategy<Value = Query> {
    vec(term(), 0..5).prop_map(|terms| Query::bounded(terms).unwrap())
}

fn json() -> impl Strategy<Value = Value> {
    let numbers = select(vec![json!(42), json!(42.0), json!(-0.0), json!(0), json!(1.5)]);
    let scalar = prop_oneof![
        3 => word().prop_map(Value::String),
        2 => numbers,
        1 => select(vec![json!(true), json!(null)]),
    ];
    scalar.prop_recursive(3, 40, 6, |inner| {
        let members = vec(
            (select(vec!["a", "b", "0", "x.y", "", "\"", "é f"]), inner.clone()),
            0..5,
        );
        let object = members.prop_map(|members| {
            let named = members.into_iter().map(|(name, value)| (name.to_owned(), value));
            Value::Object(named.collect::<Map<String, Value>>())
        });
        prop_oneof![3 => object, 1 => vec(inner, 0..40).prop_map(Value::Array)]
    })
}

pub(super) fn jobs() -> impl Strategy<Value = Job> {
    let names = (
        word(),
        vec(word(), 0..4),
        option::of(word()),
        option::of(word()),
        option::of(word()),
    );
    let state = (
        select(&JobStatus::ALL[..]),
        option::of(select(&Hold::ALL[..])),
        option::of(word()),
    );
    (names, state, json(), json(), [0_u32..4, 0..4, 0..4], moment()).prop_map(
        |(
            (job_type, tags, unique_key, schedule, worker),
            (status, held, error),
            payload,
            metadata,
            counts,
            at,
        )| Job {
            job_type,
            tags,
            unique_key,
            schedule,
            worker,
            status,
            held,
            error,
            payload,
            metadata,
            counts,
            updated_at: at,
            ..Job::new()
        },
    )
}

/// A query that the job is likely to match, since it is made of what the job has.
pub(super) fn query_of(job: &Job) -> impl Strategy<Value = Query> + use<> {
    let mut terms = vec![Condition::Type(vec![Pattern::Exact(job.job_type.clone())])];
    terms.extend(
        job.tags
            .iter()
            .map(|tag| Condition::Tag(vec!["other".into(), tag.clone()])),
    );
    terms.extend(job.unique_key.iter().map(|key| Condition::Key(vec![key.clone()])));
    terms.extend(
        job.schedule
            .iter()
            .map(|name| Condition::Schedule(vec![name.clone()])),
    );
    terms.extend(
        job.error
            .iter()
            .map(|error| Condition::Error(TextTest::Is(vec![error.clone()]))),
    );
    terms.extend(
        job.error
            .iter()
            .map(|error| Condition::Fingerprint(vec![fingerprint(error)])),
    );
    for (source, body) in [
        (BodySource::Payload, &job.payload),
        (BodySource::Metadata, &job.metadata),
    ] {
        leaves(body, &mut Vec::new(), &mut |path, text| {
            let path = Path(path.to_vec());
            terms.push(Condition::Body {
                source,
                path,
                test: BodyTest::Is(vec![text]),
            });
        });
    }
    vec(select(terms), 1..4).prop_map(|conditions| {
        let terms = conditions.into_iter().map(|condition| Term {
            negated: false,
            condition,
        });
        Query::bounded(terms.collect()).unwrap()
    })
}

fn leaves(value: &Value, path: &mut Vec<String>, found: &mut impl FnMut(&[String], String)) {
    let mut step = |name: String, value: &Value| {
        path.push(name);
        leaves(value, path, found);
        path.pop();
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| step(name.clone(), value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| step(at.to_string(), value)),
        _ if path.is_empty() => {}
        Value::String(text) => found(path, text.clone()),
        scalar => found(path, scalar.to_string()),
    }
}

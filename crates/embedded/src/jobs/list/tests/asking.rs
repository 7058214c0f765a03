//! Questions about the jobs of the test's world.

use domain::query::Query;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Each field in each of its forms, and each of them with few matches, many, and none where that is possible.
pub(super) const EVERY_KIND: &[&str] = &[
    "",
    "id:00000000-0000-0000-0000-000000030001",
    "id:00000000-0000-0000-0000-000000030001,00000000-0000-0000-0000-000000040001,00000000-0000-0000-0000-00000fffff01",
    "-id:00000000-0000-0000-0000-000000030001",
    "type:mail.send",
    "type:rare.kind",
    "type:rare.*,old.*",
    "type:mail.*",
    "type:*",
    "-type:mail.send",
    "state:pending",
    "state:executing",
    "state:completed",
    "state:failed,cancelled",
    "state:retrying,executing",
    "state:scheduled",
    "-state:completed",
    "-state:failed,held",
    "state:held",
    "state:held,failed",
    "state:due",
    "state:stuck",
    "state:stuck,due,held",
    "state:failed state:retrying",
    "tag:eu",
    "tag:eu,us",
    "tag:\"VIP customer\"",
    "tag:\"\"",
    "-tag:eu",
    "priority:high",
    "priority:high,low",
    "-priority:normal",
    "key:key-21",
    "-key:key-21",
    "schedule:nightly",
    "held:paused",
    "held:unique",
    "held:rate",
    "-held:paused",
    "worker:worker-1",
    "-worker:worker-1",
    "fingerprint:RARE",
    "fingerprint:REFUSED,RARE",
    "-fingerprint:REFUSED",
    "error:\"connection refused\"",
    "error:\"an error that is rare\",\"a late error\"",
    "error:\"a late error\"",
    "error~\"timed out\"",
    "error~LATE,rare",
    "-error~refused",
    "attempt:0",
    "attempt>1",
    "failures:1",
    "-failures>=1",
    "crashes>0",
    "age<72000s",
    "age>=25h",
    "-age>25h",
    "age>10s",
    "idle<1h",
    "idle>13h",
    "created>=2025-10-09T12:00:00Z",
    "created<2025-10-09T10:00:00Z",
    "-created<2025-10-09T10:00:00Z",
    "updated>2025-10-10T08:00:00Z",
    "payload.group:3",
    "payload.number:700",
    "payload.number:700,701,9",
    "payload.name:Ann",
    "payload.name~nn",
    "payload.spread.99:99",
    "payload.nothing:null",
    "-payload.group:3",
    "metadata.deep.\"a.b\":7",
    "metadata.deep.\"a.b\":7 tag:us",
    "mail",
    "KIND",
    "ast-ea",
    "vip",
    "refused",
    "00000000-0000-0000-0000-00000003",
    "00000000",
    "nowhere",
    "zz",
    "ra",
    "nowhere,rare",
    "-mail",
    "type:mail.* state:failed,retrying error~refused tag:eu age>1h payload.group:2",
    "type:report -state:completed priority:high mail,report",
    "state:completed rare",
];

/// Terms that meet often enough for their combinations to mean something.
const TERMS: &[&str] = &[
    "type:mail.send",
    "type:mail.*,rare.kind",
    "type:old.*",
    "state:completed",
    "state:failed,retrying",
    "state:executing,failed",
    "state:held,pending",
    "state:stuck",
    "state:due",
    "tag:eu",
    "tag:eu,us,\"VIP customer\"",
    "priority:high",
    "priority:normal,low",
    "error~refused",
    "error:\"connection refused\"",
    "error:\"a late error\"",
    "fingerprint:REFUSED,RARE",
    "failures>=1",
    "attempt:1,2",
    "age<80000s",
    "age>80000s",
    "idle<14h",
    "created>=2025-10-09T10:00:00Z",
    "payload.group:1,2,3",
    "payload.name:Ann",
    "payload.number:700,701,702",
    "metadata.deep.\"a.b\":7,8",
    "mail",
    "refused,kind",
    "worker:worker-1",
    "held:paused,unique",
    "00000000-0000-0000-0000-00000003,kind",
    "id:00000000-0000-0000-0000-000000030001,00000000-0000-0000-0000-000000040001",
];

/// Some of the terms, or their opposites.
pub(super) fn queries() -> impl Strategy<Value = Query> {
    let term = (prop::bool::weighted(0.15), select(TERMS));
    vec(term, 1..5).prop_map(|terms| {
        let texts = terms.into_iter().map(|(negated, term)| {
            let sign = if negated { "-" } else { "" };
            format!("{sign}{term} ")
        });
        parse(&texts.collect::<String>())
    })
}

/// Reads a query with names for the groups of errors.
pub(super) fn parse(text: &str) -> Query {
    let groups = [
        ("REFUSED", "connection refused"),
        ("RARE", "an error that is rare"),
    ];
    let text = groups.into_iter().fold(text.to_owned(), |text, (name, error)| {
        text.replace(name, &domain::fingerprint::fingerprint(error).to_string())
    });
    Query::parse(&text).unwrap()
}

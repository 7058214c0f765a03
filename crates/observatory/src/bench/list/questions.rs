//! What is asked: what a person asks a list of jobs, and what is hard to answer.

use crate::seeded::{Stream, draw_below};

/// How many customers the jobs are of.
pub(super) const USERS: u64 = 10_000;
/// How many types there are that nobody handles.
pub(super) const TYPES: u64 = 10;
/// The tags; every job has one of them.
pub(super) const TAGS: [&str; 4] = ["eu", "us", "asia", "africa"];

/// One question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    /// What to call it.
    pub(super) name: &'static str,
    /// The query; `{user}`, `{type}` and `{tag}` stand for values that change from page to page.
    pub(super) query: &'static str,
    /// Whether each page goes on where the last one ended, instead of beginning anew.
    pub(super) goes_on: bool,
}

const fn first(name: &'static str, query: &'static str) -> Question {
    Question {
        name,
        query,
        goes_on: false,
    }
}

/// The questions.
pub(super) const QUESTIONS: [Question; 14] = [
    first("newest", ""),
    Question {
        name: "deeper and deeper",
        query: "",
        goes_on: true,
    },
    first("state", "state:failed"),
    first("two states", "state:failed,scheduled"),
    first("type", "type:bench.{type}"),
    first("type and state", "type:echo state:completed"),
    first("type prefix", "type:bench.*"),
    first("tag", "tag:{tag}"),
    first("tag and state", "tag:{tag} state:failed -type:bench.{type}"),
    first("priority and age", "priority:high age<1h"),
    first("error text", "error~\"no handler\""),
    first("value in payload", "payload.user.id:{user}"),
    first(
        "value, state and tag",
        "payload.user.id:{user} state:completed tag:{tag}",
    ),
    first("nothing matches", "tag:no-such-tag payload.user.id:{user}"),
];

impl Question {
    /// The query of one page.
    pub(super) fn query(&self, seed: u64, page: u64) -> String {
        let draw = |bound| draw_below(seed, Stream::Sample, page, bound);
        let tag = usize::try_from(draw(TAGS.len() as u64)).unwrap_or(0);
        self.query
            .replace("{user}", &draw(USERS).to_string())
            .replace("{type}", &draw(TYPES).to_string())
            .replace("{tag}", TAGS[tag])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_is_a_query_and_changes_its_values() {
        for question in QUESTIONS {
            let queries: Vec<_> = (0..50).map(|page| question.query(1, page)).collect();
            for query in &queries {
                assert!(domain::query::Query::parse(query).is_ok(), "{query}");
            }
            let varies = queries.iter().any(|query| *query != queries[0]);
            assert_eq!(varies, question.query.contains('{'), "{}", question.name);
        }
    }
}

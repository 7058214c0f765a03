//! Which jobs a list shows: the parameters `q`, `state` and `type` as one query.

use contracts::{JobStatus, Violation};
use domain::query::{Query, QueryError, quoted};
use http::StatusCode;
use service::problem::Problem;
use service::query::Query as Parameters;

use crate::parameters;

/// The jobs that all of `q`, `state` and `type` ask for.
///
/// # Errors
/// 400 that points at what is wrong with `q`, or names the other parameter.
pub(crate) fn query(parameters: &Parameters) -> Result<Query, Problem> {
    let text = parameters.text("q").unwrap_or_default();
    let refused = |error: QueryError| bad_query(text, &error);
    let asked = Query::parse(text).map_err(refused)?;
    let state = parameters::state(parameters)?.map(in_state);
    let job_type = parameters::job_type(parameters)?.as_deref().map(of_type);
    [state, job_type]
        .into_iter()
        .flatten()
        .try_fold(asked, |all, term| all.and(Query::parse(&term)?))
        .map_err(refused)
}

fn in_state(status: JobStatus) -> String {
    format!("state:{status}")
}

fn of_type(job_type: &str) -> String {
    format!("type:{}", quoted(job_type))
}

/// 400: the error in one line, and in the member `pointer` two lines that show where it is.
fn bad_query(text: &str, error: &QueryError) -> Problem {
    let message = error.to_string();
    Problem::new(StatusCode::BAD_REQUEST, "invalid-query", "Invalid query")
        .detail(message.clone())
        .violations(vec![Violation {
            path: "q".to_owned(),
            message,
        }])
        .member("pointer", error.pointer(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compiled(parameters: &str) -> Result<String, Problem> {
        let uri = format!("/jobs?{parameters}").parse().unwrap();
        let parameters = Parameters::parse(&uri, &["q", "state", "type"])?;
        query(&parameters).map(|query| query.to_string())
    }

    #[test]
    fn the_three_parameters_become_one_query() {
        for (parameters, expected) in [
            ("", ""),
            ("state=FAILED", "state:failed"),
            ("type=email.send:v2", "type:email.send:v2"),
            ("q=tag:eu", "tag:eu"),
            (
                "q=-tag:eu%20age%3E5m&state=failed&type=email",
                "-tag:eu age>5m state:failed type:email",
            ),
        ] {
            assert_eq!(compiled(parameters).unwrap(), expected, "{parameters}");
        }
    }

    #[test]
    fn the_whole_query_is_bounded_and_not_its_parts() {
        let most = vec!["tag:eu"; domain::query::MAX_TERMS].join("%20");
        assert!(compiled(&format!("q={most}")).is_ok());
        let error = compiled(&format!("q={most}&state=failed")).unwrap_err();
        assert!(error.detail_text().contains("at most 32 terms"), "{error:?}");
    }
}

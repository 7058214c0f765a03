//! The gate: what must be true of the whole system, in containers, before it is shipped.

mod dead_letters;
mod images;
mod metrics;
mod sharing;
mod way;
mod wishes;

use std::process::ExitCode;

use futures::FutureExt;
use gate::Check;

/// A check of that name.
macro_rules! check {
    ($module:ident :: $function:ident) => {
        Check {
            name: concat!(stringify!($module), "::", stringify!($function)),
            run: |system| $module::$function(system).boxed_local(),
        }
    };
}

fn main() -> ExitCode {
    gate::run(&[
        check!(way::an_accepted_job_is_an_event_in_mongodb_a_row_in_postgresql_and_counted_in_redis),
        check!(way::documents_in_mongodb_are_valid_envelopes),
        check!(way::the_page_and_its_api_answer),
        check!(dead_letters::a_message_that_nobody_accepts_arrives_with_its_reason),
        check!(metrics::every_service_exposes_metrics),
        check!(wishes::delays_unique_keys_cancels_and_schedules_work),
        check!(sharing::two_processors_share_the_work),
        check!(images::services_run_as_nobody_without_a_shell),
    ])
}

//! The suite of [`EventLog`](crate::EventLog).

pub mod appending;
pub mod letters;
pub mod querying;
pub mod random;
pub mod retention;
mod support;

/// Tests an adapter of the event log; see [`conformance`](crate::conformance).
#[macro_export]
macro_rules! event_log_suite {
    ($harness:expr) => {
        $crate::__conformance_cases! { event_log, $harness;
            appending: [
                an_event_is_kept_as_it_was,
                an_event_is_kept_once,
                an_event_twice_in_a_batch_is_kept_once,
                the_first_text_under_an_identifier_stays,
                appending_nothing_is_no_error,
                concurrent_overlapping_batches_keep_each_event_once,
                a_ping_answers_within_its_limit,
            ]
            querying: [
                events_are_listed_newest_first,
                arrival_counts_and_not_the_producers_clock,
                conditions_hold_together,
                pages_are_complete_and_without_repetition,
                pages_stay_stable_while_events_arrive,
                an_empty_log_is_one_empty_page,
                a_foreign_cursor_is_refused,
            ]
            letters: [
                a_dead_letter_is_kept_as_it_was,
                a_dead_letter_is_kept_once,
                dead_letters_are_listed_newest_first_in_complete_pages,
                dead_letters_and_events_do_not_mix,
            ]
            retention: [
                pruning_goes_by_arrival,
                pruning_takes_no_more_than_asked_for,
                pruning_takes_dead_letters_too,
                the_log_survives_a_crash,
                an_event_known_before_a_crash_is_known_after_it,
            ]
            random: [
                any_life_of_a_log_keeps_each_event_once,
            ]
        }
    };
}

//! The suite of [`EventLog`](crate::EventLog).

pub mod appending;
pub mod following;
pub mod letters;
pub mod querying;
pub mod random;
pub mod retention;
pub mod settling;
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
            following: [
                following_begins_at_the_end_of_the_log,
                events_are_followed_oldest_first_and_each_once,
                an_old_place_gives_the_same_events_again,
                following_while_several_append_sees_everything_once_in_one_order,
                following_goes_on_after_a_crash,
                following_goes_on_with_the_oldest_after_pruning,
            ]
            letters: [
                a_dead_letter_is_kept_as_it_was,
                a_dead_letter_is_kept_once,
                dead_letters_are_listed_newest_first_in_complete_pages,
                dead_letters_and_events_do_not_mix,
            ]
            settling: [
                a_dead_letter_is_found_by_its_identifier,
                a_dead_letter_is_settled_once,
                a_dead_letter_is_settled_by_one_of_several,
                a_settled_dead_letter_is_not_opened_by_coming_again,
                dead_letters_of_one_state_are_listed,
                open_dead_letters_can_be_settled_while_they_are_listed,
                open_dead_letters_are_counted,
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

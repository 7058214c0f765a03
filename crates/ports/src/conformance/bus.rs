//! The suite of [`EventBus`](crate::EventBus).

pub mod consuming;
pub mod durability;
pub mod load;
pub mod priorities;
pub mod publishing;
pub mod random;
pub mod settling;
mod support;

/// Tests an adapter of the event bus; see [`conformance`](crate::conformance).
#[macro_export]
macro_rules! bus_suite {
    ($harness:expr) => {
        $crate::__conformance_cases! { bus, $harness;
            publishing: [
                a_message_reaches_the_queues_that_are_bound_to_its_key,
                body_and_headers_arrive_as_they_were,
                a_body_of_one_mebibyte_arrives_whole,
                bytes_that_are_no_text_arrive_whole,
                publishing_nothing_is_no_error,
                a_ping_answers_within_its_limit,
                depths_tell_ready_from_unacknowledged,
            ]
            priorities: [
                a_job_of_each_priority_reaches_its_work_queue_the_ledger_and_the_events,
                a_dispatch_of_each_priority_reaches_its_work_queue_alone,
                work_of_one_priority_is_taken_past_a_backlog_of_another,
                every_priority_goes_on_where_it_was_after_a_crash,
            ]
            consuming: [
                messages_come_in_order,
                no_more_than_asked_for_come_at_once,
                prefetch_bounds_what_is_out,
                a_waiting_consumer_gets_what_is_published_later,
                a_cancelled_wait_strands_no_message,
                competing_consumers_get_each_message_once,
                a_consumer_of_one_queue_leaves_the_others_alone,
            ]
            settling: [
                an_acknowledged_message_never_comes_back,
                what_a_dropped_subscription_held_is_delivered_again,
                a_requeued_message_comes_back,
                a_message_that_came_back_too_often_is_a_dead_letter,
                a_dead_letter_leaves_its_neighbours_in_place,
                settling_nothing_is_no_error,
            ]
            durability: [
                published_messages_survive_a_crash,
                unsettled_messages_are_delivered_again_after_a_crash,
                acknowledged_messages_stay_gone_after_a_crash,
                requeued_messages_survive_a_crash,
                one_queues_acknowledgement_costs_the_others_nothing,
                a_big_body_survives_a_crash,
                dead_letters_survive_a_crash,
                the_bus_goes_on_after_several_crashes,
                a_half_drained_backlog_goes_on_after_a_crash,
            ]
            load: [
                concurrent_publishers_lose_nothing_and_keep_their_own_order,
                a_backlog_of_twenty_thousand_drains_in_order,
                publishing_and_consuming_at_once_loses_nothing,
                consumers_that_come_and_go_lose_nothing,
                messages_held_for_long_survive_the_traffic_behind_them,
                a_backlog_larger_than_any_cache_drains_in_order,
            ]
            random: [
                any_life_of_a_bus_keeps_every_message_until_it_is_acknowledged,
            ]
        }
    };
}

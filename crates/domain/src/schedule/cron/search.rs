//! The search for the next firing.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::AmbiguousOffset;
use jiff::{SignedDuration, Timestamp};

use super::{Cron, CronField};

/// How far ahead a date is looked for, in years. The rarest dates are 29 Februaries on a given day of the week, with up
/// to 40 years between them.
const HORIZON: i16 = 50;

/// The finest that an expression can say.
const SECOND: SignedDuration = SignedDuration::from_secs(1);

impl Cron {
    /// The first firing after a moment; `None` if there is none for fifty years.
    pub fn next_after(&self, after: Timestamp) -> Option<Timestamp> {
        if self.hour.is_every(CronField::Hour) {
            self.next_in_regular_spans(after)
        } else {
            self.next_on_the_wall(after)
        }
    }

    /// For certain hours: the first time of the wall clock that stands for a moment after `after`. Times and the
    /// moments they stand for have the same order.
    fn next_on_the_wall(&self, after: Timestamp) -> Option<Timestamp> {
        let mut from = whole_second(self.zone.to_datetime(after))?;
        loop {
            let time = self.next_time(from)?;
            let moment = self.moment_of(time)?;
            if moment > after {
                return Some(moment);
            }
            from = time.checked_add(SECOND).ok()?;
        }
    }

    /// The moment that a time stands for: the first of two, or the end of the gap that it falls into.
    fn moment_of(&self, time: DateTime) -> Option<Timestamp> {
        let ambiguous = self.zone.to_ambiguous_timestamp(time);
        match ambiguous.offset() {
            AmbiguousOffset::Gap { before, .. } => {
                // With the offset from before the gap, the time lies as far behind the change as it is inside the gap.
                let inside = before.to_timestamp(time).ok()?;
                let gap = self.zone.preceding(inside.checked_add(SECOND).ok()?).next()?;
                Some(gap.timestamp())
            }
            _ => ambiguous.earlier().ok(),
        }
    }

    /// For every hour: within a span of one offset, times and moments go side by side; a change of the offset begins
    /// another span.
    fn next_in_regular_spans(&self, after: Timestamp) -> Option<Timestamp> {
        let second = Timestamp::from_second(after.as_second()).ok()?;
        let mut start = if second > after {
            second
        } else {
            second.checked_add(SECOND).ok()?
        };
        loop {
            let offset = self.zone.to_offset(start);
            let time = self.next_time(offset.to_datetime(start))?;
            let moment = offset.to_timestamp(time).ok()?;
            let change = self.zone.following(start).next().map(|change| change.timestamp());
            match change {
                Some(change) if change <= moment => start = change,
                _ => return Some(moment),
            }
        }
    }

    /// The first time from `from` on that fits every field, whatever the zone.
    fn next_time(&self, from: DateTime) -> Option<DateTime> {
        if self.fits(from.date())
            && let Some(time) = self.next_time_of_day(from.time())
        {
            return Some(from.date().to_datetime(time));
        }
        let date = self.next_date(from.date().tomorrow().ok()?)?;
        Some(date.to_datetime(self.next_time_of_day(Time::midnight())?))
    }

    fn next_date(&self, from: Date) -> Option<Date> {
        let last_year = from.year().saturating_add(HORIZON);
        let mut date = from;
        while date.year() <= last_year {
            if self.fits(date) {
                return Some(date);
            }
            let month_fits = self.month.has(date.month());
            let before_next = if month_fits { date } else { date.last_of_month() };
            date = before_next.tomorrow().ok()?;
        }
        None
    }

    fn fits(&self, date: Date) -> bool {
        let last = self.day_of_month.has_last_day && date.day() == date.days_in_month();
        let of_month = self.day_of_month.has(date.day()) || last;
        let of_week = self.day_of_week.has(date.weekday().to_sunday_zero_offset());
        // Two days that are both given are alternatives; one that is open leaves it to the other.
        let is_open = self.day_of_month.is_open || self.day_of_week.is_open;
        let day = if is_open {
            of_month && of_week
        } else {
            of_month || of_week
        };
        day && self.month.has(date.month())
    }

    /// The last part that can move on does, and those after it start over.
    fn next_time_of_day(&self, from: Time) -> Option<Time> {
        let (hour, minute, second) = (from.hour(), from.minute(), from.second());
        let (first_minute, first_second) = (self.minute.from(0)?, self.second.from(0)?);
        let hour_fits = self.hour.has(hour);
        let minute_fits = hour_fits && self.minute.has(minute);
        let seconds = self.second.from(second).filter(|_| minute_fits);
        let minutes = self.minute.from(minute + 1).filter(|_| hour_fits);
        let hours = self.hour.from(hour + 1);
        let (hour, minute, second) = seconds
            .map(|second| (hour, minute, second))
            .or(minutes.map(|minute| (hour, minute, first_second)))
            .or(hours.map(|hour| (hour, first_minute, first_second)))?;
        Time::new(hour, minute, second, 0).ok()
    }
}

fn whole_second(time: DateTime) -> Option<DateTime> {
    time.with().subsec_nanosecond(0).build().ok()
}

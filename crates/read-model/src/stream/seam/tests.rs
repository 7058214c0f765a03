use bytes::Bytes;
use proptest::prelude::*;

use super::*;

fn entry(number: usize) -> Entry {
    Entry {
        id: Uuid::from_u128(number as u128),
        frame: Bytes::new(),
    }
}

fn entries(numbers: impl IntoIterator<Item = usize>) -> Vec<Entry> {
    numbers.into_iter().map(entry).collect()
}

#[test]
fn a_page_is_cut_where_the_live_events_begin() {
    let mut live = entries(5..9).into();
    let met = Seam::default().meet(entries(0..7), false, &mut live);
    assert_eq!(
        met,
        Met {
            send: entries(0..5),
            joined: true,
            is_cut: true,
        }
    );
    assert_eq!(live, entries(5..9));
}

#[test]
fn reading_goes_on_until_the_two_meet() {
    let (mut seam, mut live) = (Seam::default(), entries(4..9).into());
    assert!(!seam.meet(entries(0..2), false, &mut live).joined);
    assert!(!seam.meet(entries(2..4), false, &mut live).joined);
    let met = seam.meet(entries(4..6), false, &mut live);
    assert_eq!((met.send, met.joined), (Vec::new(), true));
}

#[test]
fn what_was_read_ahead_of_the_poller_does_not_come_twice() {
    let (mut seam, mut live) = (Seam::default(), VecDeque::new());
    assert!(seam.meet(entries(0..7), true, &mut live).joined);
    live.extend(entries(4..6));
    assert!(!seam.trim(&mut live));
    live.extend(entries(6..9));
    assert!(seam.trim(&mut live));
    assert_eq!(live, entries(7..9));
}

#[test]
fn a_poller_that_hands_out_events_of_an_earlier_page_is_joined_behind_it() {
    let (mut seam, mut live) = (Seam::default(), VecDeque::new());
    assert!(!seam.meet(entries(0..4), false, &mut live).joined);
    live.extend(entries(2..6));
    let met = seam.meet(entries(4..8), false, &mut live);
    assert_eq!((met.send, met.joined), (Vec::new(), true));
    assert_eq!(live, entries(4..6));
}

#[test]
fn at_the_end_of_the_log_everything_that_follows_comes_live() {
    let (mut seam, mut live) = (Seam::default(), entries(3..4).into());
    let met = seam.meet(entries(0..3), true, &mut live);
    assert_eq!((met.send, met.joined), (entries(0..3), true));
    assert!(seam.trim(&mut live));
    assert_eq!(live, entries(3..4));
}

/// What happens next around a client.
#[derive(Clone, Debug)]
enum Step {
    /// So many events arrive.
    Append(usize),
    /// The poller hands out at most so many.
    Poll(usize),
    /// The client reads a page of at most so many.
    Read(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..6_usize).prop_map(Step::Append),
        (1..6_usize).prop_map(Step::Poll),
        (1..6_usize).prop_map(Step::Read),
    ]
}

/// A log, a poller and a client with a filter.
struct Model {
    log: usize,
    polled: usize,
    read: usize,
    wants: fn(&usize) -> bool,
    seam: Seam,
    live: VecDeque<Entry>,
    joined: bool,
    sent: Vec<Entry>,
}

impl Model {
    fn poll(&mut self, most: usize) {
        let end = self.log.min(self.polled + most);
        self.live.extend(entries((self.polled..end).filter(self.wants)));
        self.polled = end;
        if self.joined {
            self.seam.trim(&mut self.live);
            self.sent.extend(self.live.drain(..));
        }
    }

    fn read(&mut self, most: usize) {
        if self.joined {
            return;
        }
        let end = self.log.min(self.read + most);
        let page = entries((self.read..end).filter(self.wants));
        let is_last = end - self.read < most;
        self.read = end;
        let met = self.seam.meet(page, is_last, &mut self.live);
        self.sent.extend(met.send);
        self.joined = met.joined;
    }

    fn run(&mut self, steps: &[Step]) {
        for step in steps {
            match *step {
                Step::Append(count) => self.log += count,
                Step::Poll(most) => self.poll(most),
                Step::Read(most) => self.read(most),
            }
        }
    }
}

proptest! {
    #[test]
    fn every_event_is_sent_once_and_in_order(
        begin in 0..10_usize,
        ahead in 0..10_usize,
        unseen in 0..10_usize,
        filter in 0..3_usize,
        steps in prop::collection::vec(step(), 0..40),
    ) {
        let all: [fn(&usize) -> bool; 3] = [|_| true, |number| number % 3 == 0, |_| false];
        let mut model = Model {
            log: begin + ahead + unseen,
            polled: begin + ahead,
            read: begin,
            wants: all[filter],
            seam: Seam::default(),
            live: VecDeque::new(),
            joined: false,
            sent: Vec::new(),
        };
        model.run(&steps);
        // In the end the log is quiet, and both arrive there.
        while !model.joined {
            model.read(4);
        }
        model.poll(usize::MAX / 2);
        prop_assert_eq!(model.sent, entries((begin..model.log).filter(model.wants)));
    }
}

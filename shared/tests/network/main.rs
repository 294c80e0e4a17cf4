//! The client core under a hostile network: cables cut, tails lost, pages reloaded, answers missing, all from a seed.
//!
//! Two people talk in one conversation over [`server::Server`], a model of the real one. After the faults stop, both
//! must show the same log, in the order composed, nothing twice and nothing lost.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by panicking")]

mod person;
mod server;

use person::Person;
use proptest::prelude::*;
use server::Server;
use shared::id::Timestamp;

/// Splitmix64 (Steele, Lea, Flood 2014): a whole run from one number.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}

/// One run: so many random events, then peace until nothing moves.
fn run(seed: u64, events: usize) -> (Server, Vec<Person>) {
    let mut dice = Dice(seed);
    let mut server = Server::with_people(2);
    let mut people: Vec<Person> = (1..=2).map(Person::new).collect();
    let mut clock = Timestamp(0);
    for person in &mut people {
        person.start(clock, &mut dice);
    }
    for _ in 0..events {
        clock = clock.after(dice.next() % 400);
        let who = dice.below(people.len());
        let person = &mut people[who];
        match dice.below(21) {
            0..=2 => person.say(clock, &mut dice),
            3 => person.cut_cable(&mut server, clock, &mut dice),
            4 => person.reload(&mut server, clock, &mut dice),
            5 => server.restart(&mut people, clock, &mut dice),
            6..=8 => drop(person.storage_answers(clock, &mut dice)),
            9..=10 => person.read_all(clock, &mut dice),
            20 => server.busy = !server.busy,
            11 => drop(person.time_passes(clock, &mut dice)),
            _ => drop(person.deliver_one(&mut server, clock, &mut dice)),
        }
    }
    server.busy = false;
    for _ in 0..10_000 {
        clock = clock.after(1_000);
        let mut moved = false;
        for person in &mut people {
            moved |= person.settle(&mut server, clock, &mut dice);
        }
        if !moved {
            return (server, people);
        }
    }
    panic!("seed {seed}: still moving after the faults stopped");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_show_the_same_log_and_nothing_is_lost_or_doubled(seed in any::<u64>()) {
        let (server, people) = run(seed, 400);
        let log = server.said();
        for person in &people {
            prop_assert_eq!(&person.shown(), &log, "seed {}: what is shown is what the log says", seed);
            prop_assert_eq!(person.waiting(), 0, "seed {}: nothing waits", seed);
            let mine: Vec<&String> = log.iter().filter(|(who, _)| *who == person.id()).map(|(_, text)| text).collect();
            prop_assert_eq!(mine, person.composed().iter().collect::<Vec<_>>(), "seed {}: as composed", seed);
            prop_assert_eq!(person.unread(), server.unread(person.id()), "seed {}: unread is the log's", seed);
        }
    }
}

#[test]
fn a_harness_that_forgets_stored_deeds_is_caught() {
    // The harness itself must be able to fail: a person whose storage forgets loses what was typed before a reload.
    let lost = (0..200).any(|seed| {
        let mut dice = Dice(seed);
        let mut server = Server::with_people(1);
        let mut person = Person::new(1);
        person.start(Timestamp(0), &mut dice);
        person.say(Timestamp(1), &mut dice);
        person.forget_storage();
        person.reload(&mut server, Timestamp(2), &mut dice);
        for step in 0..200 {
            person.settle(&mut server, Timestamp(3 + step * 1_000), &mut dice);
        }
        server.said().len() < person.composed().len()
    });
    assert!(lost);
}

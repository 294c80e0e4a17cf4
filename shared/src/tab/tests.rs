//! Pages that hear each other at once: who leads, who follows, and that nothing is lost in between.

use super::*;
use crate::client::Timer;
use crate::frame::{ClientFrame, Deed};
use crate::id::{ClientId, Timestamp};
use crate::link;
use serde_json::json;
use uuid::Uuid;

const NOW: Now = Now { at: Timestamp(1_000), random: 7 };

fn say(number: u128) -> Event {
    let deed = Deed::post(1.try_into().unwrap(), "hi".try_into().unwrap());
    Event::Client(Input::Do(ClientId(Uuid::from_u128(number)), deed))
}

/// Pages that hear each other at once.
struct Browser {
    tabs: Vec<Tab>,
    acts: Vec<(TabId, Act)>,
}

impl Browser {
    fn with(count: u64) -> Self {
        let mut browser = Self { tabs: (1..=count).map(Tab::new).collect(), acts: Vec::new() };
        browser.step(1, Event::Leads);
        browser.step(1, Event::Client(Input::Restored(Box::default())));
        browser.step(1, Event::Client(Input::Start));
        for tab in 2..=count {
            browser.step(tab, Event::Enter);
        }
        browser.acts.clear();
        browser
    }

    fn step(&mut self, tab: TabId, event: Event) {
        let Some(page) = self.tabs.iter_mut().find(|page| page.id == tab) else { return };
        for act in page.step(NOW, event) {
            if let Act::Tell(word) = act {
                let others: Vec<TabId> =
                    self.tabs.iter().map(|page| page.id).filter(|id| *id != tab).collect();
                for other in others {
                    self.step(other, Event::Heard(word.clone()));
                }
            } else {
                self.acts.push((tab, act));
            }
        }
    }

    fn close(&mut self, tab: TabId) {
        self.tabs.retain(|page| page.id != tab);
    }

    fn waiting(&self, tab: TabId) -> Vec<u128> {
        let page = self.tabs.iter().find(|page| page.id == tab).unwrap();
        page.client().outbox().iter().map(|pending| pending.client_id.0.as_u128()).collect()
    }

    fn kept_by(&self, tab: TabId) -> Vec<u128> {
        let kept = self.acts.iter().filter_map(|(by, act)| match act {
            Act::Perform(Effect::Keep(pending)) if *by == tab => Some(pending.client_id.0.as_u128()),
            _ => None,
        });
        kept.collect()
    }
}

#[test]
fn what_one_page_does_all_pages_show_and_one_keeps() {
    let mut browser = Browser::with(3);
    browser.step(2, say(5));
    browser.step(1, say(6));
    for tab in 1..=3 {
        assert_eq!(browser.waiting(tab), [5, 6]);
    }
    assert_eq!(browser.kept_by(1), [5, 6]);
    assert_eq!(browser.kept_by(2), []);
}

#[test]
fn a_page_that_takes_over_connects_and_keeps_what_the_other_had_not_kept() {
    let mut browser = Browser::with(2);
    browser.step(2, say(5));
    browser.close(1);
    browser.acts.clear();
    browser.step(2, Event::Leads);
    assert_eq!(browser.kept_by(2), [5]);
    assert!(browser.acts.iter().any(|(_, act)| matches!(act, Act::Perform(Effect::Connect(2)))));
    assert!(browser.tabs[0].is_leader());
}

#[test]
fn a_leader_that_does_not_answer_loses_the_lock_and_nothing_is_lost() {
    let mut browser = Browser::with(3);
    let asleep = browser.tabs.remove(0);
    browser.step(2, say(5));
    assert_eq!(browser.waiting(2), []);
    browser.step(2, Event::Fired);
    assert!(matches!(browser.acts.last(), Some((2, Act::Steal))));
    browser.step(2, Event::Leads);
    assert_eq!(browser.waiting(2), [], "what storage holds was composed before");
    browser.step(2, Event::Client(Input::Restored(Box::default())));
    assert_eq!(browser.waiting(2), [5]);
    assert_eq!(browser.waiting(3), [5]);

    // The one that slept wakes, says something before it knows, and then hears that it was deposed.
    browser.tabs.push(asleep);
    browser.step(1, say(6));
    browser.step(1, Event::Deposed);
    for tab in 1..=3 {
        let mut waiting = browser.waiting(tab);
        waiting.sort_unstable();
        assert_eq!(waiting, [5, 6]);
    }
    assert_eq!(browser.tabs.iter().filter(|tab| tab.is_leader()).count(), 1);
}

#[test]
fn somebody_who_goes_on_and_on_does_not_prolong_the_time_of_a_leader_that_is_gone() {
    let mut browser = Browser::with(2);
    let asleep = browser.tabs.remove(0);
    for number in 5..9 {
        browser.step(2, say(number));
    }
    let armed = browser.acts.iter().filter(|(_, act)| matches!(act, Act::Arm(_))).count();
    assert_eq!(armed, 1, "the first wish decides when it is over");

    // It was only slow: what it has not done yet may take as long again.
    browser.acts.clear();
    browser.tabs.push(asleep);
    browser.step(2, say(9));
    assert!(browser.acts.iter().any(|(tab, act)| *tab == 2 && matches!(act, Act::Arm(PATIENCE))));
    assert_eq!(browser.waiting(1), [5, 6, 7, 8, 9]);
    assert_eq!(browser.waiting(2), [5, 6, 7, 8, 9]);
}

#[test]
fn a_follower_ignores_what_is_left_of_its_own_connection() {
    let mut browser = Browser::with(2);
    browser.step(2, Event::Client(Input::Opened(1)));
    browser.step(2, Event::Client(Input::Fired(Timer::Link(link::Timer::Patience))));
    assert!(browser.acts.is_empty());
    browser.step(1, Event::Client(Input::Opened(1)));
    let hello = |act: &Act| matches!(act, Act::Perform(Effect::Send(ClientFrame::Hello { .. })));
    assert!(browser.acts.iter().any(|(tab, act)| *tab == 1 && hello(act)));
    assert!(!browser.acts.iter().any(|(tab, act)| *tab == 2 && hello(act)));
}

#[test]
fn a_page_that_missed_a_step_asks_for_all_of_it() {
    let mut browser = Browser::with(2);
    let deaf = browser.tabs.remove(1);
    browser.step(1, say(5));
    browser.tabs.push(deaf);
    browser.step(1, say(6));
    assert_eq!(browser.waiting(2), [5, 6]);
}

#[test]
fn words_survive_the_channel() {
    let mut browser = Browser::with(2);
    browser.step(2, say(5));
    let said = |number: u64| {
        let what = json!({ "kind": "posted", "body": "hi" });
        let change = json!({ "conversation": 1, "seq": number, "at": 0, "author": 2, "what": what });
        json!({ "t": "changed", "change": change })
    };
    let row = json!({ "id": 1, "kind": "channel", "members": 2, "made_at": 0, "head": 0, "read": 0, "unread": 0,
        "since": 0 });
    let me = json!({ "id": 1, "name": "mei", "display": "Mei", "role": "member" });
    let welcome = json!({ "t": "welcome", "level": 2, "epoch": Uuid::nil(), "now": 0, "me": me,
        "conversations": [row], "people": [] });
    browser.step(1, Event::Client(Input::Opened(1)));
    for frame in [welcome, said(1), said(2)] {
        let frame = serde_json::from_value(frame).unwrap();
        browser.step(1, Event::Client(Input::Received(1, Box::new(frame))));
    }
    let client = Box::new(browser.tabs[0].client().clone());
    let word = Word::Snapshot { leader: (1, 1), step: 3, client };
    let text = serde_json::to_string(&word).unwrap();
    let Word::Snapshot { client, .. } = serde_json::from_str(&text).unwrap() else { panic!("another word") };
    assert_eq!(client.outbox().iter().count(), 1);
    assert_eq!(client.list()[0].unread(), 2);
    assert_eq!(
        serde_json::to_string(&*client).unwrap(),
        serde_json::to_string(browser.tabs[0].client()).unwrap()
    );
}

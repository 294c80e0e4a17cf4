//! A poll: its choices as buttons, how many took each, and who.

use leptos::prelude::*;
use shared::client::Part;
use shared::frame::Deed;
use shared::id::{Seq, UserId};
use shared::message::CHOICES;
use shared::model::List;
use shared::text::Choice;

use super::{CloseButton, tab_stop};
use crate::locales::use_words;
use crate::ui::Icon;
use crate::views::message::Drawn;
use crate::views::naming::name_or_you;
use crate::views::talk::{Talk, use_talk};

/// Most names below one choice.
const NAMED: usize = 50;

/// How people voted.
#[derive(Clone, PartialEq, Default)]
struct Tally {
    /// Its place, once it has one.
    seq: Option<Seq>,
    /// Who took each choice.
    takers: Vec<Vec<UserId>>,
    /// What this person took.
    mine: Vec<u8>,
    /// How many people voted.
    people: usize,
    is_closed: bool,
}

impl Tally {
    fn of(talk: Talk, drawn: &Drawn, choices: usize) -> Self {
        let me = talk.state.peek(|client| client.me().map(|me| me.id));
        let mut tally = Self { seq: drawn.message.seq, takers: vec![Vec::new(); choices], ..Self::default() };
        let Some(more) = &drawn.message.entry.more else { return tally };
        tally.is_closed = more.closed;
        tally.people = more.votes.len();
        for (user, taken) in &more.votes {
            for choice in taken.iter() {
                if let Some(takers) = tally.takers.get_mut(usize::from(*choice)) {
                    takers.push(*user);
                }
            }
            if Some(*user) == me {
                tally.mine = taken.to_vec();
            }
        }
        tally
    }
}

#[component]
pub(super) fn Poll(
    drawn: Memo<Drawn>,
    is_near: RwSignal<bool>,
    choices: List<Choice, CHOICES>,
    many: bool,
) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let count = choices.len();
    let tally = Memo::new(move |_| Tally::of(talk, &drawn.read(), count));
    let shows_names = RwSignal::new(false);
    // The buttons stay as long as the poll does: whoever has the focus on one keeps it, whatever others vote.
    let buttons = (0..).zip(choices.into_vec());
    let buttons =
        buttons.map(|(at, choice)| view! { <ChoiceButton at choice many tally is_near shows_names/> });
    let buttons = buttons.collect_view();
    let kind = move || {
        let sort = if many { words().cards.several } else { words().cards.one };
        if tally.read().is_closed { format!("{sort} · {}", words().cards.closed) } else { sort.to_owned() }
    };
    view! {
        <div class="card" role="group" aria-label=move || words().cards.poll>
            <p class="card-kind"><Icon name="poll" small=true/>{kind}</p>
            {buttons}
            <p class="card-foot">
                <span>{move || (words().cards.voted)(tally.read().people)}</span>
                <Show when=move || { tally.read().people > 0 }>
                    <button
                        type="button"
                        class="link-btn"
                        tabindex=move || tab_stop(is_near)
                        aria-expanded=move || shows_names.get().to_string()
                        on:click=move |_| shows_names.update(|shows| *shows = !*shows)
                    >
                        {move || if shows_names.get() { words().cards.hide_names } else { words().cards.show_names }}
                    </button>
                </Show>
                <CloseButton drawn is_near label=Signal::derive(move || words().cards.close_poll)/>
            </p>
        </div>
    }
}

/// One choice. Pressing it takes it, or takes one's vote for it back.
#[component]
fn ChoiceButton(
    at: u8,
    choice: Choice,
    many: bool,
    tally: Memo<Tally>,
    is_near: RwSignal<bool>,
    shows_names: RwSignal<bool>,
) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let count = move || tally.read().takers.get(usize::from(at)).map_or(0, Vec::len);
    let share = move || count() * 100 / tally.read().people.max(1);
    let is_taken = Memo::new(move |_| tally.read().mine.contains(&at));
    let is_open = Memo::new(move |_| tally.read().seq.is_some() && !tally.read().is_closed);
    let text = choice.to_string();
    let label = {
        let text = text.clone();
        move || (words().cards.choice_votes)(&text, count())
    };
    let names = move || {
        let tally = tally.read();
        let takers = tally.takers.get(usize::from(at))?;
        let name = |client: &shared::client::Client, user| name_or_you(client, user, words());
        let names: Vec<String> = talk
            .state
            .read(Part::People, |client| takers.iter().take(NAMED).map(|user| name(client, *user)).collect());
        let rest = takers.len() - names.len();
        let said = (shows_names.get() && !names.is_empty()).then(|| (words().general.and)(&names, rest));
        said.map(|said| view! { <p class="takers">{said}</p> })
    };
    view! {
        <button
            type="button"
            class="choice"
            class:is-many=many
            tabindex=move || tab_stop(is_near)
            aria-pressed=move || is_taken.get().to_string()
            aria-disabled=move || (!is_open.get()).to_string()
            aria-label=label
            on:click=move |_| vote(talk, &tally.get_untracked(), at, many)
        >
            <span class="mark"><Icon name="tick" small=true/></span>
            <span class="what" dir="auto">{text}</span>
            <span class="num">{count}</span>
            <i class="share" style=("--share", move || format!("{}%", share()))></i>
        </button>
        {names}
    }
}

fn vote(talk: Talk, tally: &Tally, at: u8, many: bool) {
    let Some(target) = tally.seq.filter(|_| !tally.is_closed) else { return };
    let mut choices = tally.mine.clone();
    if choices.contains(&at) {
        choices.retain(|taken| *taken != at);
    } else {
        if !many {
            choices.clear();
        }
        choices.push(at);
        choices.sort_unstable();
    }
    talk.amend(Deed::Vote { conversation: talk.id, target, choices: List::first(choices) });
}

//! A thread beside its conversation: the message that opened it, all replies, and a composer of its own.

mod replies;

use leptos::html;
use leptos::prelude::*;
use shared::client::Part;
use shared::id::{ConversationId, Seq, Timestamp};
use shared::own::Setting;
use shared::rows::{Content, Day};

use super::composer::Composer;
use super::naming::is_me;
use super::sheets::Sheets;
use super::talk::{Talk, use_talk};
use super::timeline::{Finger, Rows, draw, pressed, use_date};
use crate::locales::use_words;
use crate::place::{Place, use_place};
use crate::ui::Icon;
use replies::{Replies, use_replies};

/// The pane at the end edge.
#[component]
pub fn ThreadPane(id: ConversationId, root: Seq) -> impl IntoView {
    let words = use_words();
    let place = use_place();
    let composer = NodeRef::<html::Textarea>::new();
    let talk = Talk::new(id, Some(root), composer);
    provide_context(talk);
    let replies = use_replies(talk, root);
    view! {
        <section class="details thread" aria-label=move || words().thread.title>
            <header class="bar">
                <h2>{move || words().thread.title}</h2>
                <FollowButton root replies/>
                <a
                    class="icon-btn"
                    href=move || Place { thread: None, ..place.get() }.link()
                    data-replace=true
                    aria-label=move || words().general.close
                >
                    <Icon name="x"/>
                </a>
            </header>
            <Said replies/>
            <footer class="foot"><Composer id node=composer/></footer>
            <Sheets/>
        </section>
    }
}

/// What was said in it, oldest first. The end stays in sight by itself: the list is laid out from below.
#[component]
fn Said(replies: Replies) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let finger = Finger::new(talk);
    let view = NodeRef::<html::Div>::new();
    let numbers = move || replies.days.read().iter().map(|day| (day.number, day.at)).collect::<Vec<_>>();
    let is_empty =
        Memo::new(move |_| replies.days.read().iter().map(|day| day.rows.len()).sum::<usize>() < 2);
    follow_own(talk, replies.days, view);
    view! {
        <div class="stage">
            <div
                class="scroller"
                node_ref=view
                tabindex="0"
                role="region"
                aria-label=move || words().thread.replies
                on:keydown=move |key| pressed(talk, &key)
                on:pointerdown=move |touch| finger.down(&touch)
                on:pointermove=move |touch| finger.moves(&touch)
                on:pointerup=move |_| finger.up()
                on:pointercancel=move |_| finger.up()
                on:touchend=move |touch| finger.leaves(&touch)
            >
                <div class="timeline">
                    <Earlier replies/>
                    <For each=numbers key=|(number, _)| *number let((number, at))>
                        <DayOf number at days=replies.days/>
                    </For>
                    <Show when=move || is_empty.get() && replies.is_told.get()>
                        <p class="event">{move || words().thread.empty}</p>
                    </Show>
                </div>
            </div>
        </div>
    }
}

#[component]
fn DayOf(number: i32, at: Timestamp, days: Memo<Vec<Day>>) -> impl IntoView {
    let talk = use_talk();
    let rows = Rows::new(number, days);
    view! {
        <section class="day-block">
            <h3 class="day"><span>{use_date(number, at)}</span></h3>
            <ol>
                <For each=move || rows.all.get() key=|row| row.key let:row>{draw(talk.id, row, rows)}</For>
            </ol>
        </section>
    }
}

/// The way to earlier replies, while there are some; or why they are not here.
#[component]
fn Earlier(replies: Replies) -> impl IntoView {
    let words = use_words();
    let why = move || replies.fault.get().map(|code| (words().thread.failed)((words().code)(code)));
    view! {
        <Show when=move || replies.has_more.get() || replies.fault.get().is_some()>
            <p class="event">
                {why}" "
                <button type="button" class="link-btn" on:click=move |_| replies.ask_earlier()>
                    {move || if replies.fault.get().is_some() { words().room.retry } else { words().thread.earlier }}
                </button>
            </p>
        </Show>
    }
}

/// Whether one is told of what comes. Who wrote in a thread follows it, until they say otherwise.
#[component]
fn FollowButton(root: Seq, replies: Replies) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let has_written = Memo::new(move |_| {
        let days = replies.days.read();
        let mut rows = days.iter().flat_map(|day| &day.rows);
        talk.state.peek(|client| {
            rows.any(|row| matches!(&row.content, Content::Message(it) if is_me(client, it.entry.author)))
        })
    });
    let follows = Memo::new(move |_| {
        let said = talk.state.read(Part::Own, |client| client.follows(talk.id, root));
        said.unwrap_or_else(|| has_written.get())
    });
    view! {
        <button
            type="button"
            class="btn is-small"
            aria-pressed=move || follows.get().to_string()
            on:click=move |_| talk.actions.keep(Setting::follow(talk.id, root, !follows.get_untracked()))
        >
            {move || if follows.get() { words().thread.following } else { words().thread.follow }}
        </button>
    }
}

/// Whoever says something sees it, wherever they were reading.
fn follow_own(talk: Talk, days: Memo<Vec<Day>>, view: NodeRef<html::Div>) {
    let newest = Memo::new(move |_| {
        let days = days.read();
        let last = days.last().and_then(|day| day.rows.last())?;
        let Content::Message(message) = &last.content else { return None };
        talk.state.peek(|client| is_me(client, message.entry.author)).then_some(last.key)
    });
    Effect::new(move |_| {
        if newest.get().is_some()
            && let Some(view) = view.get()
        {
            view.set_scroll_top(0);
        }
    });
}

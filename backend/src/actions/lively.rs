//! What is of the moment: typing, and how far people have come, which is gathered for a moment and told together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use shared::id::{ConversationId, Seq, UserId};
use shared::receipt::Mark;

use crate::access::Member;
use crate::app::App;
use crate::bus::Event;
use crate::store::Noted;

/// What comes within this time is written in one piece and told in one frame: in a group of a hundred each message
/// would otherwise cost a hundred writes, and ten thousand frames.
const GATHERED: Duration = Duration::from_millis(300);
/// Most that is gathered at once. What comes beyond is not noted: whoever reads on, or comes back, says it again.
const MOST: usize = 16_384;

/// How far people said that they have come, and that is not stored or told yet.
#[derive(Default)]
pub struct Ledger {
    gathered: Mutex<BTreeMap<(ConversationId, UserId), Seq>>,
}

/// Tells the others that somebody types.
pub async fn typing(app: &App, member: Member) {
    app.bus.publish(Event::Typing { conversation: member.conversation(), user: member.user() }).await;
}

/// Up to these places a device of this person's has everything. Whether they are in there, the store asks.
pub fn got(app: &Arc<App>, user: UserId, places: impl IntoIterator<Item = (ConversationId, Seq)>) {
    for (conversation, seq) in places {
        note(app, conversation, user, seq);
    }
}

/// This person's read marker has moved, and is stored.
pub fn read_on(app: &Arc<App>, user: UserId, conversation: ConversationId) {
    note(app, conversation, user, Seq::ZERO);
}

fn note(app: &Arc<App>, conversation: ConversationId, user: UserId, got: Seq) {
    let mut gathered = app.ledger.gathered.lock();
    if gathered.len() >= MOST {
        return;
    }
    let is_first = gathered.is_empty();
    let known = gathered.entry((conversation, user)).or_default();
    *known = got.max(*known);
    drop(gathered);
    if is_first {
        let app = Arc::clone(app);
        app.tasks.clone().spawn(async move {
            tokio::select! {
                // Clients that come back say again what they have.
                () = app.stop.cancelled() => {}
                () = tokio::time::sleep(GATHERED) => settle(&app).await,
            }
        });
    }
}

/// Stores what was gathered, and tells those who look.
async fn settle(app: &App) {
    let gathered = std::mem::take(&mut *app.ledger.gathered.lock());
    let noted = gathered.into_iter().map(|((conversation, user), got)| Noted { conversation, user, got });
    let marks = match app.store.note_got(noted.collect()).await {
        Ok(marks) => marks,
        Err(error) => {
            tracing::warn!(%error, "could not note what was got: {error}");
            return;
        }
    };
    let mut told: BTreeMap<ConversationId, Vec<Mark>> = BTreeMap::new();
    for (conversation, mark) in marks {
        told.entry(conversation).or_default().push(mark);
    }
    for (conversation, marks) in told {
        app.bus.publish(Event::Marked { conversation, marks }).await;
    }
}

//! Moving the read marker.

use shared::id::{ConversationId, Seq, UserId};

use crate::app::App;
use crate::bus::Event;
use crate::error::Error;
use crate::store::ReadMarker;

/// Moves a person's read marker forward and tells all their connections, if it moved.
pub async fn read_up_to(
    app: &App,
    user: UserId,
    conversation: ConversationId,
    seq: Seq,
) -> Result<ReadMarker, Error> {
    let marker = app.store.read_up_to(user, conversation, seq).await?;
    if marker.moved {
        app.bus.publish(Event::ReadMoved { user, marker }).await;
    }
    Ok(marker)
}

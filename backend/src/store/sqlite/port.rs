//! The port on this implementation: which methods read, which write.

use async_trait::async_trait;
use shared::code::Code;
use shared::frame::Deed;
use shared::http::{Replies, Version};
use shared::id::{ClientId, ConversationId, Epoch, Seq, SessionId, Timestamp, UserId};
use shared::model::{Entry, Kind, Membership, Person};
use shared::own::{Own, Scheduled};
use shared::receipt::Mark;
use shared::text::{Title, UserName};

use super::{
    SqliteStore, accounts, changes, channels, deeds, listing, markers, members, messages, own, receipts,
    scheduled, search, told,
};
use crate::store::{
    Admission, Credentials, Following, Found, FoundChannel, Habits, History, Hits, Kept, Listed, Listing,
    NewAccount, NewChange, Noted, Outcome, OwnNews, Portion, ReadMarker, Result, Say, Search, SecretHash,
    Session, SignedUp, Standing, Store,
};

#[async_trait]
impl Store for SqliteStore {
    async fn epoch(&self) -> Result<Epoch> {
        self.read(accounts::epoch).await
    }

    async fn is_owned(&self) -> Result<bool> {
        self.read(accounts::is_owned).await
    }

    async fn sign_up(&self, account: NewAccount, admission: Admission) -> Result<SignedUp> {
        self.write(move |c| accounts::sign_up(c, &account, admission)).await
    }

    async fn credentials(&self, name: UserName) -> Result<Credentials> {
        self.read(move |c| accounts::credentials(c, name.as_str())).await
    }

    async fn add_session(&self, user: UserId, token: SecretHash, at: Timestamp) -> Result<SessionId> {
        self.write(move |c| accounts::add_session(c, user, token, at)).await
    }

    async fn session(&self, token: SecretHash, seen_after: Timestamp) -> Result<Session> {
        self.read(move |c| accounts::session(c, token, seen_after)).await
    }

    async fn session_stands(&self, session: SessionId) -> Result<bool> {
        self.read(move |c| accounts::session_stands(c, session)).await
    }

    async fn touch_session(&self, session: SessionId, at: Timestamp) -> Result<()> {
        self.write(move |c| accounts::touch_session(c, session, at)).await
    }

    async fn end_session(&self, session: SessionId) -> Result<()> {
        self.write(move |c| accounts::end_session(c, session)).await
    }

    async fn invite(&self, by: UserId, code: SecretHash, expires_at: Timestamp) -> Result<()> {
        self.write(move |c| accounts::invite(c, by, code, expires_at)).await
    }

    async fn people(&self, ids: Vec<UserId>) -> Result<Vec<Person>> {
        self.read(move |c| accounts::people(c, &ids)).await
    }

    async fn find_people(&self, query: String, limit: usize) -> Result<Found<Person>> {
        self.read(move |c| accounts::find_people(c, &query, limit)).await
    }

    async fn members(
        &self,
        user: UserId,
        conversation: ConversationId,
        limit: usize,
    ) -> Result<Found<Person>> {
        self.read(move |c| members::members(c, user, conversation, limit)).await
    }

    async fn find_channels(&self, user: UserId, query: String, limit: usize) -> Result<Found<FoundChannel>> {
        self.read(move |c| channels::find_channels(c, user, &query, limit)).await
    }

    async fn search(&self, user: UserId, wanted: Search) -> Result<Hits> {
        self.read(move |c| search::search(c, user, &wanted)).await
    }

    async fn first_at(&self, user: UserId, conversation: ConversationId, moment: Timestamp) -> Result<Seq> {
        self.read(move |c| search::first_at(c, user, conversation, moment)).await
    }

    async fn conversations_of(&self, user: UserId) -> Result<Vec<ConversationId>> {
        self.read(move |c| listing::conversations_of(c, user)).await
    }

    async fn listing(&self, user: UserId) -> Result<Listing> {
        self.read(move |c| listing::listing(c, user)).await
    }

    async fn standings(&self, user: UserId) -> Result<Vec<Standing>> {
        self.read(move |c| listing::standings(c, user)).await
    }

    async fn listed(&self, user: UserId, conversation: ConversationId) -> Result<Listed> {
        self.read(move |c| listing::listed(c, user, conversation)).await
    }

    async fn membership(&self, user: UserId, conversation: ConversationId) -> Result<Membership> {
        self.read(move |c| changes::membership(c, user, conversation)).await
    }

    async fn post(&self, new: NewChange, conversation: ConversationId, say: Say) -> Result<Outcome> {
        self.write(move |c| messages::post(c, new, conversation, say)).await
    }

    async fn forward(
        &self,
        new: NewChange,
        conversation: ConversationId,
        from: (ConversationId, Seq),
    ) -> Result<Outcome> {
        self.write(move |c| messages::forward(c, new, conversation, from)).await
    }

    async fn amend(&self, new: NewChange, deed: Deed) -> Result<Outcome> {
        self.write(move |c| messages::amend(c, new, &deed)).await
    }

    async fn make(&self, new: NewChange, kind: Kind, title: Title, people: Vec<UserId>) -> Result<Outcome> {
        self.write(move |c| deeds::make(c, new, kind, &title, people)).await
    }

    async fn open_direct(&self, new: NewChange, with: UserId) -> Result<Outcome> {
        self.write(move |c| deeds::open_direct(c, new, with)).await
    }

    async fn join(&self, new: NewChange, conversation: ConversationId) -> Result<Outcome> {
        self.write(move |c| members::join(c, new, conversation)).await
    }

    async fn add(&self, new: NewChange, conversation: ConversationId, user: UserId) -> Result<Outcome> {
        self.write(move |c| members::add(c, new, conversation, user)).await
    }

    async fn remove(&self, new: NewChange, conversation: ConversationId, user: UserId) -> Result<Outcome> {
        self.write(move |c| members::remove(c, new, conversation, user)).await
    }

    async fn read_up_to(&self, user: UserId, conversation: ConversationId, seq: Seq) -> Result<ReadMarker> {
        let unmoved = self.read(move |c| markers::unmoved(c, user, conversation, seq)).await?;
        if let Some(marker) = unmoved {
            return Ok(marker);
        }
        let moved = self.write(move |c| markers::read_up_to(c, user, conversation, seq)).await?;
        let marker = self.read(move |c| markers::marker(c, user, conversation)).await?;
        Ok(ReadMarker { moved, ..marker })
    }

    async fn note_got(&self, noted: Vec<Noted>) -> Result<Vec<(ConversationId, Mark)>> {
        self.write(move |c| receipts::note_got(c, &noted)).await
    }

    async fn marks(&self, user: UserId, conversation: ConversationId) -> Result<Vec<Mark>> {
        self.read(move |c| receipts::marks(c, user, conversation)).await
    }

    async fn habits(&self, user: UserId) -> Result<Habits> {
        self.read(move |c| receipts::habits(c, user)).await
    }

    async fn history(
        &self,
        user: UserId,
        conversation: ConversationId,
        before: Option<Seq>,
        portion: Portion,
    ) -> Result<History> {
        self.read(move |c| changes::history(c, user, conversation, before, portion)).await
    }

    async fn entries(&self, user: UserId, conversation: ConversationId, seqs: Vec<Seq>) -> Result<History> {
        self.read(move |c| changes::entries(c, user, conversation, &seqs)).await
    }

    async fn versions(
        &self,
        user: UserId,
        conversation: ConversationId,
        seq: Seq,
        portion: Portion,
    ) -> Result<Vec<Version>> {
        self.read(move |c| told::versions(c, user, conversation, seq, portion)).await
    }

    async fn pins(&self, user: UserId, conversation: ConversationId, portion: Portion) -> Result<Vec<Entry>> {
        self.read(move |c| told::pins(c, user, conversation, portion)).await
    }

    async fn replies(
        &self,
        user: UserId,
        conversation: ConversationId,
        thread: Seq,
        before: Option<Seq>,
        portion: Portion,
    ) -> Result<Replies> {
        self.read(move |c| told::replies(c, user, conversation, (thread, before), portion)).await
    }

    async fn changes_after(
        &self,
        user: UserId,
        conversation: ConversationId,
        after: Seq,
        portion: Portion,
    ) -> Result<Following> {
        self.read(move |c| changes::changes_after(c, user, conversation, after, portion)).await
    }

    async fn own_after(&self, user: UserId, after: Option<Seq>, portion: Portion) -> Result<OwnNews> {
        self.read(move |c| own::own_after(c, user, after, portion)).await
    }

    async fn keep_draft(&self, user: UserId, draft: Own, base: Seq) -> Result<bool> {
        self.write(move |c| own::keep_draft(c, user, &draft, base)).await
    }

    async fn keep(&self, new: NewChange, own: Own) -> Result<Kept> {
        self.write(move |c| own::keep(c, new, &own)).await
    }

    async fn follow(&self, user: UserId, conversation: ConversationId, thread: Seq) -> Result<bool> {
        self.write(move |c| own::follow(c, user, conversation, thread)).await
    }

    async fn schedule(&self, new: NewChange, message: Scheduled) -> Result<Kept> {
        self.write(move |c| scheduled::schedule(c, new, message)).await
    }

    async fn unschedule(&self, new: NewChange, id: ClientId) -> Result<Kept> {
        self.write(move |c| scheduled::unschedule(c, new, id)).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>> {
        self.read(scheduled::next_due).await
    }

    async fn claim_due(&self, now: Timestamp, limit: usize) -> Result<Vec<(UserId, Scheduled)>> {
        self.write(move |c| scheduled::claim_due(c, now, limit)).await
    }

    async fn settle_due(&self, user: UserId, message: Scheduled, failed: Option<Code>) -> Result<()> {
        self.write(move |c| scheduled::settle_due(c, user, message, failed)).await
    }
}

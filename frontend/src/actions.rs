//! The verbs of the views.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Desk, End, Input};
use shared::code::Code;
use shared::frame::Deed;
use shared::http::{Refusal, SignIn, SignUp};
use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::own::{Scheduled, Setting, Stage};
use shared::text::Body;
use uuid::Uuid;

use crate::net::Net;
use crate::state::State;
use crate::{api, browser, session};

/// What a person can do. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Actions {
    state: State,
    net: StoredValue<Net, LocalStorage>,
}

impl Actions {
    pub fn new(state: State, net: Net) -> Self {
        Self { state, net: StoredValue::new_local(net) }
    }

    /// Writes something. It is on the screen at once, goes out when it can, and stays in sight if it is refused.
    pub fn write(&self, deed: Deed) -> ClientId {
        let client_id = new_client_id();
        self.tell(Input::Do(client_id, deed));
        // Only now is there something to lose.
        spawn_local(browser::ask_for_durable_storage());
        client_id
    }

    /// Does something else, and calls back when it is done or refused.
    pub fn perform(&self, deed: Deed, then: impl FnOnce(Result<ConversationId, Code>) + 'static) {
        let client_id = new_client_id();
        self.net().when_done(client_id, Box::new(then));
        self.tell(Input::Do(client_id, deed));
    }

    /// Sets something of one's own.
    pub fn keep(&self, own: Setting) {
        self.tell(Input::Do(new_client_id(), Deed::Keep { own }));
    }

    /// Says something later.
    pub fn schedule(&self, (conversation, thread): Desk, body: Body, reply: Option<Seq>, due: Timestamp) {
        let id = new_client_id();
        self.reschedule(Scheduled { id, conversation, body, reply, thread, due, stage: Stage::Waiting });
    }

    /// Changes what is to be said later, or when.
    pub fn reschedule(&self, message: Scheduled) {
        let Scheduled { id, conversation, body, reply, thread, due, stage: _ } = message;
        let deed = Deed::Schedule { id, conversation, body, reply, thread, due };
        self.tell(Input::Do(new_client_id(), deed));
    }

    /// Does not say it.
    pub fn unschedule(&self, conversation: ConversationId, id: ClientId) {
        self.tell(Input::Do(new_client_id(), Deed::Unschedule { id, conversation }));
    }

    /// Has typed something over what stood there.
    pub fn draft(&self, desk: Desk, was: String, text: String) {
        self.tell(Input::Draft { desk, was, text, reply: None });
    }

    /// Takes the draft of another device.
    pub fn take_draft(&self, desk: Desk) {
        self.tell(Input::TakeDraft(desk));
    }

    /// Keeps the draft of this device.
    pub fn keep_draft(&self, desk: Desk) {
        self.tell(Input::KeepDraft(desk));
    }

    /// Tries a failed deed again.
    pub fn retry(&self, id: ClientId) {
        self.tell(Input::Retry(id));
    }

    /// Gives a deed up.
    pub fn discard(&self, id: ClientId) {
        self.tell(Input::Discard(id));
    }

    /// Looks at a conversation.
    pub fn open(&self, id: ConversationId) {
        self.tell(Input::Open(id));
    }

    /// Wants older history.
    pub fn load_older(&self, id: ConversationId) {
        self.tell(Input::LoadOlder(id));
    }

    /// Goes to a place of a conversation, wherever that is in its log.
    pub fn go_to(&self, id: ConversationId, seq: Seq) {
        self.tell(Input::GoTo(self.state.viewer(), id, seq));
    }

    /// Reads here, far above the live end.
    pub fn detach(&self, id: ConversationId, seq: Seq) {
        self.tell(Input::Detach(self.state.viewer(), id, seq));
    }

    /// Wants more at an end of what this page shows apart from the live end.
    pub fn extend(&self, end: End) {
        self.tell(Input::Extend(self.state.viewer(), end));
    }

    /// Wants the live end.
    pub fn leave_window(&self, id: ConversationId) {
        self.tell(Input::LeaveWindow(self.state.viewer(), id));
    }

    /// Looks at single messages of a conversation.
    pub fn quote(&self, id: ConversationId, seqs: Vec<Seq>) {
        self.tell(Input::Quote(id, seqs));
    }

    /// Has seen everything up to here.
    pub fn mark_read(&self, id: ConversationId, seq: Seq) {
        self.tell(Input::MarkRead(id, seq));
    }

    /// Has a conversation before the eyes.
    pub fn watch(&self, id: ConversationId) {
        self.tell(Input::Watch(id));
    }

    /// Is writing something.
    pub fn type_on(&self, id: ConversationId) {
        self.tell(Input::Type(id));
    }

    /// Shows the names of these people, once they are known.
    pub fn meet(&self, ids: Vec<UserId>) {
        self.tell(Input::Meet(ids));
    }

    /// Wants a connection now.
    pub fn wake(&self) {
        self.tell(Input::Wake);
    }

    /// Signs in.
    pub async fn sign_in(&self, request: SignIn) -> Result<(), Refusal> {
        let signed_in = api::sign_in(&request).await?;
        session::begin(self.state, &self.net(), signed_in).await;
        Ok(())
    }

    /// Makes an account and signs it in.
    pub async fn sign_up(&self, request: SignUp) -> Result<(), Refusal> {
        let signed_in = api::sign_up(&request).await?;
        session::begin(self.state, &self.net(), signed_in).await;
        Ok(())
    }

    /// Signs out and forgets everything kept in this browser of the account.
    pub async fn sign_out(&self) -> Result<(), Refusal> {
        match api::sign_out().await {
            Err(refusal) if refusal.code != Code::SignedOut => Err(refusal),
            _ => {
                self.tell(Input::SignOut);
                Ok(())
            }
        }
    }

    fn tell(&self, input: Input) {
        self.net().tell(input);
    }

    fn net(&self) -> Net {
        self.net.get_value()
    }
}

/// A new identity: ordered by time, and never made twice.
fn new_client_id() -> ClientId {
    ClientId(Uuid::now_v7())
}

//! A device: the client as people have it, without a page around it.

use std::collections::VecDeque;

use shared::client::{Client, Effect, Input, Now, Room};
use shared::frame::{ClientFrame, ServerFrame};
use shared::id::{ConversationId, Timestamp};

use super::socket::Socket;
use super::{Person, within};

pub(crate) struct Device {
    person: Person,
    pub(crate) client: Client,
    socket: Option<(u32, Socket)>,
    /// What it said over its sockets.
    pub(crate) said: Vec<ClientFrame>,
}

impl Device {
    /// Signed in and welcomed.
    pub(crate) async fn start(person: &Person) -> Self {
        let (person, client) = (person.clone(), Client::default());
        let mut device = Self { person, client, socket: None, said: Vec::new() };
        device.tell(Input::Start).await;
        device.until(|client| client.link_state().is_live()).await;
        device
    }

    /// Takes what happened, and does what the client says; timers never fire, and storage answers at once.
    pub(crate) async fn tell(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            for effect in self.client.step(Now { at: Timestamp(0), random: 0 }, input) {
                match effect {
                    Effect::Connect(number) => {
                        self.socket = Some((number, Socket::open(&self.person).await));
                        inputs.push_back(Input::Opened(number));
                    }
                    Effect::Disconnect => self.socket = None,
                    Effect::Send(frame) => {
                        self.socket.as_mut().unwrap().1.send(&frame).await;
                        self.said.push(frame);
                    }
                    Effect::Keep(pending) => inputs.push_back(Input::Stored(pending.client_id)),
                    _ => {}
                }
            }
        }
    }

    /// Takes the next frame.
    pub(crate) async fn hear(&mut self) -> ServerFrame {
        let (number, socket) = self.socket.as_mut().unwrap();
        let (number, frame) = (*number, socket.read().await.unwrap());
        self.tell(Input::Received(number, Box::new(frame.clone()))).await;
        frame
    }

    /// Takes frames until the client is as wanted.
    pub(crate) async fn until(&mut self, is_wanted: impl Fn(&Client) -> bool) {
        within(async {
            while !is_wanted(&self.client) {
                self.hear().await;
            }
        })
        .await;
    }

    pub(crate) fn room(&self, conversation: ConversationId) -> &Room {
        self.client.room(conversation).unwrap()
    }
}

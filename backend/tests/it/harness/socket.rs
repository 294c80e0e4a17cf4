//! A socket at `/ws` or `/echo`, and what came over it.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use shared::code::Code;
use shared::frame::{ClientFrame, Deed, LEVEL, ServerFrame};
use shared::id::{ClientId, ConversationId, Epoch, Seq};
use shared::model::{Change, Entry, Summary, What};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use uuid::Uuid;

use super::{Person, within};

pub(crate) struct Socket {
    pub(crate) raw: WebSocketStream<TcpStream>,
    /// Frames that came while others were waited for.
    waiting: Vec<ServerFrame>,
    pub(crate) epoch: Option<Epoch>,
    pub(crate) list: Vec<Summary>,
}

/// Upgrades with these headers; on refusal the HTTP status.
pub(crate) async fn upgrade(
    address: SocketAddr,
    path: &str,
    headers: &[(&'static str, &str)],
) -> Result<WebSocketStream<TcpStream>, u16> {
    let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let stream = TcpStream::connect(address).await.unwrap();
    match within(tokio_tungstenite::client_async(request, stream)).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn new_id() -> ClientId {
    ClientId(Uuid::new_v4())
}

impl Socket {
    /// As a browser does it: cookie, origin, subprotocol; no hello yet.
    pub(crate) async fn open(person: &Person) -> Self {
        let origin = format!("http://{}", person.address);
        let headers = [
            ("cookie", person.cookie.as_str()),
            ("origin", &origin),
            ("sec-websocket-protocol", "magpie.v1"),
        ];
        let raw = upgrade(person.address, "/ws", &headers).await.unwrap();
        Self { raw, waiting: Vec::new(), epoch: None, list: Vec::new() }
    }

    /// Opens and says hello with these cursors.
    pub(crate) async fn hello(
        person: &Person,
        epoch: Option<Epoch>,
        cursors: &[(ConversationId, Seq)],
    ) -> Self {
        let mut socket = Self::open(person).await;
        let cursors = cursors.to_vec().try_into().unwrap();
        socket.send(&ClientFrame::Hello { level: LEVEL, epoch, cursors, own: None }).await;
        let (epoch, list) = socket
            .wait_for(|frame| match frame {
                ServerFrame::Welcome { epoch, conversations, .. } => Some((*epoch, conversations.to_vec())),
                _ => None,
            })
            .await;
        Self { epoch: Some(epoch), list, ..socket }
    }

    pub(crate) async fn send(&mut self, frame: &ClientFrame) {
        self.send_text(&serde_json::to_string(frame).unwrap()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        within(self.raw.send(Message::text(text))).await.unwrap();
    }

    /// The first frame that `pick` takes; all others wait.
    pub(crate) async fn wait_for<T>(&mut self, pick: impl Fn(&ServerFrame) -> Option<T>) -> T {
        if let Some(at) = self.waiting.iter().position(|frame| pick(frame).is_some()) {
            return pick(&self.waiting.remove(at)).unwrap();
        }
        loop {
            let frame = self.read().await.unwrap_or_else(|code| panic!("closed with {code:?}"));
            match pick(&frame) {
                Some(picked) => return picked,
                None => self.waiting.push(frame),
            }
        }
    }

    /// With which code the server closes.
    pub(crate) async fn closed(mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.read().await {
                return code;
            }
        }
    }

    /// The next frame, or with which code the server closes.
    pub(crate) async fn read(&mut self) -> Result<ServerFrame, Option<u16>> {
        loop {
            match within(self.raw.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// Everything that came until now: what the server had to say before it answers a ping.
    pub(crate) async fn so_far(&mut self) -> Vec<ServerFrame> {
        self.send(&ClientFrame::Ping).await;
        self.wait_for(|frame| matches!(frame, ServerFrame::Pong).then_some(())).await;
        std::mem::take(&mut self.waiting)
    }

    /// Does a deed; answers where it went, or with which code it was refused.
    pub(crate) async fn perform(&mut self, id: ClientId, deed: Deed) -> Result<(ConversationId, Seq), Code> {
        self.send(&ClientFrame::Do { client_id: id, deed }).await;
        self.wait_for(|frame| match frame {
            ServerFrame::Done { client_id, conversation, seq } if *client_id == id => {
                Some(Ok((*conversation, *seq)))
            }
            ServerFrame::Refused { client_id: Some(refused), code, .. } if *refused == id => Some(Err(*code)),
            _ => None,
        })
        .await
    }

    /// Says something and waits until it is stored.
    pub(crate) async fn say(&mut self, conversation: ConversationId, text: &str) -> Seq {
        let body = text.try_into().unwrap();
        self.perform(new_id(), Deed::post(conversation, body)).await.unwrap().1
    }

    /// Waits until somebody says this.
    pub(crate) async fn sees(&mut self, conversation: ConversationId, text: &str) -> Change {
        self.wait_for(|frame| match frame {
            ServerFrame::Changed { change }
                if change.conversation == conversation && says(&change.what, text) =>
            {
                Some(change.clone())
            }
            _ => None,
        })
        .await
    }

    /// The next change in this conversation.
    pub(crate) async fn change(&mut self, conversation: ConversationId) -> Change {
        self.wait_for(|frame| match frame {
            ServerFrame::Changed { change } if change.conversation == conversation => Some(change.clone()),
            _ => None,
        })
        .await
    }

    pub(crate) async fn new_conversation(&mut self) -> Summary {
        self.wait_for(|frame| match frame {
            ServerFrame::Conversation { summary } => Some(summary.clone()),
            _ => None,
        })
        .await
    }

    /// Makes a group of these people and its maker, and waits until it is in the list.
    pub(crate) async fn make_group(&mut self, people: &[&Person]) -> ConversationId {
        let people: Vec<_> = people.iter().map(|person| person.id).collect();
        let make = Deed::MakeGroup { title: "group".try_into().unwrap(), people: people.try_into().unwrap() };
        let (group, _) = self.perform(new_id(), make).await.unwrap();
        self.new_conversation().await;
        group
    }

    /// Waits until this conversation is no longer this person's; answers what came of it until then, in order.
    pub(crate) async fn loses(&mut self, conversation: ConversationId) -> Vec<ServerFrame> {
        let gone = ServerFrame::Gone { conversation };
        while !self.waiting.contains(&gone) {
            let frame = self.read().await.unwrap_or_else(|code| panic!("closed with {code:?}"));
            self.waiting.push(frame);
        }
        let at = self.waiting.iter().position(|frame| *frame == gone).unwrap();
        let mut before: Vec<ServerFrame> = self.waiting.drain(..=at).collect();
        before.pop();
        before
    }

    /// The code of the next refusal that names no deed.
    pub(crate) async fn refused(&mut self) -> Code {
        self.wait_for(|frame| match frame {
            ServerFrame::Refused { client_id: None, code, .. } => Some(*code),
            _ => None,
        })
        .await
    }

    pub(crate) async fn page(
        &mut self,
        conversation: ConversationId,
        before: Option<Seq>,
        limit: u16,
    ) -> (Seq, Seq, Vec<Entry>) {
        self.send(&ClientFrame::Page { conversation, before, limit }).await;
        self.wait_for(|frame| match frame {
            ServerFrame::Page { from, as_of, entries, .. } => Some((*from, *as_of, entries.to_vec())),
            _ => None,
        })
        .await
    }

    pub(crate) async fn read_up_to(&mut self, conversation: ConversationId, seq: Seq) -> (u64, u32) {
        self.send(&ClientFrame::Read { conversation, seq }).await;
        self.marker().await
    }

    pub(crate) async fn marker(&mut self) -> (u64, u32) {
        self.wait_for(|frame| match frame {
            ServerFrame::Read { seq, unread, .. } => Some((seq.get(), *unread)),
            _ => None,
        })
        .await
    }
}

pub(crate) fn says(what: &What, text: &str) -> bool {
    matches!(what, What::Posted(post) if post.body.as_str() == text)
}

/// A post as raw JSON, for what the types would not let through.
pub(crate) fn post(id: ClientId, conversation: ConversationId, body: &str) -> Value {
    let deed = json!({ "kind": "post", "conversation": conversation, "body": body });
    json!({ "t": "do", "client_id": id, "deed": deed })
}

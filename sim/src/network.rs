//! What lies between pages and servers: connections are made, carry frames, and break.

use std::sync::Arc;

use axum::extract::ws::Message;
use shared::client::Input;
use shared::code::Close;
use shared::frame::ServerFrame;
use shared::tab;

use crate::dice::Dice;
use crate::event::{Call, Event, PageId, PipeId, Relief};
use crate::oracle::Broken;
use crate::pipe::Pipe;
use crate::world::World;

impl World {
    /// A server dies; what is connected to it is cut; it comes back.
    pub(crate) fn crash(&mut self, server: usize, down: u64) {
        self.servers[server].die();
        for id in 0..self.pipes.len() {
            let pipe = &self.pipes[id];
            if pipe.server == server && !pipe.is_cut() {
                pipe.cut();
                let later = self.dice.below(5);
                self.queue.after(later, Event::Refused(pipe.page, pipe.call));
                self.queue.after(later, Event::Lost(id));
            }
        }
        self.queue.after(20 + down, Event::Over(Relief::Start(server)));
    }

    pub(crate) fn dial(&mut self, page: PageId, call: Call) {
        if self.pages[page].call != Some(call) {
            return;
        }
        let server = usize::try_from(self.dice.below(self.servers.len() as u64)).unwrap_or(0);
        if !self.servers[server].is_alive() {
            self.queue.after(1, Event::Refused(page, call));
            return;
        }
        let id = self.pipes.len();
        let dice = Dice::of(self.plan.seed, 100_000 + id as u64);
        let pipe = Pipe::new(id, page, call, server, &self.queue, dice);
        self.pipes.push(Arc::clone(&pipe));
        let token = self.devices[self.pages[page].device].token;
        self.servers[server].dial(pipe, token, id);
    }

    pub(crate) fn opened(&mut self, id: PipeId) -> Result<(), Broken> {
        let pipe = Arc::clone(&self.pipes[id]);
        let page = &mut self.pages[pipe.page];
        if page.call != Some(pipe.call) || pipe.is_cut() {
            pipe.cut();
            return Ok(());
        }
        let (id, socket) = (pipe.page, pipe.call.socket);
        page.pipe = Some(pipe);
        self.tell(id, tab::Event::Client(Input::Opened(socket)))
    }

    /// Nobody has let a page in.
    pub(crate) fn refused(&mut self, page: PageId, call: Call) -> Result<(), Broken> {
        if self.pages[page].call != Some(call) {
            return Ok(());
        }
        self.pages[page].call = None;
        self.tell(page, tab::Event::Client(Input::Lost(call.socket, None)))
    }

    pub(crate) fn up(&mut self, id: PipeId) {
        if let Some(text) = self.pipes[id].arrive() {
            self.trace.note(self.queue.now(), id, &text);
        }
    }

    pub(crate) fn down(&mut self, id: PipeId) -> Result<(), Broken> {
        let Some(message) = self.pipes[id].take() else { return Ok(()) };
        let text = match message {
            Message::Text(text) => text,
            Message::Close(frame) => {
                return self.lost(id, frame.and_then(|frame| Close::from_code(frame.code)));
            }
            _ => return Ok(()),
        };
        self.trace.note(self.queue.now(), id, &text);
        let (page, socket) = (self.pipes[id].page, self.pipes[id].call.socket);
        if self.pages[page].pipe.as_ref().is_none_or(|pipe| !Arc::ptr_eq(pipe, &self.pipes[id])) {
            return Ok(());
        }
        let frame: ServerFrame =
            serde_json::from_str(&text).map_err(|error| format!("{error}: {text:.80}"))?;
        let user = self.template.people[self.devices[self.pages[page].device].person].id;
        self.oracle.heard(id, user, &frame)?;
        let (now, device) = (self.queue.now(), self.pages[page].device);
        self.moment.heard(now, device, id, &frame, &self.site.disk)?;
        self.tell(page, tab::Event::Client(Input::Received(socket, Box::new(frame))))
    }

    pub(crate) fn lost(&mut self, id: PipeId, close: Option<Close>) -> Result<(), Broken> {
        self.pipes[id].cut();
        let (page, socket) = (self.pipes[id].page, self.pipes[id].call.socket);
        let is_its = self.pages[page].pipe.as_ref().is_some_and(|pipe| Arc::ptr_eq(pipe, &self.pipes[id]));
        if !is_its {
            return Ok(());
        }
        self.pages[page].pipe = None;
        self.tell(page, tab::Event::Client(Input::Lost(socket, close)))
    }
}

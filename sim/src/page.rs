//! What a page asks for, done: frames, timers, storage, and words to the other pages.

use shared::client::{Effect, Now, Socket};
use shared::frame::ClientFrame;
use shared::plant::{Plant, is_planted};
use shared::tab::{self, Act};

use crate::event::{Call, Event, PageId};
use crate::oracle::Broken;
use crate::template::BEGUN;
use crate::world::World;

impl World {
    /// Tells a page what happened, and does what it says.
    pub(crate) fn tell(&mut self, id: PageId, event: tab::Event) -> Result<(), Broken> {
        let page = &mut self.pages[id];
        if !page.alive {
            return Ok(());
        }
        let at = BEGUN.after(self.queue.now() + self.devices[page.device].skew);
        let now = Now { at, random: page.dice.next() };
        self.trace.tell(self.queue.now(), || format!("page {id}: {event:?}"));
        let acts = page.tab.step(now, event);
        for act in &acts {
            self.trace.tell(self.queue.now(), || format!("page {id} -> {act:?}"));
        }
        acts.into_iter().try_for_each(|act| self.act(id, act))
    }

    fn act(&mut self, id: PageId, act: Act) -> Result<(), Broken> {
        let now = self.queue.now();
        match act {
            Act::Perform(effect) => return self.perform(id, effect),
            Act::Tell(word) => {
                let device = self.pages[id].device;
                for other in 0..self.pages.len() {
                    let page = &mut self.pages[other];
                    if other != id && page.alive && page.device == device {
                        page.word_due = page.word_due.max(now + page.dice.below(4));
                        self.queue.at(page.word_due, Event::Word(other, word.clone()));
                    }
                }
            }
            Act::Arm(millis) => {
                self.pages[id].patience += 1;
                self.queue.after(millis, Event::Patience(id, self.pages[id].patience));
            }
            Act::Steal => {
                let device = &mut self.devices[self.pages[id].device];
                device.waiting.retain(|waiting| *waiting != id);
                if let Some(before) = device.holder.replace(id).filter(|before| *before != id) {
                    device.waiting.push_back(before);
                    self.queue.after(1, Event::Unlock(before));
                }
                self.queue.after(1, Event::Lock(id));
            }
            Act::Load => {
                // What was begun before is done before, whichever page began it: so IndexedDB orders transactions.
                let due = self.storage_due(id);
                self.queue.at(due, Event::Loaded(id));
            }
            Act::ForgetTimers => self.pages[id].timers.clear(),
        }
        Ok(())
    }

    fn perform(&mut self, id: PageId, effect: Effect) -> Result<(), Broken> {
        let device = self.pages[id].device;
        let user = self.template.people[self.devices[device].person].id;
        match effect {
            Effect::Connect(socket) => self.connect(id, socket),
            Effect::Disconnect => self.leave(id),
            Effect::Send(frame) => self.send(id, &frame),
            Effect::Arm(timer, millis) => {
                let page = &mut self.pages[id];
                page.armed += 1;
                page.timers.insert(timer, page.armed);
                self.queue.after(millis, Event::Timer(id, timer, page.armed));
            }
            Effect::Keep(pending) => {
                let due = self.storage_due(id);
                self.queue.at(due, Event::Kept(device, id, Box::new(pending)));
            }
            Effect::Forget(client_id) => {
                let due = self.storage_due(id);
                self.queue.at(due, Event::Forgot(device, client_id));
            }
            Effect::Changed(part) => self.changed(id, part),
            // A page that follows may hear of it long after.
            Effect::Done(client_id, conversation, seq) if self.pages[id].tab.is_leader() => {
                self.oracle.acked(user, client_id, (conversation, seq))?;
            }
            Effect::Done(..) | Effect::Kept(_) | Effect::Notify(..) => {}
            Effect::Refused(client_id, _) => drop(self.oracle.settled.insert(client_id)),
            Effect::CheckSession => self.queue.after(10, Event::Checked(id)),
            Effect::SignedOut => self.signed_out(id, true)?,
            Effect::Expired => self.signed_out(id, false)?,
        }
        Ok(())
    }

    fn storage_due(&mut self, id: PageId) -> u64 {
        let took = self.pages[id].dice.below(15);
        let device = &mut self.devices[self.pages[id].device];
        device.storage_due = device.storage_due.max(self.queue.now() + took);
        device.storage_due
    }

    fn send(&mut self, id: PageId, frame: &ClientFrame) {
        if let ClientFrame::Refresh { conversation, fault } = frame {
            let device = self.pages[id].device;
            self.oracle.alarm(format!("device {device} gives up conversation {conversation}: {fault:?}"));
        }
        if is_planted(Plant::OutboxRemovedWhenSent)
            && let ClientFrame::Do { client_id, .. } = frame
        {
            self.devices[self.pages[id].device].stored.remove(client_id);
        }
        if let (Some(pipe), Ok(text)) = (&self.pages[id].pipe, serde_json::to_string(frame)) {
            pipe.send(text);
        }
    }

    fn connect(&mut self, id: PageId, socket: Socket) {
        self.leave(id);
        let page = &mut self.pages[id];
        page.calls += 1;
        let call = Call { socket, number: page.calls };
        page.call = Some(call);
        let took = 1 + page.dice.below(20);
        self.queue.after(took, Event::Dial(id, call));
    }

    fn leave(&mut self, id: PageId) {
        self.pages[id].call = None;
        if let Some(pipe) = self.pages[id].pipe.take()
            && let Some(number) = self.pipes.iter().position(|known| std::sync::Arc::ptr_eq(known, &pipe))
        {
            self.queue.after(5, Event::Left(number));
        }
    }
}

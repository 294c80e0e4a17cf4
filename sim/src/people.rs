//! What people do, and what is done to them: the steps of a plan.

mod amend;

use shared::client::{End, Input};
use shared::frame::Deed as Wish;
use shared::id::{ClientId, ConversationId, Seq};
use shared::model::List;
use shared::outbox::State;
use shared::own::{Level, Setting};
use shared::tab;
use uuid::Uuid;

use crate::dice::Dice;
use crate::event::{Event, PageId, Relief};
use crate::oracle::{Broken, Composed};
use crate::pipe::Silence;
use crate::plan::Deed;
use crate::world::World;

impl World {
    /// One step of the plan.
    pub(crate) fn step(&mut self, number: usize) -> Result<(), Broken> {
        let step = self.plan.steps[number].clone();
        self.trace.tell(self.queue.now(), || format!("{:?}", step.deed));
        let mut dice = Dice::new(step.roll);
        match step.deed {
            Deed::Crash | Deed::CrashAfterCommit | Deed::Full => self.harm_servers(step.deed, &mut dice),
            Deed::Backup => self.backup = self.site.disk.bytes().ok(),
            Deed::Restore => self.restore(&mut dice)?,
            Deed::SignOut => {
                let device = usize::try_from(dice.below(self.devices.len() as u64)).unwrap_or(0);
                let server = usize::try_from(dice.below(self.servers.len() as u64)).unwrap_or(0);
                if self.servers[server].is_alive() {
                    self.servers[server].sign_out(self.devices[device].session, device);
                }
            }
            Deed::OpenPage => {
                let device = usize::try_from(dice.below(self.devices.len() as u64)).unwrap_or(0);
                let open = self.pages.iter().filter(|page| page.alive && page.device == device).count();
                if open < 3 && self.devices[device].signed_out.is_none() {
                    self.open_page(device);
                }
            }
            deed => self.step_at_a_page(deed, &mut dice)?,
        }
        Ok(())
    }

    /// One step that concerns one page, and its person if it is awake.
    fn step_at_a_page(&mut self, deed: Deed, dice: &mut Dice) -> Result<(), Broken> {
        let alive: Vec<PageId> = (0..self.pages.len()).filter(|id| self.pages[*id].alive).collect();
        let Some(id) = dice.pick(&alive).copied() else { return Ok(()) };
        match deed {
            Deed::Cut | Deed::Silence | Deed::HalfClose | Deed::Stall => self.harm_connection(deed, id, dice),
            Deed::ClosePage | Deed::Reload | Deed::Freeze | Deed::Skew => self.harm_page(deed, id, dice),
            _ if self.pages[id].asleep => {}
            Deed::Say => self.say(id, dice)?,
            Deed::Amend => self.amend(id, dice)?,
            deed => {
                let inputs = self.wishes(deed, id, dice);
                inputs.into_iter().try_for_each(|input| self.tell(id, tab::Event::Client(input)))?;
            }
        }
        Ok(())
    }

    fn harm_servers(&mut self, deed: Deed, dice: &mut Dice) {
        let server = usize::try_from(dice.below(self.servers.len() as u64)).unwrap_or(0);
        match deed {
            Deed::Full => {
                self.site.full.store(true, std::sync::atomic::Ordering::Relaxed);
                self.queue.after(dice.below(3_000), Event::Over(Relief::Room));
            }
            Deed::CrashAfterCommit => self.servers[server].doom(),
            _ if self.servers[server].is_alive() => self.crash(server, dice.below(3_000)),
            _ => {}
        }
    }

    fn harm_connection(&mut self, deed: Deed, id: PageId, dice: &mut Dice) {
        let Some(pipe) = self.pages[id].pipe.clone() else { return };
        let Some(number) = self.pipes.iter().position(|known| std::sync::Arc::ptr_eq(known, &pipe)) else {
            return;
        };
        match deed {
            Deed::Cut => self.queue.after(0, Event::Lost(number)),
            Deed::Silence => pipe.silence(Silence::Both),
            Deed::HalfClose => pipe.silence(if dice.chance(50) { Silence::Up } else { Silence::Down }),
            _ => {
                pipe.stall();
                self.queue.after(100 + dice.below(6_000), Event::Over(Relief::Flow(number)));
            }
        }
    }

    fn harm_page(&mut self, deed: Deed, id: PageId, dice: &mut Dice) {
        let device = self.pages[id].device;
        match deed {
            Deed::ClosePage => self.close_page(id),
            Deed::Reload => {
                self.close_page(id);
                self.open_page(device);
            }
            Deed::Freeze => {
                self.pages[id].asleep = true;
                self.queue.after(100 + dice.below(8_000), Event::Over(Relief::Thaw(id)));
            }
            _ => self.devices[device].skew = dice.below(86_400_000),
        }
    }

    /// Somebody says one thing after the other in a conversation that their page shows.
    fn say(&mut self, id: PageId, dice: &mut Dice) -> Result<(), Broken> {
        let Some(conversation) = self.conversation(id, dice) else { return Ok(()) };
        let device = self.pages[id].device;
        let author = self.template.people[self.devices[device].person].id;
        for _ in 0..=dice.below(3) {
            let client_id = client_id(dice);
            let Ok(body) = format!("{author} says {:x}", dice.next()).try_into() else { return Ok(()) };
            self.oracle.composed.push(Composed { author, page: id, conversation, client_id });
            self.devices[device].drafts.insert(client_id);
            self.tell(id, tab::Event::Client(Input::Do(client_id, Wish::post(conversation, body))))?;
        }
        Ok(())
    }

    fn conversation(&self, id: PageId, dice: &mut Dice) -> Option<ConversationId> {
        let rooms: Vec<ConversationId> =
            self.pages[id].tab.client().list().iter().map(|room| room.summary().id).collect();
        dice.pick(&rooms).copied()
    }

    /// What else a person does.
    fn wishes(&mut self, deed: Deed, id: PageId, dice: &mut Dice) -> Vec<Input> {
        if deed == Deed::Make {
            return self.make(dice).into_iter().collect();
        }
        if deed == Deed::Settle {
            return self.settle_failed(id, dice).into_iter().collect();
        }
        let Some(conversation) = self.conversation(id, dice) else { return Vec::new() };
        match deed {
            Deed::Read => {
                let room = self.pages[id].tab.client().room(conversation);
                let cursor = room.map_or(Seq::ZERO, |room| room.timeline().cursor());
                let back = dice.below(3);
                let seq = Seq::try_from(cursor.get().saturating_sub(back)).unwrap_or(cursor);
                vec![Input::MarkRead(conversation, seq)]
            }
            Deed::Open => vec![Input::Open(conversation), Input::Watch(conversation)],
            Deed::Members => {
                let people: Vec<_> = self.template.people.iter().map(|person| person.id).collect();
                let Some(user) = dice.pick(&people).copied() else { return Vec::new() };
                let wish = match dice.below(5) {
                    0 | 1 => Wish::Add { conversation, user },
                    2 | 3 => Wish::Remove { conversation, user },
                    _ => Wish::Leave { conversation },
                };
                vec![Input::Do(client_id(dice), wish)]
            }
            Deed::Type => vec![self.type_in(id, conversation, dice), Input::Type(conversation)],
            Deed::Set => {
                let level = [Level::All, Level::Mentions, Level::None]
                    [usize::from(dice.chance(50)) + usize::from(dice.chance(30))];
                vec![Input::Do(client_id(dice), Wish::Keep { own: Setting::level(conversation, level) })]
            }
            Deed::GoTo => self.go_to(id, conversation, dice),
            Deed::Older => vec![Input::Open(conversation), Input::LoadOlder(conversation)],
            _ => Vec::new(),
        }
    }

    /// Somebody types over what their page shows.
    fn type_in(&self, id: PageId, conversation: ConversationId, dice: &mut Dice) -> Input {
        let (client, desk) = (self.pages[id].tab.client(), (conversation, None));
        let was = client.draft(desk).map_or(String::new(), |(text, _)| text.to_owned());
        if client.draft_elsewhere(desk).is_some() && dice.chance(70) {
            return if dice.chance(50) { Input::TakeDraft(desk) } else { Input::KeepDraft(desk) };
        }
        let text = if dice.chance(30) { String::new() } else { format!("{was}{:x}", dice.below(16)) };
        Input::Draft { desk, was, text, reply: None }
    }

    fn go_to(&self, id: PageId, conversation: ConversationId, dice: &mut Dice) -> Vec<Input> {
        let tab = &self.pages[id].tab;
        let viewer = tab.id();
        let head = tab.client().room(conversation).map_or(Seq::ZERO, |room| room.timeline().cursor());
        let seq = Seq::try_from(1 + dice.below(head.get().max(1))).unwrap_or(head);
        match dice.below(8) {
            0 => vec![Input::LeaveWindow(viewer, conversation)],
            1 => vec![Input::Extend(viewer, End::Older)],
            2 | 3 => vec![Input::Extend(viewer, End::Newer)],
            _ => vec![Input::Open(conversation), Input::GoTo(viewer, conversation, seq)],
        }
    }

    fn settle_failed(&mut self, id: PageId, dice: &mut Dice) -> Option<Input> {
        let outbox = self.pages[id].tab.client().outbox();
        let failed: Vec<ClientId> = outbox
            .iter()
            .filter(|pending| matches!(pending.state, State::Failed { .. }))
            .map(|pending| pending.client_id)
            .collect();
        let client_id = *dice.pick(&failed)?;
        self.oracle.settled.insert(client_id);
        Some(if dice.chance(50) { Input::Retry(client_id) } else { Input::Discard(client_id) })
    }

    fn make(&mut self, dice: &mut Dice) -> Option<Input> {
        let people: Vec<_> = self.template.people.iter().map(|person| person.id).collect();
        let other = *dice.pick(&people)?;
        let title = format!("room {:x}", dice.below(1_000)).try_into().ok()?;
        let wish = match dice.below(4) {
            0 => Wish::MakeChannel { title },
            1 => Wish::MakeGroup { title, people: List::first([other]) },
            2 => Wish::OpenDirect { with: other },
            _ => Wish::Join { conversation: (1 + dice.below(8)).try_into().ok()? },
        };
        Some(Input::Do(client_id(dice), wish))
    }
}

fn client_id(dice: &mut Dice) -> ClientId {
    ClientId(Uuid::from_u128(u128::from(dice.next()) << 64 | u128::from(dice.next())))
}

//! Who is in a conversation, by its log alone.

use std::collections::BTreeMap;

use shared::id::{Seq, UserId};
use shared::model::{Change, What};

/// Everyone who ever was in a conversation; for who left, the last place they may see.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Fold {
    members: BTreeMap<UserId, Option<Seq>>,
    maker: Option<UserId>,
}

impl Fold {
    /// Takes the next change in; says what it cannot have done.
    pub(super) fn apply(&mut self, change: &Change) -> Result<(), &'static str> {
        match &change.what {
            What::Created { people } => {
                if change.seq != Seq::ZERO.next() {
                    return Err("makes a conversation that is there already");
                }
                self.maker = Some(change.author);
                self.members.extend(people.iter().map(|user| (*user, None)));
            }
            _ if change.seq == Seq::ZERO.next() => return Err("comes before the conversation was made"),
            What::Joined { user } => {
                if self.members.insert(*user, None) == Some(None) {
                    return Err("lets somebody in who is in already");
                }
            }
            What::Left { user } => {
                if self.members.insert(*user, Some(change.seq)) != Some(None) {
                    return Err("lets somebody go who was not in");
                }
            }
            What::Unknown => return Err("is of a kind that this version does not write"),
            _ => {
                if change.what.target().is_some_and(|target| target >= change.seq) {
                    return Err("alters what comes after it");
                }
                if self.members.get(&change.author) != Some(&None) {
                    return Err("is by somebody who was not in");
                }
            }
        }
        Ok(())
    }

    /// The first person of whom the log and the table of members do not say the same.
    pub(super) fn differs(&self, table: &Self) -> Option<UserId> {
        let known = self.members.keys().chain(table.members.keys());
        known.copied().find(|user| self.members.get(user) != table.members.get(user))
    }

    /// A row of the table of members.
    pub(super) fn row(&mut self, user: UserId, left: Option<Seq>) {
        self.members.insert(user, left);
    }

    /// Whether this person made it.
    pub(super) fn is_made_by(&self, user: UserId) -> bool {
        self.maker == Some(user)
    }

    /// Everyone who is in now.
    pub(super) fn present(&self) -> impl Iterator<Item = UserId> {
        self.members.iter().filter(|(_, left)| left.is_none()).map(|(user, _)| *user)
    }
}

//! Who may do what: one table, for server and client alike.

use serde::{Deserialize, Serialize};

use crate::model::Kind;

/// What a person is on this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerRole {
    /// The first account; owns the server.
    Owner,
    /// Everyone else.
    Member,
    /// A role of a newer server; may do nothing here.
    #[serde(other)]
    Unknown,
}

/// What a person may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Write in a conversation they are in.
    Post,
    /// Change the text of a message of their own.
    Edit,
    /// Take back a message of their own.
    Recall,
    /// Put an emoji under a message.
    React,
    /// Pin a message to a conversation they are in, or take it down.
    Pin,
    /// Vote in a poll, add a line to a chain, close one of their own.
    FillIn,
    /// Make a channel.
    MakeChannel,
    /// Make a group.
    MakeGroup,
    /// Open a direct conversation.
    OpenDirect,
    /// Join a channel.
    JoinChannel,
    /// Bring somebody into a conversation.
    AddPerson,
    /// Take somebody else out of a conversation.
    RemovePerson,
    /// Leave a conversation.
    Leave,
    /// Invite a new person to the server.
    Invite,
}

/// What a person is in one conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberRole {
    /// Made it.
    Owner,
    /// Everyone else.
    Member,
}

/// Whether someone with this role on the server may do that. What they may in a conversation is [`may_in`].
pub const fn may(role: ServerRole, act: Act) -> bool {
    match role {
        ServerRole::Owner => true,
        ServerRole::Member => !matches!(act, Act::Invite),
        ServerRole::Unknown => false,
    }
}

/// Whether a member with this role may do that in a conversation of this kind, as far as it concerns who is in it;
/// `everyone` where every account is. Nobody goes from what everyone is in, and two people stay two.
pub const fn may_in(kind: Kind, everyone: bool, role: MemberRole, act: Act) -> bool {
    match (act, kind) {
        _ if everyone => false,
        // Whoever wants to come into a channel joins it.
        (Act::AddPerson, Kind::Group) | (Act::Leave, Kind::Group | Kind::Channel) => true,
        (Act::RemovePerson, Kind::Group | Kind::Channel) => matches!(role, MemberRole::Owner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_in_a_conversation_is_up_to_its_members_and_its_maker() {
        use MemberRole::{Member, Owner};
        let check = |kind, role, expected: [bool; 3]| {
            let acts = [Act::AddPerson, Act::RemovePerson, Act::Leave];
            assert_eq!(acts.map(|act| may_in(kind, false, role, act)), expected, "{kind:?} {role:?}");
            assert_eq!(acts.map(|act| may_in(kind, true, role, act)), [false; 3], "everyone stays");
        };
        check(Kind::Group, Member, [true, false, true]);
        check(Kind::Group, Owner, [true, true, true]);
        check(Kind::Channel, Member, [false, false, true]);
        check(Kind::Channel, Owner, [false, true, true]);
        for kind in [Kind::Direct, Kind::Unknown] {
            check(kind, Owner, [false; 3]);
        }
    }

    #[test]
    fn only_the_owner_invites_and_an_unknown_role_may_nothing() {
        for act in [
            Act::Post,
            Act::Edit,
            Act::Recall,
            Act::React,
            Act::Pin,
            Act::FillIn,
            Act::MakeChannel,
            Act::MakeGroup,
            Act::OpenDirect,
            Act::JoinChannel,
            Act::AddPerson,
            Act::RemovePerson,
            Act::Leave,
            Act::Invite,
        ] {
            assert!(may(ServerRole::Owner, act));
            assert_eq!(may(ServerRole::Member, act), act != Act::Invite);
            assert!(!may(ServerRole::Unknown, act));
        }
    }
}

//! Who may do what: one table, for server and client alike.

use serde::{Deserialize, Serialize};

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
    /// Make a channel.
    MakeChannel,
    /// Make a group.
    MakeGroup,
    /// Open a direct conversation.
    OpenDirect,
    /// Join a channel.
    JoinChannel,
    /// Invite a new person to the server.
    Invite,
}

/// Whether someone with this role may do that. Membership of the conversation is a separate proof.
pub const fn may(role: ServerRole, act: Act) -> bool {
    match role {
        ServerRole::Owner => true,
        ServerRole::Member => !matches!(act, Act::Invite),
        ServerRole::Unknown => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_owner_invites_and_an_unknown_role_may_nothing() {
        for act in
            [Act::Post, Act::MakeChannel, Act::MakeGroup, Act::OpenDirect, Act::JoinChannel, Act::Invite]
        {
            assert!(may(ServerRole::Owner, act));
            assert_eq!(may(ServerRole::Member, act), act != Act::Invite);
            assert!(!may(ServerRole::Unknown, act));
        }
    }
}

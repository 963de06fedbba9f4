//! The activity log of a message: what happened, who did it, and the sentence that says so.

use crate::{ActivityId, Instant, MessageId, UserId};

/// A row of a message's activity log. Nothing is ever removed from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its identifier.
    pub id: ActivityId,
    /// The message that it is about.
    pub message_id: MessageId,
    /// What happened, who did it, to whom, and why.
    pub event: Event,
    /// When.
    pub at: Instant,
}

/// Something that happened to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: ActivityKind,
    /// The user who did it; `None` when it was the system.
    pub actor_id: Option<UserId>,
    /// That user's name, as it was then; `""` for the system.
    pub actor_name: String,
    /// Whom or what it was done to: an address, a person; `""` if nothing.
    pub subject: String,
    /// Why, or what was answered; `""` if nothing.
    pub detail: String,
}

/// What can happen to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is said in a sentence below")]
pub enum ActivityKind {
    Taken,
    Queued,
    Sent,
    Captured,
    Reached,
    Retrying,
    Unsure,
    Failed,
    Read,
    Unread,
    PickedUp,
    PutBack,
    Acknowledged,
    Closed,
    Reopened,
    Noted,
    Disposed,
}

impl ActivityKind {
    /// All of them.
    pub const ALL: [ActivityKind; 17] = [
        ActivityKind::Taken,
        ActivityKind::Queued,
        ActivityKind::Sent,
        ActivityKind::Captured,
        ActivityKind::Reached,
        ActivityKind::Retrying,
        ActivityKind::Unsure,
        ActivityKind::Failed,
        ActivityKind::Read,
        ActivityKind::Unread,
        ActivityKind::PickedUp,
        ActivityKind::PutBack,
        ActivityKind::Acknowledged,
        ActivityKind::Closed,
        ActivityKind::Reopened,
        ActivityKind::Noted,
        ActivityKind::Disposed,
    ];

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ActivityKind::Taken => "taken",
            ActivityKind::Queued => "queued",
            ActivityKind::Sent => "sent",
            ActivityKind::Captured => "captured",
            ActivityKind::Reached => "reached",
            ActivityKind::Retrying => "retrying",
            ActivityKind::Unsure => "unsure",
            ActivityKind::Failed => "failed",
            ActivityKind::Read => "read",
            ActivityKind::Unread => "unread",
            ActivityKind::PickedUp => "picked_up",
            ActivityKind::PutBack => "put_back",
            ActivityKind::Acknowledged => "acknowledged",
            ActivityKind::Closed => "closed",
            ActivityKind::Reopened => "reopened",
            ActivityKind::Noted => "noted",
            ActivityKind::Disposed => "disposed",
        }
    }

    /// The kind with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// An event of this kind that a user caused.
    pub fn by(self, id: UserId, name: &str) -> Event {
        Event {
            kind: self,
            actor_id: Some(id),
            actor_name: name.to_owned(),
            subject: String::new(),
            detail: String::new(),
        }
    }

    /// An event of this kind that nobody in particular caused.
    pub fn by_system(self, subject: &str, detail: &str) -> Event {
        Event {
            kind: self,
            actor_id: None,
            actor_name: String::new(),
            subject: subject.to_owned(),
            detail: detail.to_owned(),
        }
    }
}

impl Event {
    /// The event as one sentence for a person.
    pub fn sentence(&self) -> String {
        let who = if self.actor_name.is_empty() { "Liberty" } else { &self.actor_name };
        let (to, why) = (&self.subject, &self.detail);
        match self.kind {
            ActivityKind::Taken => format!("{who} took the message."),
            ActivityKind::Queued => format!("E-mail to {to} was queued."),
            ActivityKind::Sent => format!("E-mail to {to} was accepted by the mail server."),
            ActivityKind::Captured => {
                format!("E-mail to {to} was captured, not sent: no mail server is configured.")
            }
            ActivityKind::Reached => format!("E-mail to {to} arrived."),
            ActivityKind::Retrying => {
                format!("E-mail to {to} did not go out and is tried again: {why}")
            }
            ActivityKind::Unsure => {
                format!(
                    "E-mail to {to} may have gone out and is sent again with the same id: {why}"
                )
            }
            ActivityKind::Failed => format!("E-mail to {to} failed: {why}"),
            ActivityKind::Read => format!("{who} marked it as read."),
            ActivityKind::Unread => format!("{who} marked it as unread."),
            ActivityKind::PickedUp => format!("{who} picked it up."),
            ActivityKind::PutBack => format!("{who} put it back."),
            ActivityKind::Acknowledged => format!("{who} acknowledged it."),
            ActivityKind::Closed => format!("{who} closed it."),
            ActivityKind::Reopened => format!("{who} reopened it."),
            ActivityKind::Noted => format!("{who} changed the note."),
            ActivityKind::Disposed if why.is_empty() => format!("{who} cleared the disposition."),
            ActivityKind::Disposed => format!("{who} set the disposition to “{why}”."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for kind in ActivityKind::ALL {
            assert_eq!(ActivityKind::parse(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn every_event_is_a_sentence() {
        for kind in ActivityKind::ALL {
            let event = kind.by_system("jane@law.example", "the server was busy.");
            assert!(event.sentence().ends_with('.'), "{}", event.sentence());
        }
        let read = ActivityKind::Read.by(UserId(3), "Ann");
        assert_eq!(read.sentence(), "Ann marked it as read.");
    }
}

//! The activity log of a message: what happened, who did it, and the sentence that says so.

use crate::{ActivityId, Channel, Instant, MessageId, UserId};

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
    EscalationBegun,
    Escalated,
    Resumed,
    Expired,
    Exhausted,
    NobodyTold,
    Held,
    Released,
    Replied,
    PassedOn,
    Withdrawn,
    NotMessage,
    Handled,
    Corrected,
    SentAgain,
}

impl ActivityKind {
    /// All of them.
    pub const ALL: [ActivityKind; 32] = [
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
        ActivityKind::EscalationBegun,
        ActivityKind::Escalated,
        ActivityKind::Resumed,
        ActivityKind::Expired,
        ActivityKind::Exhausted,
        ActivityKind::NobodyTold,
        ActivityKind::Held,
        ActivityKind::Released,
        ActivityKind::Replied,
        ActivityKind::PassedOn,
        ActivityKind::Withdrawn,
        ActivityKind::NotMessage,
        ActivityKind::Handled,
        ActivityKind::Corrected,
        ActivityKind::SentAgain,
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
            ActivityKind::EscalationBegun => "escalation_begun",
            ActivityKind::Escalated => "escalated",
            ActivityKind::Resumed => "resumed",
            ActivityKind::Expired => "expired",
            ActivityKind::Exhausted => "exhausted",
            ActivityKind::NobodyTold => "nobody_told",
            ActivityKind::Held => "held",
            ActivityKind::Released => "released",
            ActivityKind::Replied => "replied",
            ActivityKind::PassedOn => "passed_on",
            ActivityKind::Withdrawn => "withdrawn",
            ActivityKind::NotMessage => "not_message",
            ActivityKind::Handled => "handled",
            ActivityKind::Corrected => "corrected",
            ActivityKind::SentAgain => "sent_again",
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
        let (what, why) = (self.subject.as_str(), self.detail.as_str());
        match self.kind {
            ActivityKind::Taken => format!("{who} took the message."),
            ActivityKind::Queued
            | ActivityKind::Sent
            | ActivityKind::Captured
            | ActivityKind::Reached
            | ActivityKind::Retrying
            | ActivityKind::Unsure
            | ActivityKind::Failed
            | ActivityKind::Withdrawn => sent(self.kind, &sending(what), why),
            ActivityKind::Read => format!("{who} marked it as read."),
            ActivityKind::Unread => format!("{who} marked it as unread."),
            ActivityKind::PickedUp => format!("{who} picked it up."),
            ActivityKind::PutBack => format!("{who} put it back."),
            ActivityKind::Acknowledged if why.is_empty() => format!("{who} acknowledged it."),
            ActivityKind::Acknowledged => format!("{who} acknowledged it {why}."),
            ActivityKind::Closed => format!("{who} closed it."),
            ActivityKind::Reopened => format!("{who} reopened it."),
            ActivityKind::Noted => format!("{who} changed the note."),
            ActivityKind::Disposed if why.is_empty() => format!("{who} cleared the disposition."),
            ActivityKind::Disposed => format!("{who} set the disposition to “{why}”."),
            ActivityKind::EscalationBegun => format!("Escalation “{what}” began with {why}."),
            ActivityKind::Escalated => format!("It went up to {why} of “{what}”."),
            ActivityKind::Resumed => {
                format!("Escalation “{what}” goes on: {why} is told once more.")
            }
            ActivityKind::Expired if what.is_empty() => "The acknowledgement expired.".to_owned(),
            ActivityKind::Expired => {
                format!("The acknowledgement expired: {why} of “{what}” is told once more.")
            }
            ActivityKind::Exhausted => format!("{why} Agents have to see to it."),
            ActivityKind::NobodyTold => why.to_owned(),
            ActivityKind::Held => format!("It is held until {why}."),
            ActivityKind::Released => format!("It was let out{why}."),
            ActivityKind::Replied => format!("{who} replied {what}: “{why}”"),
            ActivityKind::PassedOn => format!("{who} passed it on to the next level {why}."),
            ActivityKind::NotMessage => format!("{who} noted that it is no message: {why}."),
            ActivityKind::Handled => format!("{who} saw to it: {why}"),
            ActivityKind::Corrected => format!("{who} corrected it: {why}."),
            ActivityKind::SentAgain if what.is_empty() => format!("{who} had it sent again."),
            ActivityKind::SentAgain => format!("{who} had it sent to {what}."),
        }
    }
}

/// How a delivery is named in sentences: `SMS to Jane Hart (+15615550100)`.
pub fn delivery_named(channel: Channel, recipient: &str, address: &str) -> String {
    let noun = channel.noun();
    match recipient {
        "" => format!("{noun} to {address}"),
        name => format!("{noun} to {name} ({address})"),
    }
}

/// The name of a delivery in a sentence. Rows of before there were channels hold an address only.
fn sending(subject: &str) -> String {
    let is_named = |channel: &Channel| subject.starts_with(&format!("{} to ", channel.noun()));
    match Channel::ALL.iter().any(is_named) {
        true => subject.to_owned(),
        false => format!("E-mail to {subject}"),
    }
}

/// How a delivery went, in a sentence.
fn sent(kind: ActivityKind, what: &str, why: &str) -> String {
    let is_mail = what.starts_with(Channel::Email.noun());
    let carrier = if is_mail { "mail server" } else { "carrier" };
    match kind {
        ActivityKind::Queued if why.is_empty() => format!("{what} was queued."),
        ActivityKind::Queued => format!("{what} was queued: {why}."),
        ActivityKind::Sent => format!("{what} was accepted by the {carrier}."),
        ActivityKind::Captured => {
            format!("{what} was captured, not sent: no {carrier} is configured.")
        }
        ActivityKind::Reached if why.is_empty() => format!("{what} arrived."),
        ActivityKind::Reached => format!("{what} arrived: {why}."),
        ActivityKind::Retrying => format!("{what} did not go out and is tried again: {why}"),
        ActivityKind::Unsure => {
            format!("{what} may have gone out and is sent again with the same id: {why}")
        }
        ActivityKind::Withdrawn => format!("{what} was taken back: {why}"),
        _ => format!("{what} failed: {why}"),
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
            assert!(event.sentence().ends_with(['.', '”']), "{}", event.sentence());
        }
        let read = ActivityKind::Read.by(UserId(3), "Ann");
        assert_eq!(read.sentence(), "Ann marked it as read.");
        let old = ActivityKind::Queued.by_system("jane@law.example", "");
        assert_eq!(old.sentence(), "E-mail to jane@law.example was queued.");
        let what = delivery_named(Channel::Sms, "Jane", "+15615550100");
        let new = ActivityKind::Queued.by_system(&what, "on call in Nights");
        let said = "SMS to Jane (+15615550100) was queued: on call in Nights.";
        assert_eq!(new.sentence(), said);
    }
}

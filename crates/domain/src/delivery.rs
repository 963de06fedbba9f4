//! A delivery: one thing to be sent to one address over one channel, with its attempts.

mod decide;
mod reach;
mod route;

use crate::{AccountId, ContactId, DeliveryId, DigestId, Instant, MessageId, RunId, limits};

pub use decide::{Decision, Outcome, decide};
pub use reach::Reach;
pub use route::{Route, ServingCarrier};

/// One thing to be sent to one address over one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its identifier.
    pub id: DeliveryId,
    /// The account for which it is sent.
    pub account_id: AccountId,
    /// Why it is sent.
    pub cause: Cause,
    /// Which telling of the message it belongs to: 0 for what was done when it was finished, else
    /// the number of the escalation's telling. What escalates is taken back once it is acknowledged.
    pub telling: i64,
    /// The contact that it goes to.
    pub contact_id: Option<ContactId>,
    /// How it goes.
    pub channel: Channel,
    /// Where it goes: an e-mail address, or a phone as `+` and digits.
    pub address: String,
    /// Whom it goes to.
    pub recipient: String,
    /// Whom it is from: an e-mail address, or a phone as `+` and digits; `""` for the carrier's own.
    pub sender: String,
    /// The name that an e-mail is from; `""` for the carrier's own.
    pub sender_name: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Where it stands.
    pub state: State,
    /// How far it got; `None` before a carrier took it.
    pub reach: Option<Reach>,
    /// The same for every attempt, so that a receiver can tell a repetition: a UUID.
    pub key: String,
    /// Attempts made so far.
    pub attempts: i64,
    /// Those of them that ended because our own process did: they use up no attempt.
    pub crashes: i64,
    /// The carrier of an attempt whose outcome nobody knows: no other may be tried. `""` if none.
    pub pinned: String,
    /// The carrier of the last attempt, `""` before the first.
    pub carrier: String,
    /// What to do when nobody knows whether an attempt went out.
    pub if_unsure: IfUnsure,
    /// Why the last attempt did not succeed, or what the carrier answered; `""` before the first.
    pub detail: String,
    /// After this instant no further attempt is made.
    pub expires_at: Instant,
    /// When it was written.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
}

/// Why something is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// It carries a message.
    Message(MessageId),
    /// It carries several messages at once.
    Digest(DigestId),
    /// It is an occurrence of a To Do.
    Run(RunId),
    /// It answers a text: the confirmation of STOP, START or HELP.
    Reply,
}

impl Cause {
    /// The message that it carries, if it does.
    pub fn message(self) -> Option<MessageId> {
        match self {
            Cause::Message(id) => Some(id),
            Cause::Digest(_) | Cause::Run(_) | Cause::Reply => None,
        }
    }

    /// The run that it belongs to, if it does.
    pub fn run(self) -> Option<RunId> {
        match self {
            Cause::Run(id) => Some(id),
            Cause::Message(_) | Cause::Digest(_) | Cause::Reply => None,
        }
    }

    /// The digest that it carries, if it does.
    pub fn digest(self) -> Option<DigestId> {
        match self {
            Cause::Digest(id) => Some(id),
            Cause::Message(_) | Cause::Run(_) | Cause::Reply => None,
        }
    }
}

/// How something is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// E-mail over SMTP.
    Email,
    /// A text message to a phone.
    Sms,
    /// A call that speaks the text.
    Call,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; 3] = [Channel::Email, Channel::Sms, Channel::Call];

    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
            Channel::Call => "call",
        }
    }

    /// The channel with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word)
    }

    /// The word for one of its sends, as a sentence begins with it.
    pub fn noun(self) -> &'static str {
        match self {
            Channel::Email => "E-mail",
            Channel::Sms => "SMS",
            Channel::Call => "Call",
        }
    }

    /// What is done about an attempt of unknown outcome, where nobody said otherwise: a doubled
    /// text is better than none, but nobody wants to be called twice by a machine.
    pub fn if_unsure(self) -> IfUnsure {
        match self {
            Channel::Email | Channel::Sms => IfUnsure::Repeat,
            Channel::Call => IfUnsure::Stop,
        }
    }

    /// Attempts that one delivery gets before it counts as failed.
    pub fn attempts(self) -> i64 {
        match self {
            Channel::Email => limits::EMAIL_ATTEMPTS,
            Channel::Sms => limits::SMS_ATTEMPTS,
            Channel::Call => limits::CALL_ATTEMPTS,
        }
    }

    /// How long one delivery is tried at most, in milliseconds.
    pub fn life_ms(self) -> i64 {
        match self {
            Channel::Email => limits::EMAIL_LIFE_MS,
            Channel::Sms => limits::SMS_LIFE_MS,
            Channel::Call => limits::CALL_LIFE_MS,
        }
    }

    /// How long one attempt may take, in milliseconds. A call takes as long as people do.
    pub fn deadline_ms(self) -> i64 {
        match self {
            Channel::Email | Channel::Sms => limits::SEND_DEADLINE_MS,
            Channel::Call => limits::CALL_DEADLINE_MS,
        }
    }
}

/// What to do when nobody knows whether an attempt went out, and the carrier cannot tell either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IfUnsure {
    /// Send again: a duplicate is better than a silence.
    Repeat,
    /// Stop: a silence is better than a duplicate.
    Stop,
}

impl IfUnsure {
    /// The word for it in the API and the database.
    pub fn as_str(self) -> &'static str {
        match self {
            IfUnsure::Repeat => "repeat",
            IfUnsure::Stop => "stop",
        }
    }

    /// The choice with this word.
    pub fn parse(word: &str) -> Option<Self> {
        [IfUnsure::Repeat, IfUnsure::Stop].into_iter().find(|choice| choice.as_str() == word)
    }
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Waits for its next attempt.
    Queued,
    /// An attempt has started and has no outcome yet.
    Sending,
    /// The carrier took it.
    Sent,
    /// Kept instead of sent, because no carrier is configured.
    Captured,
    /// It will not be tried again.
    Failed,
    /// Somebody took it back before it went out.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [State; 6] = [
        State::Queued,
        State::Sending,
        State::Sent,
        State::Captured,
        State::Failed,
        State::Cancelled,
    ];

    /// The word for it in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Queued => "queued",
            State::Sending => "sending",
            State::Sent => "sent",
            State::Captured => "captured",
            State::Failed => "failed",
            State::Cancelled => "cancelled",
        }
    }

    /// The state with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether no further attempt will be made.
    pub fn is_final(self) -> bool {
        !matches!(self, State::Queued | State::Sending)
    }
}

impl Delivery {
    /// All that [`Delivery::rung`] may be.
    pub const RUNGS: [&'static str; 11] = [
        "queued",
        "sending",
        "sent",
        "reached_handset",
        "reached_machine",
        "reached_person",
        "read",
        "acknowledged",
        "captured",
        "failed",
        "cancelled",
    ];

    /// A delivery that waits for its first attempt, with an empty text.
    pub fn queued(
        account_id: AccountId,
        cause: Cause,
        channel: Channel,
        address: String,
        key: String,
        now: Instant,
    ) -> Self {
        Delivery {
            id: DeliveryId(0),
            account_id,
            cause,
            telling: 0,
            contact_id: None,
            channel,
            address,
            recipient: String::new(),
            sender: String::new(),
            sender_name: String::new(),
            subject: String::new(),
            body: String::new(),
            state: State::Queued,
            reach: None,
            key,
            attempts: 0,
            crashes: 0,
            pinned: String::new(),
            carrier: String::new(),
            if_unsure: channel.if_unsure(),
            detail: String::new(),
            expires_at: now.plus_ms(match cause {
                Cause::Message(_) | Cause::Digest(_) => limits::MESSAGE_LIFE_MS,
                Cause::Run(_) | Cause::Reply => channel.life_ms(),
            }),
            created_at: now,
            updated_at: now,
        }
    }

    /// The rung of the ladder that it stands on, in one word: `queued`, `sending`, `sent`,
    /// `reached_handset`, `reached_machine`, `reached_person`, `read`, `acknowledged`, `captured`,
    /// `failed` or `cancelled`.
    pub fn rung(&self) -> &'static str {
        match (self.state, self.reach) {
            (State::Sent, Some(Reach::Handset)) => "reached_handset",
            (State::Sent, Some(Reach::Machine)) => "reached_machine",
            (State::Sent, Some(Reach::Person)) => "reached_person",
            (State::Sent, Some(Reach::Read)) => "read",
            (State::Sent, Some(Reach::Acknowledged)) => "acknowledged",
            (state, _) => state.as_str(),
        }
    }

    /// Takes in what its carrier reports later: what is known never becomes less, and nothing is
    /// reported about what never went out. A call that failed is made again, if one is left.
    pub fn learn(&mut self, report: &Result<Reach, String>, now: Instant) -> Learned {
        if self.state != State::Sent {
            return Learned::Nothing;
        }
        let learned = match report {
            Ok(reach) if self.reach < Some(*reach) => {
                self.reach = Some(*reach);
                Learned::Reached
            }
            // A failure after something had already arrived is a late or forged report.
            Err(reason) if self.reach <= Some(Reach::Carrier) => self.undo(reason, now),
            Ok(_) | Err(_) => return Learned::Nothing,
        };
        self.updated_at = now;
        learned
    }

    /// What the carrier took did not arrive.
    fn undo(&mut self, reason: &str, now: Instant) -> Learned {
        if self.channel == Channel::Call {
            let outcome = Outcome::Absent(reason.to_owned());
            if let Some(again_at) = decide(self, &outcome, false, now, 0).again_at {
                self.state = State::Queued;
                self.reach = None;
                reason.clone_into(&mut self.detail);
                return Learned::Again(again_at);
            }
        }
        self.state = State::Failed;
        reason.clone_into(&mut self.detail);
        Learned::Failed
    }
}

/// What a carrier's report changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learned {
    /// Nothing: it was known, or cannot be.
    Nothing,
    /// It got further.
    Reached,
    /// It failed, for good.
    Failed,
    /// It failed, and is tried again at this instant.
    Again(Instant),
}

/// One try to send a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// 1 for the first.
    pub number: i64,
    /// The carrier that was asked; `""` if it was captured.
    pub carrier: String,
    /// Whether an earlier attempt of unknown outcome may have gone out too, so that the recipient
    /// may have got it twice.
    pub may_double: bool,
    /// When it was written down, before anything was sent.
    pub started_at: Instant,
    /// When its outcome was written down; `None` while it is under way or after a crash.
    pub finished_at: Option<Instant>,
    /// `sent`, `captured`, `later`, `absent`, `never`, `unknown`; `""` while there is none.
    pub outcome: String,
    /// What the carrier answered, or the reason in a sentence.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(reach: Reach) -> Delivery {
        let (address, now) = ("+15615550100".to_owned(), Instant::from_ms(0));
        let queued =
            Delivery::queued(AccountId(1), Cause::Reply, Channel::Sms, address, "key".into(), now);
        Delivery { state: State::Sent, reach: Some(reach), ..queued }
    }

    #[test]
    fn reports_only_ever_add() {
        let now = Instant::from_ms(9);
        let check = |from, report: Result<Reach, &str>, rung| {
            let mut delivery = sent(from);
            delivery.learn(&report.map_err(str::to_owned), now);
            assert_eq!(delivery.rung(), rung, "{from:?} {report:?}");
        };
        check(Reach::Carrier, Ok(Reach::Handset), "reached_handset");
        check(Reach::Carrier, Ok(Reach::Carrier), "sent");
        check(Reach::Carrier, Err("The phone is off."), "failed");
        check(Reach::Handset, Ok(Reach::Carrier), "reached_handset");
        check(Reach::Handset, Err("late"), "reached_handset");
        check(Reach::Person, Ok(Reach::Acknowledged), "acknowledged");
        let mut waiting = Delivery { state: State::Queued, reach: None, ..sent(Reach::Carrier) };
        let nothing = waiting.learn(&Ok(Reach::Handset), now);
        assert_eq!(nothing, Learned::Nothing, "it never went out");
        let mut failed = Delivery { state: State::Failed, ..sent(Reach::Carrier) };
        let nothing = failed.learn(&Ok(Reach::Handset), now);
        assert_eq!(nothing, Learned::Nothing, "failed is final");
        let mut call = Delivery { channel: Channel::Call, ..sent(Reach::Carrier) };
        let again = call.learn(&Err("The line was busy.".to_owned()), now);
        assert_eq!(again, Learned::Again(now.plus_ms(limits::ABSENT_WAIT_MS)));
        assert_eq!(call.rung(), "queued");
    }

    #[test]
    fn every_word_reads_back() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.as_str()), Some(channel));
        }
        for choice in [IfUnsure::Repeat, IfUnsure::Stop] {
            assert_eq!(IfUnsure::parse(choice.as_str()), Some(choice));
        }
    }
}

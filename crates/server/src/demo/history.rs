//! What became of each message of the demo: its e-mail, and what its clients did with it. Every
//! step is decided by `domain`, as it would have been on the day.

use app::Actor;
use domain::activity::delivery_named;
use domain::delivery::{self, Cause, Outcome, Reach, State};
use domain::message::Update;
use domain::wording::{LetterSource, compose};
use domain::{
    Account, ActivityKind, Attempt, Channel, Contact, Delivery, Event, Form, Instant, Message,
    Status, Wording, limits,
};
use store::Tx;

use super::chance::Chance;
use crate::Failure;

/// How the e-mail of a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Accepted at once.
    Straight,
    /// Accepted at the second attempt.
    SecondTry,
    /// No answer came, and it went out twice.
    Unsure,
    /// The mailbox does not exist.
    Refused,
    /// No mail server was configured.
    Captured,
}

/// A message with all that happened to it.
pub(crate) struct History {
    message: Message,
    events: Vec<(Event, Instant)>,
    delivery: Delivery,
    attempts: Vec<Attempt>,
}

impl History {
    /// A message that was just taken, and whose e-mail was queued.
    pub(crate) fn taken(
        message: Message,
        account: &Account,
        form: &Form,
        agent: &Actor,
        contact: &Contact,
        key: String,
    ) -> Self {
        let at = message.created_at;
        let letter = LetterSource {
            message: &message,
            account,
            form: Some(form),
            recipient: &contact.name,
            code: "",
            link: "",
        };
        let (subject, body) = compose(&Wording::default(), &letter, Channel::Email);
        let (cause, address) = (Cause::Message(message.id), contact.email.clone());
        let delivery = Delivery {
            contact_id: Some(contact.id),
            recipient: contact.name.clone(),
            subject,
            body,
            ..Delivery::queued(account.id, cause, Channel::Email, address, key, at)
        };
        let what = delivery_named(Channel::Email, &contact.name, &contact.email);
        let events = vec![
            (ActivityKind::Taken.by(agent.user_id, &agent.name), at),
            (ActivityKind::Queued.by_system(&what, ""), at),
        ];
        History { message, events, delivery, attempts: Vec::new() }
    }

    /// Sends the e-mail, as it went.
    pub(crate) fn send(&mut self, way: Way, chance: &mut Chance) {
        let queue = format!("{:08X}", chance.between(0x1000_0000, 0x7fff_ffff));
        let sent = || Outcome::Sent {
            response: format!("250 2.0.0 Ok: queued as {queue}"),
            reach: Reach::Carrier,
            references: Vec::new(),
        };
        let server = "The mail server mail.liberty.example";
        let busy = || Outcome::Later {
            reason: format!("{server} refused the recipient: 451 4.3.0 try later."),
            wait_ms: 0,
        };
        let silent = || Outcome::Unknown(format!("{server} did not answer to the whole mail."));
        let gone = || {
            Outcome::Never(format!("{server} refused the recipient: 550 5.1.1 no such mailbox."))
        };
        let outcomes = match way {
            Way::Straight => vec![sent()],
            Way::SecondTry => vec![busy(), sent()],
            Way::Unsure => vec![silent(), sent()],
            Way::Refused => vec![gone()],
            Way::Captured => vec![Outcome::Captured],
        };
        let mut at = self.message.created_at.plus_ms(chance.between(120, 900));
        for outcome in outcomes {
            at = self.attempt(&outcome, at, chance);
        }
    }

    /// One attempt that starts at an instant; answers when the next one would.
    fn attempt(&mut self, outcome: &Outcome, started_at: Instant, chance: &mut Chance) -> Instant {
        let finished_at = started_at.plus_ms(chance.between(90, 1_400));
        self.delivery.attempts += 1;
        let number = self.delivery.attempts;
        let jitter = u64::try_from(chance.between(0, 1_000_000)).unwrap_or(0);
        let decision = delivery::decide(&self.delivery, outcome, false, finished_at, jitter);
        let is_captured = *outcome == Outcome::Captured;
        let carrier = if is_captured { String::new() } else { "mail".to_owned() };
        self.delivery.carrier.clone_from(&carrier);
        self.attempts.push(Attempt {
            number,
            carrier,
            may_double: matches!(self.attempts.last(), Some(last) if last.outcome == "unknown"),
            started_at,
            finished_at: Some(finished_at),
            outcome: outcome.as_str().to_owned(),
            detail: outcome.detail().to_owned(),
        });
        self.delivery.state = decision.state;
        if let Outcome::Sent { reach, .. } = outcome {
            self.delivery.reach = Some(*reach);
        }
        self.delivery.detail = outcome.detail().to_owned();
        self.delivery.updated_at = finished_at;
        let Delivery { channel, recipient, address, .. } = &self.delivery;
        let what = delivery_named(*channel, recipient, address);
        let event = decision.activity.by_system(&what, outcome.detail());
        self.events.push((event, finished_at));
        let message = &mut self.message;
        match decision.state {
            State::Sent => {
                message.delivered_at = Some(finished_at);
                message.delivered_by = message.agent_id;
                message.delivered_to = Some(self.delivery.address.clone());
                message.status = Status::Delivered;
            }
            State::Failed => message.status = Status::Failed,
            State::Queued | State::Sending | State::Captured | State::Cancelled => {}
        }
        message.touch(finished_at);
        decision.again_at.unwrap_or(finished_at)
    }

    /// Lets a client do with it what clients do; what would lie after `now` has not happened.
    pub(crate) fn settle(
        &mut self,
        client: &Actor,
        now: Instant,
        chance: &mut Chance,
    ) -> Result<(), Failure> {
        let is_old = now.ms_since(self.message.created_at) > limits::DAY_MS;
        let is_urgent = self.message.is_emergency;
        let mut at = self.message.updated_at;
        let mut wait = |low, high, chance: &mut Chance| {
            let factor = if is_urgent { 1 } else { 8 };
            at = at.plus_ms(chance.between(low, high) * limits::MINUTE_MS * factor);
            at
        };
        if !chance.percent(if is_old { 92 } else { 45 }) {
            return Ok(());
        }
        let read = Update { read: Some(true), ..Update::default() };
        self.update(&read, client, wait(1, 25, chance), now)?;
        if chance.percent(if is_urgent { 70 } else { 25 }) {
            let pickup = Update { pickup: Some(true), ..Update::default() };
            self.update(&pickup, client, wait(1, 4, chance), now)?;
        }
        if chance.percent(if is_urgent { 95 } else { 55 }) {
            let done = Update { status: Some(Status::Acknowledged), ..Update::default() };
            self.update(&done, client, wait(1, 6, chance), now)?;
        }
        if chance.percent(18) {
            let note = chance.word(&[
                "Called back, left a voicemail.",
                "Spoke with the caller, all settled.",
                "Second call about the same thing.",
                "Please put this caller through directly next time.",
            ]);
            let note = Update { note: Some(note.to_owned()), ..Update::default() };
            self.update(&note, client, wait(2, 30, chance), now)?;
        }
        if is_old && chance.percent(30) {
            let words = ["Called back", "Appointment made", "Not for us", "Done"];
            let disposition = Some(Some(chance.word(&words).to_owned()));
            let status = Some(Status::Closed);
            let closed = Update { status, disposition, ..Update::default() };
            self.update(&closed, client, wait(10, 90, chance), now)?;
        }
        Ok(())
    }

    fn update(
        &mut self,
        update: &Update,
        by: &Actor,
        at: Instant,
        now: Instant,
    ) -> Result<(), Failure> {
        if at > now {
            return Ok(());
        }
        let done = self.message.update(update, by.user_id, at);
        for kind in done.map_err(app::Error::Invalid)? {
            let mut event = kind.by(by.user_id, &by.name);
            if kind == ActivityKind::Disposed {
                event.detail = self.message.disposition.clone().unwrap_or_default();
            }
            self.events.push((event, at));
        }
        Ok(())
    }

    /// Writes it; answers the message as it is stored.
    pub(crate) async fn write(mut self, tx: &mut Tx) -> Result<Message, store::Error> {
        let tenant = self.message.tenant_id;
        self.message.activities_count = i64::try_from(self.events.len()).unwrap_or(0);
        self.message.id = store::messages::insert(tx.link(), &self.message).await?;
        for (event, at) in &self.events {
            store::activities::insert(tx.link(), tenant, self.message.id, event, *at).await?;
        }
        self.delivery.cause = Cause::Message(self.message.id);
        let id = store::deliveries::insert(tx.link(), tenant, &self.delivery).await?;
        let attempts: Vec<_> = self.attempts.iter().map(|attempt| (tenant, id, attempt)).collect();
        store::attempts::insert_all(tx.link(), &attempts).await?;
        Ok(self.message)
    }
}

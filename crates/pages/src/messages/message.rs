//! One message as its reader sees it: what was said, how to reach the caller, what happened since.

use std::collections::HashMap;

use app::messages::{self, MessageHistory};
use app::{Actor, calls, deliveries};
use domain::escalation::Phase;
use domain::form::{humanised, told};
use domain::user::{Right, check_email};
use domain::{
    Activity, ActivityKind, Delivery, DeliveryId, Instant, Message, MessageId, Recording, Status,
};
use web::Web;

use super::card::{Clock, SentDelivery};
use super::words::state;
use crate::session::{Frame, SignedIn};
use crate::ui::words::or;
use crate::ui::{self, Fact, Moment, State, Tone, mailto};

/// The right half of the messages page.
#[derive(Debug, Clone)]
pub(crate) struct OpenMessage {
    pub(crate) known: MessageDetail,
    reader: Actor,
    pub(crate) clock: Clock,
}

/// A way to reach the caller.
#[derive(Debug, Clone)]
pub(crate) struct CallerWay {
    /// "Callback", "Caller ID", "E-mail".
    pub(crate) label: &'static str,
    /// As a person reads it: "(954) 555-0142".
    pub(crate) shown: String,
    /// `tel:…` or `mailto:…`.
    pub(crate) href: String,
}

/// Where a message stands on its escalation policy.
#[derive(Debug, Clone)]
pub(crate) struct EscalationCard {
    /// "Level 2 of 3, round 1 of 2".
    pub(crate) place: String,
    pub(crate) icon: &'static str,
    pub(crate) tone: Tone,
    /// "Waits for somebody to acknowledge it."
    pub(crate) sentence: &'static str,
    /// What happens next, and when: "Next step".
    pub(crate) next: Option<(&'static str, Moment)>,
    /// Agents may let it begin anew.
    pub(crate) can_restart: bool,
}

/// A message with all that its page tells.
#[derive(Debug, Clone)]
pub(crate) struct MessageDetail {
    pub(crate) detail: MessageHistory,
    /// When its deliveries are tried again, those that are.
    pub(crate) next_tries: HashMap<DeliveryId, Instant>,
    pub(crate) recording: Option<Recording>,
}

impl MessageDetail {
    /// The message for whoever asks, and all that explains it.
    pub(crate) async fn load(web: &Web, visitor: &SignedIn, id: MessageId) -> app::Result<Self> {
        let (app, actor) = (&web.app, &visitor.actor);
        let detail = messages::detail(app, actor, id).await?;
        let mut next_tries = HashMap::new();
        for (delivery, _) in detail.deliveries.iter().filter(|(it, _)| it.attempts > 0) {
            let next = deliveries::next_try(app, actor, delivery).await?;
            next_tries.extend(next.map(|at| (delivery.id, at)));
        }
        let recording = calls::recording_of(app, actor, &detail.message).await?;
        Ok(MessageDetail { detail, next_tries, recording })
    }
}

impl OpenMessage {
    /// The message as its reader sees it.
    pub(crate) fn draw(frame: &Frame, known: MessageDetail) -> Self {
        let clock = Clock::of(&known.detail.account, frame.now);
        OpenMessage { known, reader: frame.actor.clone(), clock }
    }

    pub(crate) fn message(&self) -> &Message {
        &self.known.detail.message
    }

    pub(crate) fn state(&self) -> State {
        let deliveries = self.known.detail.deliveries.iter();
        state(self.message().status, deliveries.map(|(it, _)| (it.state, it.attempts)))
    }

    pub(crate) fn taken_by(&self) -> &str {
        actor_of(&self.known.detail.activities, ActivityKind::Taken)
    }

    pub(crate) fn picked_up_by(&self) -> &str {
        or(actor_of(&self.known.detail.activities, ActivityKind::PickedUp), "somebody")
    }

    pub(crate) fn can_pick_up(&self) -> bool {
        self.message().pickup_date.is_none() && self.can_close()
    }

    pub(crate) fn can_put_back(&self) -> bool {
        let message = self.message();
        message.pickup_date.is_some() && message.pickup_user_id == Some(self.reader.user_id)
    }

    pub(crate) fn can_close(&self) -> bool {
        self.message().status != Status::Closed
    }

    /// When the audio is gone, the call's figures still stand there.
    pub(crate) fn is_kept(&self, recording: &Recording) -> bool {
        recording.is_kept_at(self.clock.now)
    }

    /// When it goes out, while it is held.
    pub(crate) fn held_until(&self) -> Option<Moment> {
        let at = self.message().send_at.filter(|_| self.message().status == Status::Held);
        at.map(|at| self.clock.at(at))
    }

    /// It went out together with others, so that nothing of its own stands below.
    pub(crate) fn went_in_digest(&self) -> bool {
        let detail = &self.known.detail;
        let is_queued = |it: &Activity| it.event.kind == ActivityKind::Queued;
        detail.deliveries.is_empty() && detail.activities.iter().any(is_queued)
    }

    /// What was sent, newest first, what was told together under one title; a title may be empty.
    pub(crate) fn tellings(&self) -> Vec<(String, Vec<SentDelivery<'_>>)> {
        let detail = &self.known.detail;
        let mut all: Vec<(String, Vec<_>)> = Vec::new();
        for (delivery, attempts) in detail.deliveries.iter().rev() {
            let next_try = self.known.next_tries.get(&delivery.id).copied();
            let (may_open, clock) = (self.reader.role.may(Right::SeeOutbox), &self.clock);
            let card = SentDelivery { delivery, attempts, next_try, may_open, clock };
            let title = telling(delivery, detail);
            match all.last_mut() {
                Some((last, cards)) if *last == title => cards.push(card),
                _ => all.push((title, vec![card])),
            }
        }
        all
    }

    /// Where it stands on its policy.
    pub(crate) fn escalation(&self) -> Option<EscalationCard> {
        let (detail, message, clock) = (&self.known.detail, self.message(), &self.clock);
        let standing = detail.escalation.as_ref()?;
        let step = message.next_escalation_at.map(|at| ("Next step", clock.at(at)));
        let holds = standing.ack_until.map(|at| ("The acknowledgement holds until", clock.at(at)));
        let (icon, tone, sentence, next) = match standing.phase {
            Phase::Climbing => ("bell", Tone::Amber, "Waits for somebody to acknowledge it.", step),
            Phase::Resuming => ("bell", Tone::Amber, "Goes on: somebody is told once more.", step),
            Phase::Stopped if !self.can_close() => {
                ("circle-check", Tone::Green, "Stopped: the message is closed.", None)
            }
            Phase::Stopped => ("check-check", Tone::Green, "Stopped: somebody took charge.", holds),
            Phase::Exhausted => {
                let sentence = "Nobody is left to be told. Agents have to see to it.";
                ("siren", Tone::Red, sentence, None)
            }
        };
        let (levels, rounds) = match &detail.policy {
            Some(policy) => (policy.levels.len().to_string(), policy.rounds.to_string()),
            None => ("?".to_owned(), "?".to_owned()),
        };
        let mut place = format!("Level {} of {levels}", standing.position + 1);
        if rounds != "1" {
            place.push_str(&format!(", round {} of {rounds}", standing.round));
        }
        let is_exhausted = standing.phase == Phase::Exhausted && !message.status.is_settled();
        let can_restart = is_exhausted && self.reader.role.may(Right::TakeMessages);
        Some(EscalationCard { place, icon, tone, sentence, next, can_restart })
    }

    /// The caller's numbers and address, each once.
    pub(crate) fn ways(&self) -> Vec<CallerWay> {
        let message = self.message();
        let numbers = [
            ("Callback", &message.phone),
            ("Other phone", &message.alt_phone),
            ("Phone number", &message.phone_number),
            ("Caller ID", &message.caller_id),
        ];
        let mut ways: Vec<CallerWay> = Vec::new();
        for (label, number) in numbers {
            let Some(href) = ui::tel(number) else { continue };
            if !ways.iter().any(|way| way.href == href) {
                ways.push(CallerWay { label, shown: ui::phone(number), href });
            }
        }
        if check_email(&message.email).is_ok() {
            let (shown, href) = (message.email.clone(), mailto(&message.email));
            ways.push(CallerWay { label: "E-mail", shown, href });
        }
        ways
    }

    pub(crate) fn answers(&self) -> Vec<(String, Vec<Fact>)> {
        answers(&self.known.detail)
    }

    pub(crate) fn look(&self, activity: &Activity) -> (&'static str, Tone) {
        look(activity.event.kind)
    }
}

/// What a delivery belongs to; `""` where nothing else went out.
fn telling(delivery: &Delivery, detail: &MessageHistory) -> String {
    match (delivery.telling, &detail.escalation) {
        (_, None) => String::new(),
        (0, Some(_)) => "When the agent had finished".to_owned(),
        (step, Some(_)) => format!("Escalation, step {step}"),
    }
}

/// Who did something last, `""` if nobody did.
fn actor_of(activities: &[Activity], kind: ActivityKind) -> &str {
    let last = activities.iter().rev().find(|activity| activity.event.kind == kind);
    last.map_or("", |activity| &activity.event.actor_name)
}

/// What stands elsewhere on the page already.
const SHOWN: [&str; 6] =
    ["first_name", "last_name", "company_name", "content", "is_emergency", "receiver_name"];

/// What was answered, by the sections of the form and under the labels that the agent read; then
/// what else is known of the message.
fn answers(detail: &MessageHistory) -> Vec<(String, Vec<Fact>)> {
    let message = &detail.message;
    let in_ways = |name: &str| match name {
        "phone" | "alt_phone" | "phone_number" => true,
        "email" => check_email(&message.email).is_ok(),
        _ => false,
    };
    let is_shown = |name: &str, text: &str| {
        let stands = SHOWN.contains(&name) || in_ways(name);
        // A number that no link can call is shown here as it was said.
        let is_lost = in_ways(name) && name != "email" && ui::tel(text).is_none();
        !text.is_empty() && (!stands || is_lost)
    };
    let groups = told(detail.form.as_ref(), &message.answers).into_iter().map(|group| {
        let shown = group.answers.into_iter().filter(|(name, _, text)| is_shown(name, text));
        let facts: Vec<Fact> = shown.map(|(_, label, text)| Fact::new(&label, text)).collect();
        (group.title.to_owned(), facts)
    });
    let mut all: Vec<(String, Vec<Fact>)> = groups.collect();
    all.retain(|(_, facts)| !facts.is_empty());
    let more = beside(detail);
    match all.last_mut() {
        _ if more.is_empty() => {}
        Some((title, facts)) if title.is_empty() => facts.extend(more),
        Some(_) => all.push(("More".to_owned(), more)),
        None => all.push((String::new(), more)),
    }
    // One section needs no title: the card has one.
    if let [(title, _)] = &mut all[..] {
        title.clear();
    }
    all
}

/// What is known of a message besides its answers.
fn beside(detail: &MessageHistory) -> Vec<Fact> {
    let message = &detail.message;
    let label = |name: &str| {
        let label = detail.form.as_ref().and_then(|form| form.label(name));
        label.unwrap_or_else(|| humanised(name))
    };
    let mut facts = Vec::new();
    let columns = [
        ("extension", &message.extension),
        ("address", &message.address),
        ("address2", &message.address2),
        ("city", &message.city),
        ("state", &message.state),
        ("zip", &message.zip),
        ("how_you_hear_about_us", &message.how_you_hear_about_us),
        ("note", &message.note),
    ];
    for (name, text) in columns {
        if !text.is_empty() && message.answers.of(name).is_none_or(|answer| answer != text) {
            facts.push(Fact::new(&label(name), text));
        }
    }
    if let Some(disposition) = message.disposition.as_deref().filter(|text| !text.is_empty()) {
        facts.push(Fact::new("Disposition", disposition));
    }
    facts
}

/// The icon of each kind of activity, and how loud it is.
fn look(kind: ActivityKind) -> (&'static str, Tone) {
    match kind {
        ActivityKind::Taken => ("headset", Tone::Plain),
        ActivityKind::Queued => ("send", Tone::Plain),
        ActivityKind::Sent => ("check", Tone::Green),
        ActivityKind::Captured => ("archive", Tone::Amber),
        ActivityKind::Reached => ("check", Tone::Green),
        ActivityKind::Retrying => ("rotate-ccw", Tone::Amber),
        ActivityKind::Unsure => ("triangle-alert", Tone::Amber),
        ActivityKind::Failed => ("circle-x", Tone::Red),
        ActivityKind::Read => ("eye", Tone::Plain),
        ActivityKind::Unread => ("mail", Tone::Plain),
        ActivityKind::PickedUp => ("hand", Tone::Plain),
        ActivityKind::PutBack => ("inbox", Tone::Plain),
        ActivityKind::Acknowledged => ("check-check", Tone::Green),
        ActivityKind::Closed => ("circle-check", Tone::Green),
        ActivityKind::Reopened => ("rotate-ccw", Tone::Plain),
        ActivityKind::Noted => ("pencil", Tone::Plain),
        ActivityKind::Disposed => ("file-text", Tone::Plain),
        ActivityKind::EscalationBegun => ("bell", Tone::Plain),
        ActivityKind::Escalated => ("siren", Tone::Amber),
        ActivityKind::Resumed => ("rotate-ccw", Tone::Amber),
        ActivityKind::Expired => ("clock", Tone::Amber),
        ActivityKind::Exhausted => ("siren", Tone::Red),
        ActivityKind::NobodyTold => ("triangle-alert", Tone::Amber),
        ActivityKind::Held => ("circle-pause", Tone::Plain),
        ActivityKind::Released => ("play", Tone::Plain),
        ActivityKind::Replied => ("message-square", Tone::Plain),
        ActivityKind::PassedOn => ("hand", Tone::Amber),
        ActivityKind::Withdrawn => ("x", Tone::Plain),
        ActivityKind::NotMessage => ("circle-x", Tone::Plain),
        ActivityKind::Handled => ("headset", Tone::Green),
        ActivityKind::Corrected => ("pencil", Tone::Plain),
        ActivityKind::SentAgain => ("send", Tone::Plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::assets::AssetFiles;

    #[test]
    fn every_activity_has_an_icon_of_the_sprite() {
        let sprite = AssetFiles::get("vendor/icons.svg").unwrap().data;
        let sprite = str::from_utf8(&sprite).unwrap();
        for kind in ActivityKind::ALL {
            let (icon, _) = look(kind);
            assert!(sprite.contains(&format!("id=\"{icon}\"")), "{kind:?}: no icon {icon}");
        }
    }
}

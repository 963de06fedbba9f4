//! One message as its reader sees it: what was said, how to reach the caller, what happened since.

use std::collections::HashMap;

use app::messages::{self, MessageHistory};
use app::{calls, deliveries};
use domain::escalation::Phase;
use domain::form::{humanised, told};
use domain::user::{Right, check_email};
use domain::{Activity, ActivityKind, Delivery, DeliveryId, Instant, MessageId, Recording, Status};
use web::Web;

use super::card::{Clock, DeliveryCard, card};
use super::words::{caller, receiver, state};
use crate::session::{Frame, SignedIn};
use crate::ui::words::or;
use crate::ui::{self, Fact, Moment, State, Tone, mailto};

/// The right half of the messages page.
#[derive(Debug, Clone)]
pub(crate) struct OpenMessage {
    /// Its number.
    pub(crate) id: String,
    /// The caller's name, or else number.
    pub(crate) who: String,
    /// The caller's company, or empty.
    pub(crate) company: String,
    /// Whom it is for: a person or "the office".
    pub(crate) for_whom: String,
    /// The account's name.
    pub(crate) account: String,
    /// Where it stands.
    pub(crate) state: State,
    /// It is an emergency.
    pub(crate) is_emergency: bool,
    /// Somebody has read it.
    pub(crate) is_read: bool,
    /// When it was taken.
    pub(crate) taken_at: Moment,
    /// By which agent, or empty.
    pub(crate) taken_by: String,
    /// The message itself, line breaks kept.
    pub(crate) content: String,
    /// How to reach the caller.
    pub(crate) ways: Vec<ContactWay>,
    /// The form's filled fields by section, in the form's order; a title may be empty.
    pub(crate) answers: Vec<(String, Vec<Fact>)>,
    /// The page of the call's recording, and what the link to it says.
    pub(crate) recording: Option<(String, &'static str)>,
    /// When it goes out, while it is held.
    pub(crate) held_until: Option<Moment>,
    /// It went out together with others, so that nothing of its own stands below.
    pub(crate) went_in_digest: bool,
    /// Where it stands on its escalation policy.
    pub(crate) escalation: Option<EscalationCard>,
    /// What was sent, newest first, what was told together under one title; a title may be empty.
    pub(crate) deliveries: Vec<(String, Vec<DeliveryCard>)>,
    /// What happened, oldest first.
    pub(crate) activities: Vec<ActivityLine>,
    /// "Picked up by Jane Hartwell", or empty.
    pub(crate) picked_up: String,
    /// Nobody has picked it up.
    pub(crate) can_pick_up: bool,
    /// The reader has picked it up.
    pub(crate) can_put_back: bool,
    /// Nobody has acknowledged or closed it.
    pub(crate) can_acknowledge: bool,
    /// It is not closed.
    pub(crate) can_close: bool,
    /// It is acknowledged or closed.
    pub(crate) can_reopen: bool,
}

/// A way to reach the caller.
#[derive(Debug, Clone)]
pub(crate) struct ContactWay {
    /// `phone` or `mail`, the icon's name.
    pub(crate) icon: String,
    /// "Callback", "Caller ID", "E-mail".
    pub(crate) label: String,
    /// As a person reads it: "(954) 555-0142".
    pub(crate) shown: String,
    /// `tel:…` or `mailto:…`.
    pub(crate) href: String,
}

/// Where a message stands on its escalation policy.
#[derive(Debug, Clone)]
pub(crate) struct EscalationCard {
    /// "Nights and weekends", or that it is gone.
    pub(crate) policy: String,
    /// The page that tells of the account's policies.
    pub(crate) href: String,
    /// "Level 2 of 3, round 1 of 2".
    pub(crate) place: String,
    /// An icon of the sprite.
    pub(crate) icon: &'static str,
    /// How loud it is.
    pub(crate) tone: Tone,
    /// "Waits for somebody to acknowledge it."
    pub(crate) sentence: String,
    /// What happens next, and when: "Next step".
    pub(crate) next: Option<(&'static str, Moment)>,
    /// Agents may let it begin anew.
    pub(crate) can_restart: bool,
}

/// One sentence of the timeline.
#[derive(Debug, Clone)]
pub(crate) struct ActivityLine {
    /// An icon of the sprite.
    pub(crate) icon: String,
    /// How loud it is.
    pub(crate) tone: Tone,
    /// "Agent Rosa took the message."
    pub(crate) sentence: String,
    /// When.
    pub(crate) at: Moment,
}

impl ContactWay {
    /// A number to call.
    pub(crate) fn phone(label: &str, shown: &str, href: &str) -> Self {
        Self { icon: "phone".into(), label: label.into(), shown: shown.into(), href: href.into() }
    }

    /// An address to write to.
    pub(crate) fn mail(address: &str) -> Self {
        Self {
            icon: "mail".to_owned(),
            label: "E-mail".to_owned(),
            shown: address.to_owned(),
            href: mailto(address),
        }
    }
}

impl ActivityLine {
    /// A line from its parts.
    pub(crate) fn new(icon: &str, tone: Tone, sentence: &str, at: Moment) -> Self {
        Self { icon: icon.to_owned(), tone, sentence: sentence.to_owned(), at }
    }
}

/// A message with all that its page tells.
#[derive(Debug, Clone)]
pub(crate) struct MessageDetail {
    /// The message, and what explains it.
    pub(crate) detail: MessageHistory,
    /// When its deliveries are tried again, those that are.
    pub(crate) next_tries: HashMap<DeliveryId, Instant>,
    /// The recording of the call that it was taken in.
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

/// The message as its reader sees it.
pub(crate) fn draw(frame: &Frame, known: &MessageDetail) -> OpenMessage {
    let detail = &known.detail;
    let clock = Clock { now: frame.now, zone: &detail.account.zone };
    let mut cards: Vec<(String, Vec<DeliveryCard>)> = Vec::new();
    for (delivery, attempts) in detail.deliveries.iter().rev() {
        let next_try = known.next_tries.get(&delivery.id).copied();
        let card = card(frame, delivery, attempts, next_try, &clock);
        let title = telling(delivery, detail);
        match cards.last_mut() {
            Some((last, cards)) if *last == title => cards.push(card),
            _ => cards.push((title, vec![card])),
        }
    }
    let message = &detail.message;
    let is_settled = message.status.is_settled();
    let states = detail.deliveries.iter().map(|(delivery, _)| (delivery.state, delivery.attempts));
    let is_mine = message.pickup_user_id == Some(frame.actor.user_id);
    let held_until = message.send_at.filter(|_| message.status == Status::Held);
    OpenMessage {
        id: message.id.to_string(),
        who: caller(message),
        company: message.company_name.clone(),
        for_whom: receiver(message).to_owned(),
        account: detail.account.name.clone(),
        state: state(message.status, states),
        is_emergency: message.is_emergency,
        is_read: message.read,
        taken_at: clock.at(message.created_at),
        taken_by: actor_of(&detail.activities, ActivityKind::Taken).to_owned(),
        content: message.content.clone(),
        ways: ways(message),
        answers: answers(detail),
        recording: known.recording.as_ref().map(|recording| listen(recording, frame.now)),
        held_until: held_until.map(|at| clock.at(at)),
        went_in_digest: cards.is_empty()
            && detail.activities.iter().any(|it| it.event.kind == ActivityKind::Queued),
        escalation: escalation(frame, detail, &clock),
        deliveries: cards,
        activities: detail.activities.iter().map(|activity| line(activity, &clock)).collect(),
        picked_up: picked_up(detail),
        can_pick_up: message.pickup_date.is_none() && message.status != Status::Closed,
        can_put_back: message.pickup_date.is_some() && is_mine,
        can_acknowledge: !is_settled,
        can_close: message.status != Status::Closed,
        can_reopen: is_settled,
    }
}

/// The way to a recording. When the audio is gone, the call's figures still stand there.
fn listen(recording: &Recording, now: Instant) -> (String, &'static str) {
    let label = match recording.is_kept_at(now) {
        true => "Listen to the call",
        false => "The call's figures",
    };
    (format!("/recordings/{}", recording.id), label)
}

/// What a delivery belongs to; `""` where nothing else went out.
fn telling(delivery: &Delivery, detail: &MessageHistory) -> String {
    match (delivery.telling, &detail.escalation) {
        (_, None) => String::new(),
        (0, Some(_)) => "When the agent had finished".to_owned(),
        (step, Some(_)) => format!("Escalation, step {step}"),
    }
}

/// Where a message stands on its policy.
fn escalation(frame: &Frame, detail: &MessageHistory, clock: &Clock<'_>) -> Option<EscalationCard> {
    let (standing, message) = (detail.escalation.as_ref()?, &detail.message);
    let step = message.next_escalation_at.map(|at| ("Next step", clock.at(at)));
    let holds = standing.ack_until.map(|at| ("The acknowledgement holds until", clock.at(at)));
    let is_closed = message.status == Status::Closed;
    let (icon, tone, sentence, next) = match standing.phase {
        Phase::Climbing => ("bell", Tone::Amber, "Waits for somebody to acknowledge it.", step),
        Phase::Resuming => ("bell", Tone::Amber, "Goes on: somebody is told once more.", step),
        Phase::Stopped if is_closed => {
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
    Some(EscalationCard {
        policy: match &detail.policy {
            Some(policy) => policy.name.clone(),
            None => "A policy that is gone".to_owned(),
        },
        href: format!("/accounts/{}/delivery#policies", detail.account.id),
        place,
        icon,
        tone,
        sentence: sentence.to_owned(),
        next,
        can_restart: is_exhausted && frame.may(Right::TakeMessages),
    })
}

/// Who did something last, `""` if nobody did.
fn actor_of(activities: &[Activity], kind: ActivityKind) -> &str {
    let last = activities.iter().rev().find(|activity| activity.event.kind == kind);
    last.map_or("", |activity| &activity.event.actor_name)
}

fn picked_up(detail: &MessageHistory) -> String {
    match detail.message.pickup_date {
        Some(_) => {
            let who = actor_of(&detail.activities, ActivityKind::PickedUp);
            format!("Picked up by {}", or(who, "somebody"))
        }
        None => String::new(),
    }
}

/// The caller's numbers and address, each once.
fn ways(message: &domain::Message) -> Vec<ContactWay> {
    let numbers = [
        ("Callback", &message.phone),
        ("Other phone", &message.alt_phone),
        ("Phone number", &message.phone_number),
        ("Caller ID", &message.caller_id),
    ];
    let mut ways: Vec<ContactWay> = Vec::new();
    for (label, number) in numbers {
        let Some(href) = ui::tel(number) else { continue };
        if !ways.iter().any(|way| way.href == href) {
            ways.push(ContactWay::phone(label, &ui::phone(number), &href));
        }
    }
    if check_email(&message.email).is_ok() {
        ways.push(ContactWay::mail(&message.email));
    }
    ways
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

fn line(activity: &Activity, clock: &Clock<'_>) -> ActivityLine {
    let (icon, tone) = look(activity.event.kind);
    ActivityLine::new(icon, tone, &activity.event.sentence(), clock.at(activity.at))
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::assets;

    #[test]
    fn every_activity_has_an_icon_of_the_sprite() {
        let href = assets::asset("vendor/icons.svg");
        let (_, sprite) = assets::all().find(|(at, _)| *at == href).unwrap();
        let sprite = String::from_utf8(sprite).unwrap();
        for kind in ActivityKind::ALL {
            let (icon, _) = look(kind);
            assert!(sprite.contains(&format!("id=\"{icon}\"")), "{kind:?}: no icon {icon}");
        }
    }
}

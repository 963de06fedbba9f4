//! One message as its reader sees it: columns and log turned into words, links and icons.

use app::deliveries;
use app::messages::{self, Detail};
use domain::delivery::{self, Reach};
use domain::escalation::Phase;
use domain::form::{humanised, told};
use domain::message;
use domain::user::{Right, check_email};
use domain::{
    Activity, ActivityKind, Attempt, Channel, Delivery, Instant, MessageId, Status, Zone,
};

use super::messages::{caller, delivery_state, receiver, state};
use super::to_dos;
use crate::Web;
use crate::portal::{self, ActivityLine, ContactWay, DeliveryCard, EscalationCard};
use crate::session::SignedIn;
use crate::ui::{self, Fact, Moment, Tone};

/// Reads moments of one account.
pub(super) struct Clock<'z> {
    pub(super) now: Instant,
    pub(super) zone: &'z Zone,
}

impl Clock<'_> {
    pub(super) fn at(&self, instant: Instant) -> Moment {
        Moment::at(instant, self.now, self.zone)
    }
}

/// The message for whoever asks, and all that explains it.
pub(super) async fn shown(
    web: &Web,
    visitor: &SignedIn,
    id: MessageId,
) -> app::Result<portal::Message> {
    let detail = messages::detail(&web.app, &visitor.actor, id).await?;
    let clock = Clock { now: web.app.now(), zone: &detail.account.zone };
    let mut cards: Vec<(String, Vec<DeliveryCard>)> = Vec::new();
    for (delivery, attempts) in detail.deliveries.iter().rev() {
        let next_try = deliveries::next_try(&web.app, &visitor.actor, delivery).await?;
        let next_try = next_try.filter(|_| delivery.attempts > 0);
        let card = card(visitor, delivery, attempts, next_try, &clock);
        let title = telling(delivery, &detail);
        match cards.last_mut() {
            Some((last, cards)) if *last == title => cards.push(card),
            _ => cards.push((title, vec![card])),
        }
    }
    let message = &detail.message;
    let is_settled = message.status.is_settled();
    let states = detail.deliveries.iter().map(|(delivery, _)| (delivery.state, delivery.attempts));
    let is_mine = message.pickup_user_id == Some(visitor.actor.user_id);
    Ok(portal::Message {
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
        answers: answers(&detail),
        recording: None,
        held_until: message
            .send_at
            .filter(|_| message.status == Status::Held)
            .map(|at| clock.at(at)),
        went_in_digest: cards.is_empty()
            && detail.activities.iter().any(|it| it.event.kind == ActivityKind::Queued),
        escalation: escalation(visitor, &detail, &clock),
        deliveries: cards,
        activities: detail.activities.iter().map(|activity| line(activity, &clock)).collect(),
        picked_up: picked_up(&detail),
        can_pick_up: message.pickup_date.is_none() && message.status != Status::Closed,
        can_put_back: message.pickup_date.is_some() && is_mine,
        can_acknowledge: !is_settled,
        can_close: message.status != Status::Closed,
        can_reopen: is_settled,
    })
}

/// What a delivery belongs to; `""` where nothing else went out.
fn telling(delivery: &Delivery, detail: &Detail) -> String {
    match (delivery.telling, &detail.escalation) {
        (_, None) => String::new(),
        (0, Some(_)) => "When the agent had finished".to_owned(),
        (step, Some(_)) => format!("Escalation, step {step}"),
    }
}

/// Where a message stands on its policy.
fn escalation(visitor: &SignedIn, detail: &Detail, clock: &Clock<'_>) -> Option<EscalationCard> {
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
        can_restart: is_exhausted && visitor.actor.role.may(Right::TakeMessages),
    })
}

/// Who did something last, `""` if nobody did.
fn actor_of(activities: &[Activity], kind: ActivityKind) -> &str {
    let last = activities.iter().rev().find(|activity| activity.event.kind == kind);
    last.map_or("", |activity| &activity.event.actor_name)
}

fn picked_up(detail: &Detail) -> String {
    match detail.message.pickup_date {
        Some(_) => {
            let who = actor_of(&detail.activities, ActivityKind::PickedUp);
            format!("Picked up by {}", super::or(who, "somebody"))
        }
        None => String::new(),
    }
}

/// The caller's numbers and address, each once.
fn ways(message: &message::Message) -> Vec<ContactWay> {
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
fn answers(detail: &Detail) -> Vec<(String, Vec<Fact>)> {
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
fn beside(detail: &Detail) -> Vec<Fact> {
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

/// One thing that was to be sent, with each try.
pub(super) fn card(
    visitor: &SignedIn,
    delivery: &Delivery,
    attempts: &[Attempt],
    next_try: Option<Instant>,
    clock: &Clock<'_>,
) -> DeliveryCard {
    let may_see = visitor.actor.role.may(Right::SeeOutbox);
    let is_captured = delivery.state == delivery::State::Captured;
    DeliveryCard {
        channel: delivery.channel.noun().to_owned(),
        icon: to_dos::icon(delivery.channel).to_owned(),
        thing: to_dos::thing(delivery.channel),
        to: match delivery.recipient.as_str() {
            "" => ui::phone(&delivery.address),
            name if delivery.channel == Channel::Email => format!("{name} <{}>", delivery.address),
            name => format!("{name}, {}", ui::phone(&delivery.address)),
        },
        state: rung(delivery),
        carrier: if is_captured { String::new() } else { delivery.carrier.clone() },
        attempts: attempts.iter().map(|attempt| tried(delivery, attempt, clock)).collect(),
        may_double: attempts.iter().any(|attempt| attempt.may_double),
        next_try: next_try.map(|at| clock.at(at)),
        is_captured,
        captured: (is_captured && may_see).then(|| format!("/outbox/{}", delivery.id)),
    }
}

/// How far a delivery got, as an icon and a word.
pub(super) fn rung(delivery: &Delivery) -> ui::State {
    let is_mail = delivery.channel == Channel::Email;
    match (delivery.state, delivery.reach) {
        (delivery::State::Sent, None | Some(Reach::Carrier)) => ui::State::Sent,
        (delivery::State::Sent, Some(Reach::Handset)) if is_mail => ui::State::InMailbox,
        (delivery::State::Sent, Some(Reach::Handset)) => ui::State::OnPhone,
        (delivery::State::Sent, Some(Reach::Machine)) => ui::State::Machine,
        (delivery::State::Sent, Some(Reach::Person)) => ui::State::Person,
        (delivery::State::Sent, Some(Reach::Read)) => ui::State::Seen,
        (delivery::State::Sent, Some(Reach::Acknowledged)) => ui::State::Acknowledged,
        (delivery::State::Cancelled, _) => ui::State::Cancelled,
        (state, _) => delivery_state(state, delivery.attempts),
    }
}

fn tried(delivery: &Delivery, attempt: &Attempt, clock: &Clock<'_>) -> portal::Attempt {
    let said = match attempt.outcome.as_str() {
        "sent" if delivery.channel == Channel::Email => "Accepted by the mail server",
        "sent" => "Accepted by the carrier",
        "absent" => "Nobody was to be had",
        "captured" => "Captured, not sent",
        "later" => "Put off",
        "never" => "Refused for good",
        "unknown" => "It may have gone out",
        _ => "Under way",
    };
    let outcome = match attempt.detail.as_str() {
        "" => format!("{said}."),
        detail => format!("{said}: {detail}"),
    };
    portal::Attempt {
        number: u32::try_from(attempt.number).unwrap_or(u32::MAX),
        at: clock.at(attempt.started_at),
        outcome,
        carrier: attempt.carrier.clone(),
        may_double: attempt.may_double,
    }
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

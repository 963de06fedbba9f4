//! A playbook in sentences: who is told, how, when, and what comes after.

use domain::closing::{Action, ClosingGroup, Timing, Usage};
use domain::escalation::{Level, Manner, Policy, Target, Telling};
use domain::way::Way;
use domain::{Channel, Instant, Playbook, Time, Zone};

use crate::ui::{phone, spoken_span};

/// A target within a sentence.
fn target(book: &Playbook, target: Target) -> String {
    match target {
        Target::Recipient => "whoever the message is for".to_owned(),
        Target::Contact(id) => match book.contact(id) {
            Some(contact) => contact.name.clone(),
            None => "somebody who is no longer in the directory".to_owned(),
        },
        Target::Rotation(id) => match book.rosters.iter().find(|it| it.rotation.id == id) {
            Some(roster) => format!("whoever is on call in {}", roster.rotation.name),
            None => "a rotation that is gone".to_owned(),
        },
        Target::Group(id) => match book.groups.iter().find(|group| group.id == id) {
            Some(group) => format!("everybody in {}", group.name),
            None => "a group that is gone".to_owned(),
        },
    }
}

/// `Jane Hart and everybody in Partners, by text or call`.
fn telling(book: &Playbook, telling: &Telling) -> String {
    let whom: Vec<String> = telling.targets.iter().map(|it| target(book, *it)).collect();
    format!("{}, {}", listed(&whom, "and"), how(telling))
}

fn how(telling: &Telling) -> String {
    let by = |channel: &Channel| match channel {
        Channel::Email => "e-mail".to_owned(),
        Channel::Sms => "text".to_owned(),
        Channel::Call => "call".to_owned(),
    };
    let channels: Vec<String> = telling.channels.iter().map(by).collect();
    match (&channels[..], telling.manner) {
        ([], Manner::First) => "by the first way that is open".to_owned(),
        ([], Manner::All) => "by all ways that are open".to_owned(),
        ([only], _) => format!("by {only}"),
        (_, Manner::First) => format!("by {}", listed(&channels, "or")),
        (_, Manner::All) => format!("by {} at once", listed(&channels, "and")),
    }
}

/// `a, b and c`.
pub(crate) fn listed(parts: &[String], last: &str) -> String {
    match parts {
        [] => "nobody".to_owned(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// `Level 1: whoever is on call in Nights, by text; then 5 minutes`.
fn level(book: &Playbook, number: usize, level: &Level) -> String {
    let whom = telling(book, &level.telling);
    format!("Level {number}: {whom}, then {}", spoken_span(level.delay_ms))
}

/// What a policy does, in sentences: each level, what comes after, how long it holds.
pub(crate) fn summary(book: &Playbook, policy: &Policy) -> Vec<String> {
    let levels = policy.levels.iter().enumerate();
    let levels = levels.map(|(at, it)| format!("{}.", level(book, at + 1, it)));
    let end = match policy.rounds {
        1 => "Then it goes to the work queue.".to_owned(),
        rounds => format!("All of it {rounds} times, then it goes to the work queue."),
    };
    let holds = match policy.ack_expires_ms {
        None => "An acknowledgement stops it for good.".to_owned(),
        Some(ms) => format!(
            "An acknowledgement holds for {}. If the message is not closed by then, the same level \
             is told once more.",
            spoken_span(ms)
        ),
    };
    levels.chain([end, holds]).collect()
}

/// How long all rounds of a policy take, in words.
pub(crate) fn whole(policy: &Policy) -> String {
    let once: i64 = policy.levels.iter().map(|level| level.delay_ms).sum();
    spoken_span(once.saturating_mul(policy.rounds))
}

/// Which messages a group is for.
pub(crate) fn usage(usage: &Usage) -> &'static str {
    match usage {
        Usage::Usual => "Every message that no other group is for",
        Usage::Emergency => "Emergencies",
        Usage::Chosen => "When the agent chooses it",
    }
}

/// When a group's actions are done.
pub(crate) fn timing(timing: &Timing) -> String {
    match timing {
        Timing::AtOnce => "As soon as the agent has finished.".to_owned(),
        Timing::Digest(minutes) => {
            let times: Vec<String> = minutes.iter().copied().map(time).collect();
            format!(
                "Together, in one digest at {}. Emergencies do not wait.",
                listed(&times, "and")
            )
        }
    }
}

/// `5:00 PM`.
pub(crate) fn time(minute: u16) -> String {
    Time::from_minute_of_day(minute).map(|time| time.to_string()).unwrap_or_default()
}

/// One action, as a sentence.
fn action(book: &Playbook, action: &Action) -> String {
    match action {
        Action::Tell(it) => format!("Tells {}.", telling(book, it)),
        Action::Copy(address) => format!("Sends a copy to {address}."),
        Action::Escalate(id) => match book.policy(*id) {
            Some(policy) => format!("Escalates by “{}”.", policy.name),
            None => "Escalates by a policy that is gone.".to_owned(),
        },
    }
}

/// What a group does, in sentences.
pub(crate) fn actions(book: &Playbook, group: &ClosingGroup) -> Vec<String> {
    group.actions.iter().map(|it| action(book, it)).collect()
}

/// `Text to (561) 555-0100`.
pub(crate) fn way(way: &Way) -> String {
    format!("{} to {}", noun(way.channel), phone(&way.address))
}

/// What is sent over a channel.
pub(crate) fn noun(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "E-mail",
        Channel::Sms => "Text",
        Channel::Call => "Call",
    }
}

/// Whether a way is open at an instant, and until when, by its person's clock.
pub(crate) fn open(way: &Way, zone: &Zone, now: Instant) -> (bool, String) {
    if way.hours.is_always() {
        return (true, "At any hour".to_owned());
    }
    let is_open = way.is_open(now, zone);
    let change = way.hours.next_change(now, zone).map(|at| near(at, now, zone));
    let said = match (is_open, change) {
        (true, Some(at)) => format!("Open now, until {at}"),
        (true, None) => "Open now".to_owned(),
        (false, Some(at)) => format!("Closed now, opens {at}"),
        (false, None) => "Closed now".to_owned(),
    };
    (is_open, said)
}

/// `today at 5:00 PM`, `Mon at 9:00 AM`, or the whole date where it is far.
fn near(at: Instant, now: Instant, zone: &Zone) -> String {
    let (day, today) = (zone.date(at), zone.date(now));
    let clock = time(zone.minute_of_day(at));
    match day.days_since_1970() - today.days_since_1970() {
        0 => format!("today at {clock}"),
        1 => format!("tomorrow at {clock}"),
        2..=6 => format!("{} at {clock}", day.weekday()),
        _ => zone.portal(at).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use domain::{ContactId, Hours, WayId};

    use super::*;

    #[test]
    fn a_way_says_when_it_is_open() {
        let zone = Zone::named("America/New_York").expect("a zone");
        let check = |hours: &str, at: &str, said: (bool, &str)| {
            let way = Way {
                id: WayId(1),
                contact_id: ContactId(1),
                channel: Channel::Sms,
                address: "+15615550100".to_owned(),
                hours: Hours::parse(hours).expect("hours"),
            };
            let now = Instant::parse(at).expect("an instant");
            assert_eq!(open(&way, &zone, now), (said.0, said.1.to_owned()), "{hours} {at}");
        };
        let week = "Mon-Fri 09:00-17:00";
        // A Tuesday, a Friday evening.
        check("", "2025-01-21T15:00:00Z", (true, "At any hour"));
        check(week, "2025-01-21T15:00:00Z", (true, "Open now, until today at 5:00 PM"));
        check(week, "2025-01-21T23:00:00Z", (false, "Closed now, opens tomorrow at 9:00 AM"));
        check(week, "2025-01-24T23:00:00Z", (false, "Closed now, opens Mon at 9:00 AM"));
    }

    #[test]
    fn tellings_read_as_sentences() {
        let account = domain::Account {
            tenant_id: domain::TenantId(1),
            id: domain::AccountId(4),
            number: "1000".to_owned(),
            name: "Hart & Lowe".to_owned(),
            zone: Zone::utc(),
            greeting: String::new(),
            facts: String::new(),
            created_at: Instant::from_ms(0),
        };
        let book = Playbook::of(account);
        let check = |channels: &[Channel], manner, said: &str| {
            let (targets, channels) = (vec![Target::Recipient], channels.to_vec());
            let it = Telling { targets, channels, manner };
            assert_eq!(telling(&book, &it), format!("whoever the message is for, {said}"));
        };
        check(&[], Manner::First, "by the first way that is open");
        check(&[Channel::Sms], Manner::All, "by text");
        check(&[Channel::Sms, Channel::Call], Manner::First, "by text or call");
        check(&[Channel::Sms, Channel::Email], Manner::All, "by text and e-mail at once");
    }
}

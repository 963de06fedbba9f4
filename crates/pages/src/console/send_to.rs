//! What the account send_to, beside the form: whom the message would reach now, what is done with
//! it, when it may go out, and who is on call.

use app::messages::MessageEntry;
use domain::closing::{Timing, Usage, choose};
use domain::on_call::Why;
use domain::playbook::Notice;
use domain::{Channel, ClosingGroup, ClosingGroupId, Contact, ContactId, Date, Instant, Message};
use domain::{Playbook, Time, Zone};

use super::saved::{SpokenClock, kept_for, no_carrier};
use crate::delivery::words::listed;
use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind as Drawn, phone};

/// Who is on call in a rotation of the account.
#[derive(Debug)]
pub(crate) struct OnCallNow<'p> {
    pub(crate) rotation: &'p str,
    pub(crate) person: Option<&'p Contact>,
    /// Nobody is, and nobody has to be: the rotation does not cover these hours.
    pub(crate) is_off: bool,
    /// In words; none if for ever.
    pub(crate) until: Option<String>,
}

/// Who is on call now in each rotation of the account.
pub(crate) fn on_call<'p>(book: &'p Playbook, clock: &SpokenClock<'_>) -> Vec<OnCallNow<'p>> {
    let now_in = |roster: &'p domain::Roster| {
        let watch = roster.on_call(clock.now);
        OnCallNow {
            rotation: &roster.rotation.name,
            person: watch.contact_id.and_then(|id| book.contact(id)),
            is_off: watch.why == Why::OffHours,
            until: watch.until.map(|at| format!("until {}", clock.tell(at))),
        }
    };
    book.rosters.iter().map(now_in).collect()
}

/// Nobody is meant in particular, and nobody is told.
pub(crate) const NOBODY: &str = "Nobody: keep it in the portal";

/// Whom a message may be for, each with what would be done now, if something is sent on these
/// channels only; nobody stands last.
pub(crate) fn recipients(
    book: &Playbook,
    clock: &SpokenClock<'_>,
    channels: &[Channel],
) -> Vec<Choice> {
    let person = |contact: &Contact| {
        let way = match would_be_done(book, Some(contact.id), clock) {
            Forecast::Waits(when) => when,
            Forecast::Tells(notices) => way(contact, &notices, channels),
        };
        let on_call = on_call_until(book, contact.id, clock);
        let label = format!("{} — {way}{on_call}", titled(contact));
        Choice::new(&contact.id.to_string(), &label)
    };
    let nobody = match would_be_done(book, None, clock) {
        Forecast::Waits(when) => format!("Nobody in particular — {when}"),
        Forecast::Tells(notices) if notices.is_empty() => NOBODY.to_owned(),
        Forecast::Tells(notices) => {
            format!("Nobody in particular — {}", told("told", &notices, channels))
        }
    };
    book.contacts.iter().map(person).chain([Choice::new("", &nobody)]).collect()
}

/// The people of a directory, where nothing is sent.
pub(crate) fn directory(contacts: &[Contact]) -> Vec<Choice> {
    let person = |contact: &Contact| Choice::new(&contact.id.to_string(), &titled(contact));
    contacts.iter().map(person).chain([Choice::new("", NOBODY)]).collect()
}

fn titled(contact: &Contact) -> String {
    let title = if contact.title.is_empty() { "" } else { ", " };
    format!("{}{title}{}", contact.name, contact.title)
}

/// What would be done with a message at once.
enum Forecast {
    /// It waits; until when, in words.
    Waits(String),
    /// These are told.
    Tells(Vec<Notice>),
}

/// What the engine would do with an ordinary message for somebody.
fn would_be_done(book: &Playbook, of: Option<ContactId>, clock: &SpokenClock<'_>) -> Forecast {
    let (account, now) = (&book.account, clock.now);
    let mut message = Message::blank(account.tenant_id, account.id, String::new(), now);
    message.contact_id = of;
    let group = choose(&book.closings, None, false);
    match book.held_until(&message, group, now) {
        Some(until) => Forecast::Waits(format!("with the digest, {}", clock.tell(until))),
        None => {
            let closing = book.close(&mut message, group, now);
            Forecast::Tells(closing.moments.into_iter().flat_map(|moment| moment.notices).collect())
        }
    }
}

/// `text to (561) 555-0100 and e-mail to jane@law.example`, or who is told instead.
fn way(contact: &Contact, notices: &[Notice], channels: &[Channel]) -> String {
    let own = notices.iter().filter(|notice| notice.contact_id == Some(contact.id));
    let own: Vec<String> = own
        .map(|notice| {
            let noun = match notice.channel {
                Channel::Email => "e-mail",
                Channel::Sms => "text",
                Channel::Call => "call",
            };
            let way = format!("{noun} to {}", phone(&notice.address));
            match channels.contains(&notice.channel) {
                true => way,
                false => format!("{way} (kept: {})", no_carrier(&[notice.channel])),
            }
        })
        .collect();
    match (own.is_empty(), notices.is_empty()) {
        (false, _) => listed(&own, "and"),
        (true, true) => "cannot be reached now".to_owned(),
        (true, false) => told("told instead", notices, channels),
    }
}

/// `told: Jane Hart`, and for whom something is only kept.
fn told(how: &str, notices: &[Notice], channels: &[Channel]) -> String {
    let names = |is_sent: bool, of: Option<Channel>| {
        let notices = notices.iter().filter(|it| of.is_none_or(|of| it.channel == of));
        let notices = notices.filter(|it| channels.contains(&it.channel) == is_sent);
        let mut names: Vec<String> = notices.map(|notice| notice.name.clone()).collect();
        names.dedup();
        (!names.is_empty()).then(|| listed(&names, "and"))
    };
    let sent = names(true, None).map(|names| format!("{how}: {names}"));
    let kept = Channel::ALL.into_iter().filter_map(|channel| {
        names(false, Some(channel)).map(|names| kept_for(&names, &[channel]))
    });
    sent.into_iter().chain(kept).collect::<Vec<_>>().join("; ")
}

/// `, on call until 5:00 PM`, of somebody who is.
fn on_call_until(book: &Playbook, contact: ContactId, clock: &SpokenClock<'_>) -> String {
    let watches = book.rosters.iter().map(|roster| roster.on_call(clock.now));
    let mut own = watches.filter(|watch| watch.contact_id == Some(contact));
    match own.next().map(|watch| watch.until) {
        Some(Some(until)) => format!(", on call until {}", clock.tell(until)),
        Some(None) => ", on call".to_owned(),
        None => String::new(),
    }
}

/// The controls `closing_group_id`, where the account has a choice, and `send_on` and `send_at`:
/// a day and a time on the account's clock.
pub(crate) fn fields(book: &Playbook, typed: &TypedSendTo) -> Vec<Field> {
    let mut fields = Vec::new();
    if book.closings.iter().any(|group| group.usage != Usage::Usual) {
        let usual = Choice::new("", "As the account has it");
        let groups =
            book.closings.iter().map(|group| Choice::new(&group.id.to_string(), &named(group)));
        let choices: Vec<_> = std::iter::once(usual).chain(groups).collect();
        let field = Field::new(Drawn::Choice, "closing_group_id", "When you finish");
        fields.push(field.choices(choices).value(&typed.closing_group));
    }
    let day = Field::new(Drawn::Date, "send_on", "Hold until").value(&typed.send_on);
    let hint = format!("Only if the caller asks. Clock of {}.", book.account.zone.name());
    fields.push(day.hint(&hint));
    let time = Field::new(Drawn::Time, "send_at", "At").value(&typed.send_at);
    fields.push(time);
    fields
}

fn named(group: &ClosingGroup) -> String {
    let when = match (&group.timing, group.usage) {
        (Timing::Digest(_), _) => " (digest)",
        (Timing::AtOnce, Usage::Emergency) => " (emergencies)",
        (Timing::AtOnce, Usage::Usual | Usage::Chosen) => "",
    };
    format!("{}{when}", group.name)
}

/// What stands in these controls.
#[derive(Debug, Default)]
pub(crate) struct TypedSendTo {
    closing_group: String,
    send_on: String,
    send_at: String,
}

impl TypedSendTo {
    pub(crate) fn again(posted: &Fields) -> Self {
        Self {
            closing_group: posted.text("closing_group_id").to_owned(),
            send_on: posted.text("send_on").to_owned(),
            send_at: posted.text("send_at").to_owned(),
        }
    }

    /// Puts the closing action that was chosen into an entry.
    pub(crate) fn choose(&self, entry: &mut MessageEntry) {
        let group = self.closing_group.trim();
        entry.closing_group_id =
            (!group.is_empty()).then(|| ClosingGroupId(group.parse().unwrap_or(0)));
    }

    pub(crate) fn names_a_time(&self) -> bool {
        !(self.send_on.trim().is_empty() && self.send_at.trim().is_empty())
    }

    /// Puts the time that was asked for into an entry, on the account's clock. A time without a day
    /// is today's; what cannot be read, and what is over, becomes an instant that the application
    /// refuses.
    pub(crate) fn hold(&self, entry: &mut MessageEntry, zone: &Zone, now: Instant) {
        let date = match self.send_on.trim() {
            "" => Some(zone.date(now)),
            text => Date::parse(text).ok(),
        };
        let minute = match self.send_at.trim() {
            "" => Some(8 * 60),
            text => Time::parse(text).map(Time::minute_of_day),
        };
        let at = date.zip(minute).map(|(date, minute)| zone.at_minute(date, minute));
        entry.send_at = Some(at.unwrap_or(Instant::MIN));
    }
}

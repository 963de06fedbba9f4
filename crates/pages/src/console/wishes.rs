//! What the account wishes, beside the form: what is done with the message, when it may go out, and
//! who is on call now.

use app::messages::Entry;
use domain::closing::{Timing, Usage};
use domain::on_call::Why;
use domain::{ClosingGroup, ClosingGroupId, Date, Instant, Playbook, Time, Zone};

use crate::session::Fields;
use crate::ui::{Choice, Field, FieldKind as Drawn, phone};

/// Who is on call in a rotation of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnCallNow {
    /// The rotation.
    pub(crate) rotation: String,
    /// The person; empty if nobody is.
    pub(crate) name: String,
    /// Nobody is, and nobody has to be: the rotation does not cover these hours.
    pub(crate) is_off: bool,
    /// The person's phone, as people read it; empty if there is none.
    pub(crate) phone: String,
    /// Until when, in words; empty if for ever.
    pub(crate) until: String,
}

/// Who is on call now in each rotation of the account.
pub(crate) fn on_call(book: &Playbook, now: Instant) -> Vec<OnCallNow> {
    let now_in = |roster: &domain::Roster| {
        let watch = roster.on_call(now);
        let person = watch.contact_id.and_then(|id| book.contact(id));
        let until = watch.until.map(|at| format!("until {}", roster.rotation.zone.portal(at)));
        OnCallNow {
            rotation: roster.rotation.name.clone(),
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            is_off: watch.why == Why::OffHours,
            phone: person.map(|person| phone(&person.phone)).unwrap_or_default(),
            until: until.unwrap_or_default(),
        }
    };
    book.rosters.iter().map(now_in).collect()
}

/// The controls `closing_group_id`, where the account has a choice, and `send_on` and `send_at`:
/// a day and a time on the account's clock.
pub(crate) fn fields(book: &Playbook, typed: &Typed) -> Vec<Field> {
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
pub(crate) struct Typed {
    closing_group: String,
    send_on: String,
    send_at: String,
}

impl Typed {
    pub(crate) fn again(posted: &Fields) -> Self {
        Self {
            closing_group: posted.text("closing_group_id").to_owned(),
            send_on: posted.text("send_on").to_owned(),
            send_at: posted.text("send_at").to_owned(),
        }
    }

    /// Puts the closing action that was chosen into an entry.
    pub(crate) fn choose(&self, entry: &mut Entry) {
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
    pub(crate) fn hold(&self, entry: &mut Entry, zone: &Zone, now: Instant) {
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

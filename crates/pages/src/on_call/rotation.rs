//! One rotation: who is on call, four weeks ahead, its overrides, and where its calendar is read.

use app::on_call::{self, RotationDetail};
use askama::Template;
use domain::on_call::{
    CalendarLink, ChangeNote, Holiday, Override, Shift, Subject, Turn, Watch, Why,
};
use domain::user::Right;
use domain::{ContactId, Date, Instant, RotationId, Time, Zone, limits};
use web::Web;

use super::calendar::{Calendar, bounds};
use super::words::{OnCallPerson, span, when};
use crate::form::Form;
use crate::session::SignedIn;
use crate::ui::{Fact, Moment, Shell};

/// Shifts that the table shows at once.
const SHIFTS: usize = 40;

/// `GET /on-call/{id}`.
#[derive(Debug, Template)]
#[template(path = "on_call/rotation.html")]
pub(crate) struct RotationPage {
    shell: Shell,
    ground: RotationPageGround,
    /// Adds an override.
    new_override: Form,
}

/// What the page of a rotation is drawn from.
#[derive(Clone, Debug)]
pub(crate) struct RotationPageGround {
    pub(crate) standing: RotationDetail,
    pub(crate) links: Vec<CalendarLink>,
    /// The last changes, the newest first.
    pub(crate) changes: Vec<ChangeNote>,
    /// Who of the directory the reader is, if anybody: takes shifts over with one press.
    pub(crate) me: Option<ContactId>,
    /// Whether the reader may change it.
    pub(crate) may_change: bool,
    pub(crate) now: Instant,
}

impl RotationPageGround {
    /// Loads a rotation with all that its page shows.
    pub(crate) async fn load(web: &Web, visitor: &SignedIn, id: RotationId) -> app::Result<Self> {
        let (app, actor, now) = (&web.app, &visitor.actor, web.app.now());
        let standing = on_call::find(app, actor, id, now.minus_ms(8 * limits::DAY_MS)).await?;
        Ok(RotationPageGround {
            links: on_call::links(app, actor, standing.account.id).await?,
            changes: on_call::changes(app, actor, id).await?,
            me: on_call::stand_in(actor, &standing).map(|contact| contact.id),
            may_change: actor.role.may(Right::ChangeOnCall),
            standing,
            now,
        })
    }
}

impl RotationPage {
    /// The page of a rotation, with the form of a new override.
    pub(crate) fn draw(shell: Shell, ground: &RotationPageGround, new_override: Form) -> Self {
        RotationPage { shell, ground: ground.clone(), new_override }
    }

    fn standing(&self) -> &RotationDetail {
        &self.ground.standing
    }

    fn zone(&self) -> &Zone {
        &self.standing().rotation().zone
    }

    fn person(&self, id: Option<ContactId>, why: &Why) -> OnCallPerson {
        OnCallPerson::of(self.standing(), id, why)
    }

    /// Somebody by name, of whom the directory may no longer know.
    fn name(&self, id: ContactId) -> &str {
        self.standing().person(id).map_or("Somebody who left", |contact| &contact.name)
    }

    /// Who stands in by an override.
    fn stand_in(&self, over: &Override) -> &str {
        over.contact_id.map_or("Nobody", |id| self.name(id))
    }

    fn may_change(&self) -> bool {
        self.ground.may_change
    }

    fn moment(&self, at: Instant) -> Moment {
        Moment::at(at, self.ground.now, self.zone())
    }

    fn when(&self, at: Instant) -> String {
        when(at, self.zone())
    }

    fn span(&self, from: Instant, until: Instant) -> String {
        span(from, until, self.zone())
    }

    /// When nobody is on call, in the weeks that are shown.
    fn gaps(&self) -> Vec<String> {
        let (now, (_, end)) = (self.ground.now, bounds(self.ground.now, self.zone()));
        let gaps = self.standing().roster.gaps(now, end);
        gaps.into_iter().map(|(from, until)| self.span(from, until)).collect()
    }

    /// Four weeks as a picture.
    fn calendar(&self) -> Calendar {
        let (standing, now, zone) = (self.standing(), self.ground.now, self.zone());
        let (begin, end) = bounds(now, zone);
        let mut drawn = standing.roster.shifts(begin, end);
        // What nobody had is past: it wakes nobody up any more, and often was before the rotation.
        drawn.retain(|shift| shift.until > now || !shift.is_gap());
        Calendar::of(&drawn, now, zone, |id| standing.name(id))
    }

    /// The same from now on, and how many shifts more there are.
    fn ahead(&self) -> (Vec<Shift>, usize) {
        let (now, (_, end)) = (self.ground.now, bounds(self.ground.now, self.zone()));
        let mut ahead = self.standing().roster.shifts(now, end);
        let more = ahead.len().saturating_sub(SHIFTS);
        ahead.truncate(SHIFTS);
        (ahead, more)
    }

    /// Whether the reader may take over from somebody.
    fn may_take(&self, from: Option<ContactId>) -> bool {
        self.ground.me.is_some() && from != self.ground.me
    }

    /// Until when the reader would be on call who takes over now.
    fn takes_over(&self, watch: &Watch) -> Option<Instant> {
        watch.until.filter(|_| self.may_take(watch.contact_id))
    }

    /// Overrides that are not over, in order of time.
    fn overrides(&self) -> Vec<&Override> {
        let overrides = self.standing().roster.overrides.iter();
        let mut ahead: Vec<_> = overrides.filter(|over| over.until > self.ground.now).collect();
        ahead.sort_by_key(|over| (over.from, over.id));
        ahead
    }

    fn facts(&self) -> [Fact; 5] {
        let standing = self.standing();
        let rotation = standing.rotation();
        let names: Vec<&str> = rotation.members.iter().map(|id| self.name(*id)).collect();
        let names = if names.is_empty() { "Nobody yet".to_owned() } else { names.join(", then ") };
        let hours = rotation.hours.to_string();
        let hours = if hours.is_empty() { "Always" } else { &hours };
        let fallback = rotation.fallback.map_or("Nobody", |id| standing.name(Some(id)));
        [
            Fact::new("Turns", &turns(rotation)),
            Fact::new("In this order", &names),
            Fact::new("It covers", hours),
            Fact::new("Fallback", fallback),
            Fact::new("Time zone", rotation.zone.name()),
        ]
    }

    /// The next holidays.
    fn holidays(&self) -> Vec<&Holiday> {
        const SHOWN: usize = 5;
        let today = self.zone().date(self.ground.now);
        let holidays = self.standing().roster.holidays.iter();
        holidays.filter(|day| day.date >= today).take(SHOWN).collect()
    }

    /// Who is on call on a holiday.
    fn on_holiday(&self, day: &Holiday) -> &str {
        let standing = self.standing();
        let known = |id: Option<ContactId>| id.and_then(|id| standing.person(id));
        let who = known(day.contact_id).or_else(|| known(standing.rotation().fallback));
        who.map_or("As on any other day", |contact| &contact.name)
    }

    /// Whose calendars may be read, each with what is posted for it and a name.
    fn subjects(&self) -> Vec<(Subject, String, &str)> {
        let (standing, rotation) = (self.standing(), self.standing().rotation());
        let mut people: Vec<ContactId> = Vec::new();
        for id in rotation.members.iter().chain(&rotation.fallback) {
            if !people.contains(id) && standing.person(*id).is_some() {
                people.push(*id);
            }
        }
        let person = |id: ContactId| (Subject::Contact(id), id.to_string(), self.name(id));
        let all = (Subject::Rotation(rotation.id), String::new(), "Everybody");
        [all].into_iter().chain(people.into_iter().map(person)).collect()
    }

    fn link(&self, subject: &Subject) -> Option<&CalendarLink> {
        self.ground.links.iter().find(|link| link.subject == *subject)
    }

    /// Who made a change, and what was done: "changed members from Jane to Paul".
    fn change<'n>(&self, note: &'n ChangeNote) -> (&'n str, String) {
        let (who, what) = (note.actor_name.as_str(), &note.what);
        match note.action.as_str() {
            "rotation.create" => (who, "made the rotation".to_owned()),
            "rotation.update" => (who, format!("changed {what}")),
            "rotation.override" => (who, format!("put on call: {what}")),
            "rotation.withdraw" => (who, format!("withdrew the override of {what}")),
            "rotation.gap" => ("The coverage check", format!("found a gap: {what}")),
            _ => (who, what.clone()),
        }
    }
}

/// "Handed over each Monday at 9:00 AM, from Jan 6, 2025 on".
fn turns(rotation: &domain::Rotation) -> String {
    let time = Time::from_minute_of_day(rotation.hand_off_minute);
    let time = time.map(|time| time.to_string()).unwrap_or_default();
    let pace = match rotation.turn {
        Turn::Daily => "each day".to_owned(),
        Turn::Weekly => format!("each {}", weekday(rotation.starts_on)),
        Turn::Days(count) => format!("every {count} days"),
        Turn::Hours(count) => format!("every {count} hours"),
    };
    let first = rotation.starts_on.in_words();
    match rotation.turn {
        Turn::Hours(_) => format!("Handed over {pace}, from {first}, {time} on"),
        _ => format!("Handed over {pace} at {time}, from {first} on"),
    }
}

fn weekday(date: Date) -> &'static str {
    const DAYS: [&str; 7] =
        ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
    DAYS[usize::try_from(date.days_since_1970().rem_euclid(7)).unwrap_or_default()]
}

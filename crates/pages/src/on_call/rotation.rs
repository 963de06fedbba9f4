//! One rotation: who is on call, four weeks ahead, its overrides, and where its calendar is read.

use app::on_call::{self, RotationDetail};
use askama::Template;
use domain::on_call::{CalendarLink, ChangeNote, Override, Shift, Subject};
use domain::user::Right;
use domain::{ContactId, Date, Instant, RotationId, Time, Zone, limits};
use web::Web;

use super::calendar::{Calendar, bounds};
use super::words::{Person, span, when, why};
use crate::form::Form;
use crate::session::SignedIn;
use crate::ui::{Fact, Moment, Shell};

/// Shifts that the table shows at once.
const SHIFTS: usize = 40;

/// `GET /on-call/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "on_call/rotation.html")]
pub(crate) struct RotationPage {
    pub(crate) shell: Shell,
    /// Its number.
    pub(crate) id: String,
    /// What people call it.
    pub(crate) name: String,
    /// Its account's name.
    pub(crate) account: String,
    /// Its account's number in addresses.
    pub(crate) account_id: String,
    /// Who is on call now.
    pub(crate) now: Person,
    /// When that changes: exactly, and in how long.
    pub(crate) until: Option<(String, Moment)>,
    /// Who is on call then.
    pub(crate) next: Option<Person>,
    /// When nobody is, in the weeks that are shown.
    pub(crate) gaps: Vec<String>,
    /// Four weeks as a picture.
    pub(crate) calendar: Calendar,
    /// The same from now on as rows.
    pub(crate) shifts: Vec<ShiftRow>,
    /// How many shifts more there are.
    pub(crate) more: usize,
    /// Overrides that are not over, in order of time.
    pub(crate) overrides: Vec<OverrideRow>,
    /// Adds an override.
    pub(crate) new_override: Form,
    /// How it is made up.
    pub(crate) facts: Vec<Fact>,
    /// The next holidays: day, name, who is on call.
    pub(crate) holidays: Vec<(String, String, String)>,
    /// The last changes, the newest first.
    pub(crate) changes: Vec<ChangeRow>,
    /// Where its calendar, and each person's, may be read.
    pub(crate) links: Vec<LinkRow>,
    /// Whether the reader may change it.
    pub(crate) may_change: bool,
}

/// A shift in the table.
#[derive(Debug, Clone)]
pub(crate) struct ShiftRow {
    /// Who has it.
    pub(crate) person: Person,
    /// Its first instant.
    pub(crate) from: String,
    /// Its end.
    pub(crate) until: String,
    /// From and until in milliseconds, where the reader may take it.
    pub(crate) take: Option<(String, String)>,
}

/// An override in the table.
#[derive(Debug, Clone)]
pub(crate) struct OverrideRow {
    /// Its number.
    pub(crate) id: String,
    /// Who is on call, or "Nobody".
    pub(crate) name: String,
    /// "Mon, … to Tue, …".
    pub(crate) times: String,
    /// Why, or empty.
    pub(crate) reason: String,
    /// It has begun.
    pub(crate) is_begun: bool,
}

/// A change in the report.
#[derive(Debug, Clone)]
pub(crate) struct ChangeRow {
    /// Who made it.
    pub(crate) who: String,
    /// What was done: "changed members from Jane to Paul".
    pub(crate) what: String,
    /// When.
    pub(crate) at: Moment,
}

/// A calendar that programs may read.
#[derive(Debug, Clone)]
pub(crate) struct LinkRow {
    /// What is posted: empty for the rotation, else a contact's number.
    pub(crate) of: String,
    /// "Everybody", or a person's name.
    pub(crate) name: String,
    /// The part of its token that may be shown, where there is a link.
    pub(crate) prefix: Option<String>,
    /// When it was made.
    pub(crate) made: Option<Moment>,
}

/// What the page of a rotation is drawn from.
#[derive(Debug)]
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
        let (standing, now) = (&ground.standing, ground.now);
        let (rotation, roster) = (standing.rotation(), &standing.roster);
        let zone = &rotation.zone;
        let (begin, end) = bounds(now, zone);
        let mut drawn = roster.shifts(begin, end);
        // What nobody had is past: it wakes nobody up any more, and often was before the rotation.
        drawn.retain(|shift| shift.until > now || !shift.is_gap());
        let watch = roster.on_call(now);
        let mut ahead = roster.shifts(now, end);
        let more = ahead.len().saturating_sub(SHIFTS);
        ahead.truncate(SHIFTS);
        let gaps = roster.gaps(now, end).into_iter().map(|(from, to)| span(from, to, zone));
        RotationPage {
            shell,
            id: rotation.id.to_string(),
            name: rotation.name.clone(),
            account: standing.account.name.clone(),
            account_id: standing.account.id.to_string(),
            now: Person::of(standing, &watch),
            until: watch.until.map(|at| (when(at, zone), Moment::at(at, now, zone))),
            next: roster.after(&watch).map(|next| Person::of(standing, &next)),
            gaps: gaps.collect(),
            calendar: Calendar::of(&drawn, now, zone, |id| standing.name(id)),
            shifts: ahead.iter().map(|shift| shift_row(standing, shift, ground.me)).collect(),
            more,
            overrides: override_rows(standing, now),
            new_override,
            facts: facts(standing),
            holidays: holidays(standing, now),
            changes: ground.changes.iter().map(|note| change_row(note, now, zone)).collect(),
            links: link_rows(standing, &ground.links, now),
            may_change: ground.may_change,
        }
    }
}

fn shift_row(standing: &RotationDetail, shift: &Shift, me: Option<ContactId>) -> ShiftRow {
    let zone = &standing.rotation().zone;
    let contact = shift.contact_id.and_then(|id| standing.person(id));
    let is_mine = me.is_some() && shift.contact_id == me;
    let ms = |at: Instant| at.as_ms().to_string();
    ShiftRow {
        person: Person {
            name: standing.name(shift.contact_id).to_owned(),
            phone: contact.map(|it| crate::ui::phone(&it.phone)).unwrap_or_default(),
            why: why(&shift.why),
            is_gap: shift.is_gap(),
            is_nobody: shift.contact_id.is_none(),
        },
        from: when(shift.from, zone),
        until: when(shift.until, zone),
        take: me.filter(|_| !is_mine).map(|_| (ms(shift.from), ms(shift.until))),
    }
}

fn override_rows(standing: &RotationDetail, now: Instant) -> Vec<OverrideRow> {
    let zone = &standing.rotation().zone;
    let overrides = &standing.roster.overrides;
    let mut ahead: Vec<&Override> = overrides.iter().filter(|over| over.until > now).collect();
    ahead.sort_by_key(|over| (over.from, over.id));
    let name = |over: &Override| match over.contact_id {
        Some(id) => standing.person(id).map_or("Somebody who left", |contact| &contact.name),
        None => "Nobody",
    };
    let row = |over: &Override| OverrideRow {
        id: over.id.to_string(),
        name: name(over).to_owned(),
        times: span(over.from, over.until, zone),
        reason: over.reason.clone(),
        is_begun: over.from <= now,
    };
    ahead.into_iter().map(row).collect()
}

fn facts(standing: &RotationDetail) -> Vec<Fact> {
    let rotation = standing.rotation();
    let names: Vec<&str> = rotation
        .members
        .iter()
        .map(|id| standing.person(*id).map_or("Somebody who left", |it| it.name.as_str()))
        .collect();
    let names = if names.is_empty() { "Nobody yet".to_owned() } else { names.join(", then ") };
    let hours = rotation.hours.to_string();
    let hours = if hours.is_empty() { "Always" } else { &hours };
    let fallback = rotation.fallback.map_or("Nobody", |id| standing.name(Some(id)));
    vec![
        Fact::new("Turns", &turns(rotation)),
        Fact::new("In this order", &names),
        Fact::new("It covers", hours),
        Fact::new("Fallback", fallback),
        Fact::new("Time zone", rotation.zone.name()),
    ]
}

/// "Handed over each Monday at 9:00 AM, from Jan 6, 2025 on".
pub(crate) fn turns(rotation: &domain::Rotation) -> String {
    use domain::on_call::Turn;
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

fn holidays(standing: &RotationDetail, now: Instant) -> Vec<(String, String, String)> {
    const SHOWN: usize = 5;
    let today = standing.rotation().zone.date(now);
    let ahead = standing.roster.holidays.iter().filter(|day| day.date >= today).take(SHOWN);
    let row = |day: &domain::on_call::Holiday| {
        let fallback = standing.rotation().fallback;
        let own = day.contact_id.filter(|id| standing.person(*id).is_some());
        let who = match own.or(fallback.filter(|id| standing.person(*id).is_some())) {
            Some(id) => standing.name(Some(id)).to_owned(),
            None => "As on any other day".to_owned(),
        };
        let date = format!("{}, {}", day.date.weekday(), day.date.in_words());
        (date, day.name.clone(), who)
    };
    ahead.map(row).collect()
}

fn change_row(note: &ChangeNote, now: Instant, zone: &Zone) -> ChangeRow {
    let ChangeNote { actor_name, action, what, at } = note;
    let what = match action.as_str() {
        "rotation.create" => "made the rotation".to_owned(),
        "rotation.update" => format!("changed {what}"),
        "rotation.override" => format!("put on call: {what}"),
        "rotation.withdraw" => format!("withdrew the override of {what}"),
        "rotation.gap" => format!("found a gap: {what}"),
        _ => what.clone(),
    };
    let who = if action == "rotation.gap" { "The coverage check" } else { actor_name };
    ChangeRow { who: who.to_owned(), what, at: Moment::at(*at, now, zone) }
}

fn link_rows(standing: &RotationDetail, links: &[CalendarLink], now: Instant) -> Vec<LinkRow> {
    let zone: &Zone = &standing.rotation().zone;
    let row = |subject: Subject, of: String, name: &str| {
        let link = links.iter().find(|link| link.subject == subject);
        LinkRow {
            of,
            name: name.to_owned(),
            prefix: link.map(|link| link.prefix.clone()),
            made: link.map(|link| Moment::at(link.created_at, now, zone)),
        }
    };
    let all = row(Subject::Rotation(standing.rotation().id), String::new(), "Everybody");
    let mut rows = vec![all];
    let members = standing.rotation().members.iter().chain(&standing.rotation().fallback);
    for contact in members.filter_map(|id| standing.person(*id)) {
        let of = contact.id.to_string();
        if rows.iter().all(|row| row.of != of) {
            rows.push(row(Subject::Contact(contact.id), of, &contact.name));
        }
    }
    rows
}

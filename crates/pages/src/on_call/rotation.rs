//! One rotation: who is on call, four weeks ahead, its overrides, and where its calendar is read.

use app::on_call::{self, Standing};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::on_call::{CalendarLink, ChangeNote, Override, Shift, Subject};
use domain::user::Right;
use domain::{ContactId, Date, Instant, RotationId, Time, Zone, limits};
use web::Web;

use super::calendar::{Calendar, bounds};
use super::{Person, span, when, why};
use crate::session::{Id, PageError, SignedIn, page};
use crate::ui::{Choice, Fact, Field, FieldKind, Moment, Place, Shell, moment};

/// Shifts that the table shows at once.
const SHIFTS: usize = 40;

/// `GET /on-call/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "on_call/rotation.html")]
pub(crate) struct RotationPage {
    /// The frame.
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
    /// `contact_id`, `from_on`, `from_time`, `until_on`, `until_time`, `reason`.
    pub(crate) new_override: Vec<Field>,
    /// What is wrong with a new override, where no field shows it.
    pub(crate) error: Option<String>,
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

/// `GET /on-call/{id}`.
pub(crate) async fn show(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
) -> Result<Response, PageError> {
    let (standing, links) = load(&web, &visitor, RotationId(id)).await?;
    Ok(page(StatusCode::OK, &drawn(&web, &visitor, &standing, &links).await?))
}

/// A rotation with all that its page shows.
pub(crate) async fn load(
    web: &Web,
    visitor: &SignedIn,
    id: RotationId,
) -> app::Result<(Standing, Vec<CalendarLink>)> {
    let from = web.app.now().minus_ms(8 * limits::DAY_MS);
    let standing = on_call::find(&web.app, &visitor.actor, id, from).await?;
    let links = on_call::links(&web.app, &visitor.actor, standing.account.id).await?;
    Ok((standing, links))
}

/// The page of a rotation.
pub(crate) async fn drawn(
    web: &Web,
    visitor: &SignedIn,
    standing: &Standing,
    links: &[CalendarLink],
) -> app::Result<RotationPage> {
    let now = web.app.now();
    let (rotation, roster) = (standing.rotation(), &standing.roster);
    let zone = &rotation.zone;
    let (begin, end) = bounds(now, zone);
    let mut drawn = roster.shifts(begin, end);
    // What nobody had is past: it wakes nobody up any more, and often the rotation was not yet made.
    drawn.retain(|shift| shift.until > now || !shift.is_gap());
    let calendar = Calendar::of(&drawn, now, zone, |id| standing.name(id));
    let watch = roster.on_call(now);
    let mut ahead = roster.shifts(now, end);
    let more = ahead.len().saturating_sub(SHIFTS);
    ahead.truncate(SHIFTS);
    let me = on_call::stand_in(&visitor.actor, standing).map(|contact| contact.id);
    Ok(RotationPage {
        shell: visitor.shell(web, Place::OnCall).await?,
        id: rotation.id.to_string(),
        name: rotation.name.clone(),
        account: standing.account.name.clone(),
        account_id: standing.account.id.to_string(),
        now: Person::of(standing, &watch),
        until: watch.until.map(|at| (when(at, zone), Moment::at(at, now, zone))),
        next: roster.after(&watch).map(|next| Person::of(standing, &next)),
        gaps: roster.gaps(now, end).into_iter().map(|(from, to)| span(from, to, zone)).collect(),
        calendar,
        shifts: ahead.iter().map(|shift| shift_row(standing, shift, me)).collect(),
        more,
        overrides: override_rows(standing, now),
        new_override: new_override(standing, now),
        error: None,
        facts: facts(standing),
        holidays: holidays(standing, now),
        changes: on_call::changes(&web.app, &visitor.actor, rotation.id)
            .await?
            .into_iter()
            .map(|note| change_row(note, now, zone))
            .collect(),
        links: link_rows(standing, links, now),
        may_change: visitor.actor.role.may(Right::ChangeOnCall),
    })
}

fn shift_row(standing: &Standing, shift: &Shift, me: Option<ContactId>) -> ShiftRow {
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

fn override_rows(standing: &Standing, now: Instant) -> Vec<OverrideRow> {
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

/// The form of a new override, from the next full hour on.
fn new_override(standing: &Standing, now: Instant) -> Vec<Field> {
    let zone = &standing.rotation().zone;
    let person = |contact: &domain::Contact| Choice::new(&contact.id.to_string(), &contact.name);
    let mut contact = Field::choice("contact_id", "Who is on call", &[("", "Choose…")]).required();
    contact.choices.extend(standing.people.iter().map(person));
    contact.choices.push(Choice::new("nobody", "Nobody"));
    let today = zone.date(now).to_string();
    let hint = format!("By the clock of {}. No time given: now.", zone.name());
    vec![
        contact,
        Field::new(FieldKind::Text, "reason", "Why").hint("Shown to everybody who sees this."),
        Field::new(FieldKind::Date, "from_on", "From").value(&today),
        Field::new(FieldKind::Time, "from_time", "From, at").hint(&hint),
        Field::new(FieldKind::Date, "until_on", "Until").required(),
        Field::new(FieldKind::Time, "until_time", "Until, at").required(),
    ]
}

fn facts(standing: &Standing) -> Vec<Fact> {
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

fn holidays(standing: &Standing, now: Instant) -> Vec<(String, String, String)> {
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

fn change_row(note: ChangeNote, now: Instant, zone: &Zone) -> ChangeRow {
    let ChangeNote { actor_name, action, what, at } = note;
    let what = match action.as_str() {
        "rotation.create" => "made the rotation".to_owned(),
        "rotation.update" => format!("changed {what}"),
        "rotation.override" => format!("put on call: {what}"),
        "rotation.withdraw" => format!("withdrew the override of {what}"),
        "rotation.gap" => format!("found a gap: {what}"),
        _ => what,
    };
    let who = if action == "rotation.gap" { "The coverage check".to_owned() } else { actor_name };
    ChangeRow { who, what, at: Moment::at(at, now, zone) }
}

fn link_rows(standing: &Standing, links: &[CalendarLink], now: Instant) -> Vec<LinkRow> {
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

impl RotationPage {
    /// Whether the form of a new override was refused.
    pub(crate) fn is_wrong(&self) -> bool {
        self.error.is_some() || self.new_override.iter().any(|field| field.error.is_some())
    }

    /// A week each, with an override, a gap and links.
    pub(crate) fn sample() -> Self {
        crate::sample::rotations().into_iter().next().map_or_else(Self::blank, |standing| {
            let now = standing.rotation().created_at;
            let zone = standing.rotation().zone.clone();
            let (begin, end) = bounds(now, &zone);
            let shifts = standing.roster.shifts(begin, end);
            let watch = standing.roster.on_call(now);
            let me = standing.people.last().map(|contact| contact.id);
            let row = |shift: &Shift| shift_row(&standing, shift, me);
            let gaps = standing.roster.gaps(now, end);
            Self {
                now: Person::of(&standing, &watch),
                until: watch.until.map(|at| (when(at, &zone), moment("in 3 days"))),
                next: standing.roster.after(&watch).map(|next| Person::of(&standing, &next)),
                gaps: gaps.into_iter().map(|(from, to)| span(from, to, &zone)).collect(),
                calendar: Calendar::of(&shifts, now, &zone, |id| standing.name(id)),
                shifts: standing.roster.shifts(now, end).iter().map(row).collect(),
                overrides: override_rows(&standing, now),
                new_override: new_override(&standing, now),
                facts: facts(&standing),
                holidays: holidays(&standing, now),
                changes: vec![ChangeRow {
                    who: "Jane Hartwell".to_owned(),
                    what: "changed members from Jane Hartwell to Jane Hartwell, Paul Boone".into(),
                    at: moment("3 days ago"),
                }],
                links: sample_links(link_rows(&standing, &[], now)),
                ..Self::blank()
            }
        })
    }

    /// After an override was refused.
    pub(crate) fn sample_error() -> Self {
        let mut page = Self::sample();
        let mut faults = domain::Invalid::field("from", "must not lie before now");
        faults.add("moon", "must be round");
        super::overrides::blamed(&mut page, &faults);
        page
    }

    /// Before anybody stands in it, as an agent sees it.
    pub(crate) fn sample_empty() -> Self {
        let mut page = Self::blank();
        page.may_change = false;
        page.gaps = vec!["Tue, Mar 3, 2026, 2:14 PM EST to Mon, Mar 30, 2026".to_owned()];
        page
    }

    fn blank() -> Self {
        Self {
            shell: Shell::sample(Place::OnCall),
            id: "1".to_owned(),
            name: "Nights".to_owned(),
            account: "Hartwell & Boone".to_owned(),
            account_id: "1".to_owned(),
            now: Person {
                phone: String::new(),
                is_gap: true,
                is_nobody: true,
                ..Person::sample("Nobody", "There is nobody")
            },
            until: None,
            next: None,
            gaps: Vec::new(),
            calendar: Calendar::default(),
            shifts: Vec::new(),
            more: 0,
            overrides: Vec::new(),
            new_override: Vec::new(),
            error: None,
            facts: vec![Fact::new("In this order", "Nobody yet")],
            holidays: Vec::new(),
            changes: Vec::new(),
            links: Vec::new(),
            may_change: true,
        }
    }
}

fn sample_links(mut rows: Vec<LinkRow>) -> Vec<LinkRow> {
    if let Some(first) = rows.first_mut() {
        first.prefix = Some("lc_7hq2abcd".to_owned());
        first.made = Some(moment("3 days ago"));
    }
    rows
}

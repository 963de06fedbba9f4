//! The simulator: if a message came in then, who would be told, when, how, and through what?

use std::sync::Arc;

use app::Error;
use app::playbooks::{self, ImaginedMessage};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use domain::playbook::{Foreseen, Foresight, Notice};
use domain::{
    AccountId, Channel, ClosingGroupId, ContactId, Date, Instant, Invalid, Playbook, Time,
};
use web::Web;

use super::words;
use crate::form::{Answer, Form};
use crate::session::{Fields, Id, SignedIn, page};
use crate::ui::{Choice, Field, FieldKind, Place, Shell, phone, spoken_span, typed_time};

/// `GET /accounts/{id}/simulator?on=&time=&contact=&closing=&emergency=`.
#[derive(Debug, Template)]
#[template(path = "delivery/simulator.html")]
pub(crate) struct Simulator {
    pub(crate) shell: Shell,
    pub(crate) book: Arc<Playbook>,
    pub(crate) form: Form,
    /// From when on it is told, and what would happen; `None` before anything was asked.
    pub(crate) answer: Option<(Instant, Vec<Foreseen>)>,
}

/// One thing that would happen: icon, tone, sentence, and through what.
type ForeseenLine = (&'static str, &'static str, String, String);

const NAMES: [&str; 5] = ["on", "time", "contact", "closing", "emergency"];

fn form(book: &Playbook, now: Instant) -> Form {
    let zone = &book.account.zone;
    let (date, minute) = (zone.date(now), zone.minute_of_day(now));
    let closings = book.closings.iter().map(|it| Choice::new(&it.id.to_string(), &it.name));
    Form::new([
        Field::new(FieldKind::Date, "on", "Day").required().value(&date.to_string()),
        Field::new(FieldKind::Time, "time", "Time").required().value(&typed_time(minute)),
        Field::choice("contact", "For whom", &[("", "Nobody in particular")])
            .at("contact_id")
            .choices(&book.contacts),
        Field::choice("closing", "Closed with", &[("", "As usual")])
            .at("closing_group_id")
            .choices(closings),
        Field::new(FieldKind::Tick, "emergency", "It is an emergency"),
    ])
}

/// What was asked, and what of it cannot be read.
fn imagined(asked: &Fields, book: &Playbook) -> (ImaginedMessage, Invalid) {
    let mut invalid = Invalid::new();
    let text = |name: &str| asked.text(name).trim();
    let date = Date::parse(text("on")).ok();
    invalid.require(date.is_some(), "on", "must be a day such as 2025-01-25");
    let time = Time::parse(text("time"));
    invalid.require(time.is_some(), "time", "must be a time of day such as 2:10 AM");
    let mut id = |name: &str, known: &dyn Fn(i64) -> bool| {
        let given = text(name);
        let id = given.parse().ok().filter(|id| known(*id));
        invalid.require(given.is_empty() || id.is_some(), name, "must be of the list");
        id
    };
    let contact = id("contact", &|id| book.contact(ContactId(id)).is_some());
    let closing = id("closing", &|id| book.closings.iter().any(|it| it.id.0 == id));
    let zone = &book.account.zone;
    let at = date.zip(time).map(|(date, time)| zone.at_minute(date, time.minute_of_day()));
    let imagined = ImaginedMessage {
        at,
        contact_id: contact.map(ContactId),
        closing_group_id: closing.map(ClosingGroupId),
        is_emergency: asked.is_ticked("emergency"),
    };
    (imagined, invalid)
}

/// `GET /accounts/{id}/simulator`.
pub(crate) async fn show(
    visitor: SignedIn,
    State(web): State<Web>,
    Id(account): Id,
    RawQuery(query): RawQuery,
) -> Answer {
    let (account, actor) = (AccountId(account), &visitor.actor);
    let book = app::playbooks::find(&web.app, actor, account).await?;
    let asked = Fields::of_query(query.as_deref());
    let shell = visitor.shell(&web, Place::Accounts).await?;
    let mut drawn = Simulator::new(shell, book, web.app.now());
    if !NAMES.iter().any(|name| asked.has(name)) {
        return Ok(page(StatusCode::OK, &drawn));
    }
    drawn.form = drawn.form.filled(Some(&asked));
    let (imagined, faults) = imagined(&asked, &drawn.book);
    let foreseen = match faults.is_empty() {
        true => playbooks::foresee(&web.app, actor, account, imagined).await,
        false => Err(faults.into()),
    };
    match foreseen {
        Ok(foreseen) => {
            drawn.answer = Some((imagined.at.unwrap_or_else(|| web.app.now()), foreseen));
            Ok(page(StatusCode::OK, &drawn))
        }
        Err(Error::Invalid(faults)) => {
            drawn.form.blame(&faults);
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &drawn))
        }
        Err(error) => Err(error.into()),
    }
}

impl Simulator {
    pub(crate) fn new(shell: Shell, book: Arc<Playbook>, now: Instant) -> Self {
        let form = form(&book, now);
        Simulator { shell, book, form, answer: None }
    }

    /// What would happen, by instant.
    fn moments<'f>(&self, foreseen: &'f [Foreseen]) -> impl Iterator<Item = &'f [Foreseen]> {
        foreseen.chunk_by(|one, other| one.at == other.at)
    }

    /// An instant by its clock and its day: "2:10 AM EST", "Sat, Jan 25, 2025".
    fn clock_and_day(&self, at: &Instant) -> (String, String) {
        let (zone, date) = (&self.book.account.zone, self.book.account.zone.date(*at));
        let (exact, day) = (zone.portal(*at).to_string(), format!("{}, ", date.in_words()));
        let clock = exact.strip_prefix(&day).unwrap_or(&exact).to_owned();
        (clock, format!("{}, {}", date.weekday(), date.in_words()))
    }

    fn line(&self, what: &Foresight) -> ForeseenLine {
        let zone = &self.book.account.zone;
        match what {
            Foresight::Held { until, in_digest } => {
                let what = if *in_digest { "Waits for the digest of" } else { "Is held until" };
                let text = format!("{what} {}.", zone.portal(*until));
                ("circle-pause", "plain", text, String::new())
            }
            Foresight::Logged(event) => {
                let is_end = event.kind == domain::ActivityKind::Exhausted;
                let (icon, tone) = if is_end { ("siren", "red") } else { ("bell", "plain") };
                (icon, tone, event.sentence(), String::new())
            }
            Foresight::Told(Notice { channel, name, address, through, .. }) => {
                let icon = match channel {
                    Channel::Email => "mail",
                    Channel::Sms => "message-square",
                    Channel::Call => "phone",
                };
                let text = format!("{} to {name}, {}", words::noun(*channel), phone(address));
                (icon, "green", text, through.clone())
            }
            Foresight::Missing(why) => ("triangle-alert", "amber", why.clone(), String::new()),
        }
    }
}

/// The answer in a sentence.
pub(crate) fn said(foreseen: &[Foreseen], from: &Instant) -> String {
    let mut people: Vec<(&str, String)> = Vec::new();
    for it in foreseen {
        if let Foresight::Told(notice) = &it.what
            && people.iter().all(|(name, _)| *name != notice.name)
        {
            people.push((&notice.name, after(&it.at, from)));
        }
    }
    let people: Vec<String> =
        people.into_iter().map(|(name, after)| format!("{name} ({after})")).collect();
    match people.len() {
        0 => "Nobody would be told. It would wait in the portal to be read.".to_owned(),
        _ => format!("Who is told, and when first: {}.", words::listed(&people, "and")),
    }
}

/// How long after the message: "at once", "+5 minutes".
pub(crate) fn after(at: &Instant, from: &Instant) -> String {
    match at.ms_since(*from) {
        0 => "at once".to_owned(),
        ms => format!("+{}", spoken_span(ms)),
    }
}

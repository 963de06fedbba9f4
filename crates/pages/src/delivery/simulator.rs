//! The simulator: if a message came in then, who would be told, when, how, and through what?

use app::Error;
use app::playbooks::{self, ImaginedMessage};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::playbook::{Foreseen, Foresight, Notice};
use domain::{
    AccountId, Channel, ClosingGroupId, ContactId, Date, Instant, Invalid, Playbook, Time, Zone,
};
use web::Web;

use super::owner::PlaybookAccount;
use super::words;
use crate::form::Form;
use crate::sample;
use crate::session::{Fields, Id, PageError, SignedIn, page};
use crate::ui::{Choice, Field, FieldKind, Place, Shell, phone, spoken_span, typed_time};

/// `GET /accounts/{id}/simulator?on=&time=&contact=&closing=&emergency=`.
#[derive(Debug, Clone, Template)]
#[template(path = "delivery/simulator.html")]
pub(crate) struct Simulator {
    pub(crate) shell: Shell,
    /// Whose playbook is tried.
    pub(crate) of: PlaybookAccount,
    pub(crate) form: Form,
    /// "Times are those of America/New_York."
    pub(crate) zone: String,
    /// "3 people would be told …", or empty.
    pub(crate) said: String,
    /// What would happen, in order; `None` before anything was asked.
    pub(crate) moments: Option<Vec<ForeseenMoment>>,
}

/// All that would happen at one instant.
#[derive(Debug, Clone)]
pub(crate) struct ForeseenMoment {
    /// "Sat, Jan 25".
    pub(crate) day: String,
    /// "2:10 AM EST".
    pub(crate) clock: String,
    /// "at once", "+5 minutes".
    pub(crate) after: String,
    /// What would happen.
    pub(crate) lines: Vec<ForeseenLine>,
}

/// One thing that would happen.
#[derive(Debug, Clone)]
pub(crate) struct ForeseenLine {
    /// Its icon.
    pub(crate) icon: &'static str,
    /// How loud it is: `plain`, `amber`, `red`, `green`.
    pub(crate) tone: &'static str,
    /// What happens: "Text to Jane Hartwell, (561) 555-0100".
    pub(crate) text: String,
    /// Through what: "on call in Nights", or empty.
    pub(crate) through: String,
}

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
) -> Result<Response, PageError> {
    let (account, actor) = (AccountId(account), &visitor.actor);
    let book = app::playbooks::find(&web.app, actor, account).await?;
    let asked = Fields::of_query(query.as_deref());
    let mut drawn =
        Simulator::draw(visitor.shell(&web, Place::Accounts).await?, &book, web.app.now());
    if !NAMES.iter().any(|name| asked.has(name)) {
        return Ok(page(StatusCode::OK, &drawn));
    }
    drawn.form = drawn.form.filled(Some(&asked));
    let (imagined, faults) = imagined(&asked, &book);
    let foreseen = match faults.is_empty() {
        true => playbooks::foresee(&web.app, actor, account, imagined).await,
        false => Err(faults.into()),
    };
    match foreseen {
        Ok(foreseen) => {
            let from = imagined.at.unwrap_or_else(|| web.app.now());
            drawn.answer(&book, &foreseen, from);
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
    fn draw(shell: Shell, book: &Playbook, now: Instant) -> Self {
        Simulator {
            shell,
            of: PlaybookAccount::new(book),
            form: form(book, now),
            zone: format!("Times are those of {}.", book.account.zone.name()),
            said: String::new(),
            moments: None,
        }
    }

    fn answer(&mut self, book: &Playbook, foreseen: &[Foreseen], from: Instant) {
        let zone = &book.account.zone;
        let mut moments: Vec<(Instant, ForeseenMoment)> = Vec::new();
        for it in foreseen {
            if moments.last().is_none_or(|(at, _)| *at != it.at) {
                moments.push((it.at, ForeseenMoment::at(it.at, from, zone)));
            }
            if let Some((_, moment)) = moments.last_mut() {
                moment.lines.push(ForeseenLine::of(&it.what, zone));
            }
        }
        self.said = said(foreseen, from);
        self.moments = Some(moments.into_iter().map(|(_, moment)| moment).collect());
    }
}

/// The answer in a sentence.
fn said(foreseen: &[Foreseen], from: Instant) -> String {
    let told = foreseen.iter().filter_map(|it| match &it.what {
        Foresight::Told(notice) => Some((it.at, notice)),
        _ => None,
    });
    let mut people: Vec<String> = Vec::new();
    for (at, notice) in told {
        let is_known = people.iter().any(|said| said.starts_with(&format!("{} (", notice.name)));
        if !is_known {
            let after = after(at, from);
            people.push(format!("{} ({after})", notice.name));
        }
    }
    match people.len() {
        0 => "Nobody would be told. It would wait in the portal to be read.".to_owned(),
        _ => format!("Who is told, and when first: {}.", words::listed(&people, "and")),
    }
}

fn after(at: Instant, from: Instant) -> String {
    match at.ms_since(from) {
        0 => "at once".to_owned(),
        ms => format!("+{}", spoken_span(ms)),
    }
}

impl ForeseenMoment {
    fn at(at: Instant, from: Instant, zone: &Zone) -> Self {
        let exact = zone.portal(at).to_string();
        // "Jan 25, 2025, 2:10 AM EST": the day, then the clock.
        let mut parts = exact.splitn(3, ", ");
        let (day, year) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        ForeseenMoment {
            day: format!("{}, {day}, {year}", zone.date(at).weekday()),
            clock: parts.next().unwrap_or_default().to_owned(),
            after: after(at, from),
            lines: Vec::new(),
        }
    }
}

impl ForeseenLine {
    fn of(what: &Foresight, zone: &Zone) -> Self {
        let line =
            |icon, tone, text: String| ForeseenLine { icon, tone, text, through: String::new() };
        match what {
            Foresight::Held { until, in_digest } => {
                let until = zone.portal(*until);
                let what = if *in_digest { "Waits for the digest of" } else { "Is held until" };
                line("circle-pause", "plain", format!("{what} {until}."))
            }
            Foresight::Logged(event) => {
                let is_end = event.kind == domain::ActivityKind::Exhausted;
                let (icon, tone) = if is_end { ("siren", "red") } else { ("bell", "plain") };
                line(icon, tone, event.sentence())
            }
            Foresight::Told(notice) => {
                let through = notice.through.clone();
                ForeseenLine { through, ..line(icon(notice.channel), "green", told(notice)) }
            }
            Foresight::Missing(why) => line("triangle-alert", "amber", why.clone()),
        }
    }
}

fn told(notice: &Notice) -> String {
    let noun = match notice.channel {
        Channel::Email => "E-mail",
        Channel::Sms => "Text",
        Channel::Call => "Call",
    };
    format!("{noun} to {}, {}", notice.name, phone(&notice.address))
}

fn icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "mail",
        Channel::Sms => "message-square",
        Channel::Call => "phone",
    }
}

impl Simulator {
    /// A Saturday night.
    pub(crate) fn sample() -> Self {
        let (book, now) = (sample::book(), sample::night());
        let mut drawn = Self::draw(Shell::sample(Place::Accounts), &book, now);
        let account = &book.account;
        let mut message = domain::Message::blank(account.tenant_id, account.id, String::new(), now);
        message.contact_id = book.contacts.first().map(|contact| contact.id);
        let foreseen = book.foresee(message, book.closings.first(), now);
        drawn.answer(&book, &foreseen, now);
        drawn
    }

    /// Before anything was asked.
    pub(crate) fn sample_empty() -> Self {
        let (book, now) = (sample::book(), sample::night());
        Self::draw(Shell::sample(Place::Accounts), &book, now)
    }

    /// Asked for a day that there is not.
    pub(crate) fn sample_error() -> Self {
        let mut drawn = Self::sample_empty();
        drawn.form.blame(&Invalid::field("on", "must be a day such as 2025-01-25"));
        drawn
    }
}

//! The holidays of an account: listed, added one by one or by the year, removed.

use app::Error;
use app::on_call;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::on_call::HolidayEntry;
use domain::user::Right;
use domain::{AccountId, ContactId, HolidayId, Invalid};
use web::Web;

use crate::session::{Fields, Id, Ids, PageError, Posted, SignedIn, page};
use crate::ui::{Choice, Empty, Field, FieldKind, Flash, Place, Shell, blame, retype};

/// `GET /on-call/holidays/{id}`, by the account's number in addresses.
#[derive(Debug, Clone, Template)]
#[template(path = "on_call/holidays.html")]
pub(crate) struct Holidays {
    /// The frame.
    pub(crate) shell: Shell,
    /// The account's number in addresses.
    pub(crate) id: String,
    /// The account's name.
    pub(crate) account: String,
    /// From today on.
    pub(crate) rows: Vec<HolidayRow>,
    /// `date`, `name`, `contact_id`.
    pub(crate) new_holiday: Vec<Field>,
    /// `year`: whose federal holidays are added.
    pub(crate) year: Field,
    /// What is wrong, where no field shows it.
    pub(crate) error: Option<String>,
    /// Whether the reader may change them.
    pub(crate) may_change: bool,
}

/// A holiday in the list.
#[derive(Debug, Clone)]
pub(crate) struct HolidayRow {
    /// Its number.
    pub(crate) id: String,
    /// `Thu, Dec 25, 2025`.
    pub(crate) date: String,
    /// What it is called.
    pub(crate) name: String,
    /// Who is on call, or "The fallback".
    pub(crate) who: String,
}

/// `GET /on-call/holidays/{id}`.
pub(crate) async fn show(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
) -> Result<Response, PageError> {
    Ok(page(StatusCode::OK, &drawn(&web, &visitor, AccountId(id)).await?))
}

async fn drawn(web: &Web, visitor: &SignedIn, id: AccountId) -> Result<Holidays, PageError> {
    let (app, actor) = (&web.app, &visitor.actor);
    let days = on_call::holidays(app, actor, id).await?;
    let desk = app::playbooks::find(app, actor, id).await?;
    let today = desk.account.zone.date(app.now());
    let name = |id: ContactId| {
        let known = desk.contacts.iter().find(|contact| contact.id == id);
        known.map_or("Somebody who left", |contact| &contact.name)
    };
    let row = |day: &domain::on_call::Holiday| HolidayRow {
        id: day.id.to_string(),
        date: format!("{}, {}", day.date.weekday(), day.date.in_words()),
        name: day.name.clone(),
        who: day.contact_id.map_or("The fallback", name).to_owned(),
    };
    Ok(Holidays {
        shell: visitor.shell(web, Place::OnCall).await?,
        id: id.to_string(),
        account: desk.account.name.clone(),
        rows: days.iter().filter(|day| day.date >= today).map(row).collect(),
        new_holiday: fields(&desk.contacts),
        year: year(today.year()),
        error: None,
        may_change: actor.role.may(Right::ChangeOnCall),
    })
}

fn fields(people: &[domain::Contact]) -> Vec<Field> {
    let hint = "With nobody chosen and no fallback, the day is like any other.";
    let mut contact =
        Field::choice("contact_id", "Who is on call", &[("", "The fallback")]).hint(hint);
    let person = |it: &domain::Contact| Choice::new(&it.id.to_string(), &it.name);
    contact.choices.extend(people.iter().map(person));
    vec![
        Field::new(FieldKind::Date, "date", "Day").required(),
        Field::new(FieldKind::Text, "name", "Name").required().max_length(200),
        contact,
    ]
}

fn year(first: i16) -> Field {
    let years = (first..=first + 2).map(|year| year.to_string());
    let choices = years.map(|year| Choice::new(&year, &year)).collect();
    let field = Field::new(FieldKind::Choice, "year", "Year").choices(choices);
    field.value(&first.to_string())
}

/// `POST /on-call/holidays/{id}`.
pub(crate) async fn add(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    on_call::holidays(&web.app, &visitor.actor, AccountId(id)).await?;
    let contact = fields.text("contact_id");
    let entry = HolidayEntry {
        date: fields.text("date").to_owned(),
        name: fields.text("name").to_owned(),
        // What is no number names nobody in the directory, and is refused there.
        contact_id: (!contact.is_empty()).then(|| ContactId(contact.parse().unwrap_or(0))),
    };
    match on_call::add_holiday(&web.app, &visitor.actor, AccountId(id), entry).await {
        Ok(day) => Ok(done(&web, &visitor, id, &format!("“{}” is added.", day.name))),
        Err(Error::Invalid(faults)) => refused(&web, &visitor, id, &fields, &faults).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /on-call/holidays/{id}/federal` (`year`).
pub(crate) async fn add_federal(
    State(web): State<Web>,
    Id(id): Id,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    on_call::holidays(&web.app, &visitor.actor, AccountId(id)).await?;
    let year = fields.text("year").parse().unwrap_or(0);
    match on_call::add_federal(&web.app, &visitor.actor, AccountId(id), year).await {
        Ok(0) => Ok(done(&web, &visitor, id, "All of them are there already.")),
        Ok(1) => Ok(done(&web, &visitor, id, "One day is added.")),
        Ok(added) => Ok(done(&web, &visitor, id, &format!("{added} days are added."))),
        Err(Error::Invalid(faults)) => refused(&web, &visitor, id, &fields, &faults).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /on-call/holidays/{id}/{of_it}/remove`.
pub(crate) async fn remove(
    State(web): State<Web>,
    Ids(id, day): Ids,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    let (app, actor) = (&web.app, &visitor.actor);
    on_call::holidays(app, actor, AccountId(id)).await?;
    let gone = on_call::remove_holiday(app, actor, AccountId(id), HolidayId(day)).await?;
    Ok(done(&web, &visitor, id, &format!("“{}” is removed.", gone.name)))
}

fn done(web: &Web, visitor: &SignedIn, id: i64, text: &str) -> Response {
    visitor.sent_to(web, &format!("/on-call/holidays/{id}"), &Flash::done(text))
}

async fn refused(
    web: &Web,
    visitor: &SignedIn,
    id: i64,
    posted: &Fields,
    faults: &Invalid,
) -> Result<Response, PageError> {
    let mut view = drawn(web, visitor, AccountId(id)).await?;
    let is_year = faults.about("year").is_some();
    if !is_year {
        retype(&mut view.new_holiday, posted);
    }
    view.blame(faults);
    Ok(page(StatusCode::UNPROCESSABLE_ENTITY, &view))
}

impl Holidays {
    fn blame(&mut self, faults: &Invalid) {
        let fields = self.new_holiday.iter_mut().chain([&mut self.year]);
        let others = blame(fields, faults, str::to_owned);
        self.error = (!others.is_empty()).then(|| others.join(" "));
    }

    /// Whether the form of a new holiday was refused.
    pub(crate) fn is_wrong(&self) -> bool {
        self.error.is_some() || self.new_holiday.iter().any(|field| field.error.is_some())
    }

    /// What stands where there is no holiday.
    pub(crate) fn none_yet() -> Empty {
        let text = "On a holiday the fallback of each rotation is on call, or a person whom you \
                    choose, from midnight to midnight.";
        Empty::new("calendar", "No holiday ahead", text)
    }

    /// Some holidays.
    pub(crate) fn sample() -> Self {
        let row = |id: &str, date: &str, name: &str, who: &str| HolidayRow {
            id: id.to_owned(),
            date: date.to_owned(),
            name: name.to_owned(),
            who: who.to_owned(),
        };
        Self {
            shell: Shell::sample(Place::OnCall),
            id: "1".to_owned(),
            account: "Hartwell & Boone".to_owned(),
            rows: vec![
                row("1", "Mon, May 25, 2026", "Memorial Day", "The fallback"),
                row("2", "Fri, Jul 3, 2026", "Independence Day (observed)", "Jane Hartwell"),
            ],
            new_holiday: fields(&[]),
            year: year(2026),
            error: None,
            may_change: true,
        }
    }

    /// Before the first one, with one that was refused.
    pub(crate) fn sample_error() -> Self {
        let mut page = Self { rows: Vec::new(), ..Self::sample() };
        let mut faults = Invalid::field("date", "must not lie before today");
        faults.add("moon", "must be round");
        page.blame(&faults);
        page
    }
}

//! The holidays of an account: listed, added one by one or by the year, removed.

use std::sync::Arc;

use app::on_call;
use askama::Template;
use axum::extract::State;
use domain::on_call::{Holiday, HolidayEntry};
use domain::user::Right;
use domain::{AccountId, ContactId, Date, HolidayId, Playbook};
use web::Web;

use crate::form::editor::fresh;
use crate::form::{Answer, Ask, Editor, Form};
use crate::session::{Fields, Ids, PageError, Posted};
use crate::ui::{Choice, Empty, Field, FieldKind, Place, Shell};

/// `GET /on-call/holidays/{id}`, by the account's number in addresses.
#[derive(Debug, Template)]
#[template(path = "on_call/holidays.html")]
pub(crate) struct Holidays {
    shell: Shell,
    ground: HolidaysGround,
    /// Adds one day.
    new_holiday: Form,
    /// Adds the federal holidays of a year.
    federal: Form,
}

/// What the page of holidays is drawn from.
#[derive(Clone, Debug)]
pub(crate) struct HolidaysGround {
    pub(crate) days: Vec<Holiday>,
    pub(crate) book: Arc<Playbook>,
    pub(crate) today: Date,
    /// Whether the reader may change them.
    pub(crate) may_change: bool,
}

async fn ground(ask: Ask<'_>) -> Result<HolidaysGround, PageError> {
    let (app, actor, id) = (&ask.web.app, &ask.visitor.actor, AccountId(ask.id(0)));
    let days = on_call::holidays(app, actor, id).await?;
    let book = app::playbooks::find(app, actor, id).await?;
    let today = book.account.zone.date(app.now());
    Ok(HolidaysGround { days, book, today, may_change: actor.role.may(Right::ChangeOnCall) })
}

impl Holidays {
    fn draw(shell: Shell, ground: &HolidaysGround, new_holiday: Form, federal: Form) -> Self {
        Holidays { shell, ground: ground.clone(), new_holiday, federal }
    }

    /// The holidays from today on.
    fn ahead(&self) -> Vec<&Holiday> {
        self.ground.days.iter().filter(|day| day.date >= self.ground.today).collect()
    }

    fn may_change(&self) -> bool {
        self.ground.may_change
    }

    fn who(&self, day: &Holiday) -> &str {
        let name = |id| self.ground.book.contact(id).map(|contact| contact.name.as_str());
        day.contact_id.map_or("The fallback", |id| name(id).unwrap_or("Somebody who left"))
    }

    /// What stands where there is no holiday.
    pub(crate) fn none_yet() -> Empty {
        let text = "On a holiday the fallback of each rotation is on call, or a person whom you \
                    choose, from midnight to midnight.";
        Empty::new("calendar", "No holiday ahead", text)
    }
}

/// `GET /on-call/holidays/{id}` shows the page → `POST` there adds one day.
#[derive(Debug)]
pub(crate) struct HolidayEditor;

impl Editor for HolidayEditor {
    const PLACE: Place = Place::OnCall;
    type Ground = HolidaysGround;
    type Page = Holidays;

    async fn ground(ask: Ask<'_>) -> Result<HolidaysGround, PageError> {
        ground(ask).await
    }

    fn form(ground: &HolidaysGround, typed: Option<&Fields>) -> Form {
        Form::new([
            Field::new(FieldKind::Date, "date", "Day").required(),
            Field::new(FieldKind::Text, "name", "Name").required().max_length(200),
            Field::choice("contact_id", "Who is on call", &[("", "The fallback")])
                .choices(&ground.book.contacts)
                .hint("With nobody chosen and no fallback, the day is like any other."),
        ])
        .filled(typed)
    }

    fn draw(shell: Shell, ground: &HolidaysGround, form: Form) -> Holidays {
        Holidays::draw(shell, ground, form, fresh::<FederalEditor>(ground))
    }

    async fn save(ask: Ask<'_>, ground: &HolidaysGround, typed: &Fields) -> Answer {
        let entry = HolidayEntry {
            date: typed.owned("date"),
            name: typed.owned("name"),
            contact_id: typed.id("contact_id").map(ContactId),
        };
        let (app, actor, id) = (&ask.web.app, &ask.visitor.actor, ground.book.account.id);
        let day = on_call::add_holiday(app, actor, id, entry).await?;
        ask.done(&format!("/on-call/holidays/{id}"), &format!("“{}” is added.", day.name))
    }
}

/// `POST /on-call/holidays/{id}/federal`: the federal holidays of a year.
#[derive(Debug)]
pub(crate) struct FederalEditor;

impl Editor for FederalEditor {
    const PLACE: Place = Place::OnCall;
    type Ground = HolidaysGround;
    type Page = Holidays;

    async fn ground(ask: Ask<'_>) -> Result<HolidaysGround, PageError> {
        ground(ask).await
    }

    fn form(ground: &HolidaysGround, typed: Option<&Fields>) -> Form {
        let first = ground.today.year();
        let years = (first..=first + 2).map(|year| year.to_string());
        let year = Field::new(FieldKind::Choice, "year", "Year")
            .choices(years.map(|year| Choice::new(&year, &year)))
            .value(&first.to_string());
        Form::new([year]).filled(typed)
    }

    fn draw(shell: Shell, ground: &HolidaysGround, form: Form) -> Holidays {
        Holidays::draw(shell, ground, fresh::<HolidayEditor>(ground), form)
    }

    async fn save(ask: Ask<'_>, ground: &HolidaysGround, typed: &Fields) -> Answer {
        let (app, actor, id) = (&ask.web.app, &ask.visitor.actor, ground.book.account.id);
        let year = typed.text("year").parse().unwrap_or(0);
        let text = match on_call::add_federal(app, actor, id, year).await? {
            0 => "All of them are there already.".to_owned(),
            1 => "One day is added.".to_owned(),
            added => format!("{added} days are added."),
        };
        ask.done(&format!("/on-call/holidays/{id}"), &text)
    }
}

/// `POST /on-call/holidays/{id}/{of_it}/remove`.
pub(crate) async fn remove(
    State(web): State<Web>,
    Ids(id, day): Ids,
    Posted { visitor, .. }: Posted,
) -> Answer {
    let (app, actor) = (&web.app, &visitor.actor);
    on_call::holidays(app, actor, AccountId(id)).await?;
    let gone = on_call::remove_holiday(app, actor, AccountId(id), HolidayId(day)).await?;
    let text = format!("“{}” is removed.", gone.name);
    Ok(visitor.done(&web, &format!("/on-call/holidays/{id}"), &text))
}

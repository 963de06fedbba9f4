//! The list of To Dos, and one of them opened beside it.

mod detail;
mod entry;
mod export;
mod form;
mod plan;
mod turn;

pub(super) use detail::address_of_run;

use std::collections::HashMap;

use app::to_dos::{self, Query, Standing};
use app::{Error, accounts};
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Account, AccountId, Channel, Instant, Invalid, Run, ToDo, ToDoId, Zone, limits};

use super::asked::{Asked, choice_of_account, shown};
use super::messages::first_line;
use crate::portal::{ToDoRow, ToDos};
use crate::session::{Id, SignedIn, Turned, page};
use crate::ui::{self, Empty, Field, Flash, Moment, Place, Tone};
use crate::{Routes, Web};

/// What may stand in the address of the list.
const NAMES: [&str; 4] = ["account_number", "delivery_type", "before", "runs_before"];

/// Everything about To Dos.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/to-dos", list)
        .get("/to-dos.csv", export::csv)
        .get("/to-dos/new", form::new)
        .post("/to-dos", form::create)
        .post("/to-dos/preview", form::preview_new)
        .get("/to-dos/{id}", open)
        .get("/to-dos/{id}/edit", form::edit)
        .post("/to-dos/{id}", form::update)
        .post("/to-dos/{id}/preview", form::preview_changed)
        .post("/to-dos/{id}/pause", turn::pause)
        .post("/to-dos/{id}/resume", turn::resume)
        .post("/to-dos/{id}/delete", turn::delete)
}

/// `GET /to-dos` (`account_number`, `delivery_type`, `before`).
async fn list(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Turned> {
    let asked = Asked::read(query.as_deref(), &NAMES).with("runs_before", "");
    let list = List::load(&web, &visitor, asked).await?;
    list.shown(&web, &visitor, None).await
}

/// `GET /to-dos/{id}` (`runs_before`): the To Do, and on a desktop the list beside it.
async fn open(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> Result<Response, Turned> {
    let standing = to_dos::find(&web.app, &visitor.actor, ToDoId(id)).await?;
    let asked = Asked::read(query.as_deref(), &NAMES);
    let (runs_before, asked) = (asked.of("runs_before").to_owned(), asked.with("runs_before", ""));
    let list = List::load(&web, &visitor, asked).await?;
    list.shown(&web, &visitor, Some((standing, runs_before))).await
}

/// One page of the list, loaded.
struct List {
    asked: Asked,
    faults: Invalid,
    accounts: Vec<Account>,
    rows: Vec<Standing>,
    last: Vec<Run>,
    has_more: bool,
}

impl List {
    /// Loads what an address asks for; what is wrong with it leaves the list empty.
    async fn load(web: &Web, visitor: &SignedIn, asked: Asked) -> app::Result<Self> {
        let (app, actor) = (&web.app, &visitor.actor);
        let accounts = accounts::list(app, actor).await?;
        let (meaning, before, faults) = meaning(&asked, &accounts);
        let mut rows = Vec::new();
        if faults.is_empty() {
            let filter = to_dos::filter(app, actor, &meaning).await?;
            rows = to_dos::page(app, actor, &filter, before, limits::PORTAL_ROWS + 1).await?;
        }
        let has_more = rows.len() > limits::PORTAL_ROWS;
        rows.truncate(limits::PORTAL_ROWS);
        let last = to_dos::last_runs(app, actor, &rows).await?;
        Ok(List { asked, faults, accounts, rows, last, has_more })
    }

    /// The page, with one To Do opened.
    async fn shown(
        self,
        web: &Web,
        visitor: &SignedIn,
        open: Option<(Standing, String)>,
    ) -> Result<Response, Turned> {
        let id = open.as_ref().map(|(standing, _)| standing.to_do.id);
        let first = self.asked.with("before", "");
        let kept = self.asked.query();
        let open = match open {
            Some((standing, before)) => {
                Some(detail::shown(web, visitor, standing, &before, &self.asked).await?)
            }
            None => None,
        };
        let mut shell = visitor.shell(web, Place::ToDos).await?;
        if let Some(rule) = self.faults.about("before") {
            let text = format!("The page of the list {rule}.");
            shell.flash = Some(Flash { tone: Tone::Red, text, link: None });
        }
        let is_sound = self.faults.is_empty();
        let status = if is_sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let last = self.rows.last().filter(|_| self.has_more);
        let older = last.map(|last| self.asked.with("before", &last.to_do.id.to_string()).query());
        let view = ToDos {
            shell,
            filters: fields(&self.asked, &self.accounts, &self.faults),
            rows: self.rows(web, visitor, id),
            older: older.map(|query| format!("/to-dos{query}")),
            newest: (first != self.asked).then(|| format!("/to-dos{}", first.query())),
            export: (!self.rows.is_empty()).then(|| format!("/to-dos.csv{}", first.query())),
            empty: self.empty(is_sound),
            kept,
            open,
        };
        Ok(page(status, &view))
    }

    fn rows(&self, web: &Web, visitor: &SignedIn, open: Option<ToDoId>) -> Vec<ToDoRow> {
        let (now, kept) = (web.app.now(), self.asked.query());
        let by_id: HashMap<AccountId, &Account> =
            self.accounts.iter().map(|account| (account.id, account)).collect();
        let row = |standing: &Standing| {
            let to_do = &standing.to_do;
            let account = by_id.get(&to_do.account_id);
            let zone = account.map_or(&visitor.tenant.zone, |account| &account.zone);
            let (channel, icon) = (to_do.delivery_type.noun(), icon(to_do.delivery_type));
            let last = self.last.iter().find(|run| run.to_do_id == to_do.id);
            let is_many = self.accounts.len() > 1;
            ToDoRow {
                href: format!("/to-dos/{}{kept}", to_do.id),
                line: title(to_do).to_owned(),
                channel,
                icon,
                to: ui::phone(&to_do.contact),
                account: account.filter(|_| is_many).map_or("", |account| &account.name).into(),
                rule: sentence(standing, zone),
                next: next(standing, now).map(|at| Moment::at(at, now, zone)),
                rest: "No more to come",
                last: last.map(|run| detail::run_state(run.state)),
                is_paused: to_do.paused_at.is_some(),
                is_open: open == Some(to_do.id),
            }
        };
        self.rows.iter().map(row).collect()
    }

    fn empty(&self, is_sound: bool) -> Empty {
        match (is_sound, self.asked.is_bare()) {
            (false, _) => ToDos::bad_filters(),
            (true, true) => ToDos::none_yet(),
            (true, false) => ToDos::none_fits(),
        }
    }
}

/// What an address means, and all that is wrong with it.
fn meaning(asked: &Asked, accounts: &[Account]) -> (Query, Option<ToDoId>, Invalid) {
    let mut invalid = Invalid::new();
    let number = asked.of("account_number");
    let is_fit = number.is_empty() || accounts.iter().any(|account| account.number == number);
    invalid.require(is_fit, "account_number", "must be one of your accounts");
    let word = asked.of("delivery_type");
    let channel = Channel::parse(word);
    invalid.require(word.is_empty() || channel.is_some(), "delivery_type", "must be of the list");
    let before: Option<i64> = asked.of("before").parse().ok();
    let is_place = asked.of("before").is_empty() || before.is_some();
    invalid.require(is_place, "before", "must be one of this list");
    let account_number = (!number.is_empty()).then(|| number.to_owned());
    (Query { account_number, delivery_type: channel }, before.map(ToDoId), invalid)
}

/// The fields that show it, with each fault beside its field.
fn fields(asked: &Asked, accounts: &[Account], faults: &Invalid) -> Vec<Field> {
    let channels = [("", "Any channel"), ("sms", "SMS"), ("email", "E-mail"), ("call", "Call")];
    let mut fields = vec![Field::choice("delivery_type", "Channel", &channels)];
    if accounts.len() > 1 || faults.about("account_number").is_some() {
        fields.insert(0, choice_of_account(accounts));
    }
    fields.into_iter().map(|field| shown(field, asked, faults)).collect()
}

/// The icon of a channel.
pub(super) fn icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "mail",
        Channel::Sms => "message-square",
        Channel::Call => "phone",
    }
}

/// What one of a channel's sends is called within a sentence.
pub(super) fn thing(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "mail",
        Channel::Sms => "text",
        Channel::Call => "call",
    }
}

/// When a To Do goes out, in a sentence.
fn sentence(standing: &Standing, zone: &Zone) -> String {
    match (&standing.schedule, standing.to_do.run_at) {
        (Some(schedule), _) => schedule.recurrence(zone).sentence(),
        (None, Some(at)) => format!("Once, {}", in_full(at, zone)),
        (None, None) => "Never".to_owned(),
    }
}

/// When it goes out next.
fn next(standing: &Standing, now: Instant) -> Option<Instant> {
    if standing.to_do.paused_at.is_some() {
        return None;
    }
    match &standing.schedule {
        Some(schedule) => schedule.next,
        None => standing.to_do.run_at.filter(|at| *at > now),
    }
}

/// `Sat, Nov 30, 2024, 9:00 AM EST`.
fn in_full(at: Instant, zone: &Zone) -> String {
    format!("{}, {}", zone.date(at).weekday(), zone.portal(at))
}

/// What a To Do is called: an e-mail's subject, else the first line of its text.
fn title(to_do: &ToDo) -> &str {
    let subject = to_do.subject.as_deref().filter(|_| to_do.delivery_type == Channel::Email);
    subject.unwrap_or_else(|| first_line(&to_do.message_text))
}

/// The same, shortened.
fn name(to_do: &ToDo) -> String {
    const LONGEST: usize = 60;
    let line = title(to_do).trim_end_matches('.');
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line.to_owned(),
    }
}

/// The account of a To Do, among those that somebody may see.
fn account_of(accounts: &[Account], standing: &Standing) -> Result<Account, Error> {
    let account = accounts.iter().find(|account| account.id == standing.to_do.account_id);
    account.cloned().ok_or(Error::NotFound)
}

//! The list of To Dos with its filters, and beside it the one that is open.

use std::collections::HashMap;

use app::accounts;
use app::to_dos::{self, Query, Standing};
use askama::Template;
use axum::extract::{self, RawQuery};
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Account, AccountId, Channel, Invalid, Run, ToDoId, limits};
use web::Web;

use super::words::{next, sentence, title};
use super::{OpenToDo, ToDoDetail, to_do};
use crate::list::{Asked, choice_of_account, shown};
use crate::messages::words::icon as channel_icon;
use crate::sample;
use crate::session::{Frame, Id, PageError, SignedIn, page};
use crate::ui::{
    self, Choice, Empty, Field, Flash, Icon, Moment, Place, Shell, State, Tone, icon, moment,
};

/// `GET /to-dos` and `GET /to-dos/{id}`: list and detail, on a phone one after the other.
#[derive(Debug, Clone, Template)]
#[template(path = "to_dos/list.html")]
pub(crate) struct ToDos {
    /// The frame.
    pub(crate) shell: Shell,
    /// `account_number`, `delivery_type`; leave out what one cannot choose.
    pub(crate) filters: Vec<Field>,
    /// Newest first.
    pub(crate) rows: Vec<ToDoRow>,
    /// The next page's address.
    pub(crate) older: Option<String>,
    /// Back to the first page, where this is another.
    pub(crate) newest: Option<String>,
    /// The same list as CSV, where that is offered.
    pub(crate) export: Option<String>,
    /// What stands where `rows` is empty.
    pub(crate) empty: Empty,
    /// The filters as an address carries them on: `?delivery_type=sms`, or empty.
    pub(crate) kept: String,
    /// The open To Do.
    pub(crate) open: Option<OpenToDo>,
}

/// One To Do in the list.
#[derive(Debug, Clone)]
pub(crate) struct ToDoRow {
    /// Its address, with the filters kept.
    pub(crate) href: String,
    /// The first line of its text.
    pub(crate) line: String,
    /// `SMS`, `E-mail`, `Call`.
    pub(crate) channel: &'static str,
    /// The channel's icon.
    pub(crate) icon: &'static str,
    /// To whom.
    pub(crate) to: String,
    /// The account's name, where the reader sees several; else empty.
    pub(crate) account: String,
    /// "Every 2 weeks on Tuesdays at 9:00 AM".
    pub(crate) rule: String,
    /// The next occurrence.
    pub(crate) next: Option<Moment>,
    /// What stands in its place: "Paused", "Nothing more to come".
    pub(crate) rest: &'static str,
    /// What became of the last occurrence.
    pub(crate) last: Option<State>,
    /// Nothing is sent until somebody resumes it.
    pub(crate) is_paused: bool,
    /// It is the open one.
    pub(crate) is_open: bool,
}

impl ToDoRow {
    /// The channel's drawn icon.
    pub(crate) fn drawn(&self) -> Icon {
        icon(self.icon)
    }
}

impl ToDos {
    /// How many filters are set.
    pub(crate) fn set(&self) -> usize {
        self.filters.iter().filter(|field| !field.value.is_empty()).count()
    }

    /// Where "back to the list" leads.
    pub(crate) fn list_href(&self) -> String {
        format!("/to-dos{}", self.kept)
    }

    /// What stands where there has never been a To Do.
    pub(crate) fn none_yet() -> Empty {
        Empty::new(
            "calendar",
            "No To Dos yet",
            "A To Do sends a text, an e-mail or a call by itself: once at a time that you choose, \
             or again and again. A reminder of the weekly report, say, every Friday at 4 PM.",
        )
        .with_action("/to-dos/new", "Make the first one")
    }

    /// What stands where the filters leave nothing.
    pub(crate) fn none_fits() -> Empty {
        Empty::new("search", "No To Do fits", "Try another account or another channel.")
            .with_action("/to-dos", "Clear the filters")
    }

    /// What stands where the filters themselves are wrong.
    pub(crate) fn bad_filters() -> Empty {
        let text = "What is wrong stands beside each of them.";
        Empty::new("sliders-horizontal", "These filters do not work", text)
            .with_action("/to-dos", "Clear the filters")
    }

    /// A full list, nothing open.
    pub(crate) fn sample() -> Self {
        let mut account = Field::choice("account_number", "Account", &[("", "All accounts")]);
        account.choices.push(Choice::new("1001", "Hartwell & Boone"));
        let channels = [("", "Any channel"), ("sms", "SMS"), ("email", "E-mail"), ("call", "Call")];
        Self {
            shell: Shell::sample(Place::ToDos),
            filters: vec![account, Field::choice("delivery_type", "Channel", &channels)],
            rows: sample_rows(),
            older: Some("/to-dos?before=31".to_owned()),
            newest: None,
            export: Some("/to-dos.csv".to_owned()),
            empty: Self::none_fits(),
            kept: String::new(),
            open: None,
        }
    }

    /// A full list with one of them open.
    pub(crate) fn sample_open() -> Self {
        let mut page = Self::sample();
        page.rows[0].is_open = true;
        page.open = sample::to_do().map(|known| opened(&known));
        page
    }

    /// The same with one that is paused and went nowhere.
    pub(crate) fn sample_paused() -> Self {
        let mut page = Self::sample();
        page.rows[2].is_open = true;
        page.open = sample::paused().map(|known| opened(&known));
        page
    }

    /// Before the first one.
    pub(crate) fn sample_empty() -> Self {
        let empty = Self::none_yet();
        Self { rows: Vec::new(), older: None, export: None, empty, ..Self::sample() }
    }
}

fn opened(known: &ToDoDetail) -> OpenToDo {
    to_do::draw(&Frame::sample(Place::ToDos), known, &Asked::default())
}

fn sample_rows() -> Vec<ToDoRow> {
    let row = |id, channel, icon, to: &str, line: &str, rule: &str| ToDoRow {
        href: format!("/to-dos/{id}"),
        line: line.to_owned(),
        channel,
        icon,
        to: to.to_owned(),
        account: "Hartwell & Boone".to_owned(),
        rule: rule.to_owned(),
        next: Some(moment("in 3 days")),
        rest: "",
        last: Some(State::OnPhone),
        is_paused: false,
        is_open: false,
    };
    let weekly = "Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM";
    let sms =
        row(33, "SMS", "message-square", "Jane Hartwell", "Check the escrow account.", weekly);
    let rule = "Monthly on the 1st and last days of the month at 8:30 AM";
    let mail = row(32, "E-mail", "mail", "office@law.example", "Monthly report is due.", rule);
    let call = row(31, "Call", "phone", "(561) 555-0100", "Night check.", "Daily at 9:00 PM");
    let call = ToDoRow { next: None, rest: "Paused", last: None, is_paused: true, ..call };
    let mail = ToDoRow { last: Some(State::Failed), ..mail };
    vec![sms, mail, call]
}

/// What may stand in the address of the list.
pub(crate) const NAMES: [&str; 4] = ["account_number", "delivery_type", "before", "runs_before"];

/// `GET /to-dos` (`account_number`, `delivery_type`, `before`).
pub(crate) async fn list(
    extract::State(web): extract::State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let asked = Asked::read(query.as_deref(), &NAMES).with("runs_before", "");
    let list = List::load(&web, &visitor, asked).await?;
    list.shown(&web, &visitor, None).await
}

/// `GET /to-dos/{id}` (`runs_before`): the To Do, and on a desktop the list beside it.
pub(crate) async fn open(
    extract::State(web): extract::State<Web>,
    visitor: SignedIn,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
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
    ) -> Result<Response, PageError> {
        let id = open.as_ref().map(|(standing, _)| standing.to_do.id);
        let first = self.asked.with("before", "");
        let kept = self.asked.query();
        let open = match open {
            Some((standing, before)) => {
                Some(ToDoDetail::load(web, visitor, standing, &before).await?)
            }
            None => None,
        };
        let mut frame = visitor.frame(web, Place::ToDos).await?;
        if let Some(rule) = self.faults.about("before") {
            let text = format!("The page of the list {rule}.");
            frame.shell.flash = Some(Flash { tone: Tone::Red, text, link: None });
        }
        let is_sound = self.faults.is_empty();
        let status = if is_sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let last = self.rows.last().filter(|_| self.has_more);
        let older = last.map(|last| self.asked.with("before", &last.to_do.id.to_string()).query());
        let view = ToDos {
            open: open.as_ref().map(|known| to_do::draw(&frame, known, &self.asked)),
            shell: frame.shell,
            filters: fields(&self.asked, &self.accounts, &self.faults),
            rows: self.rows(web, visitor, id),
            older: older.map(|query| format!("/to-dos{query}")),
            newest: (first != self.asked).then(|| format!("/to-dos{}", first.query())),
            export: (!self.rows.is_empty()).then(|| format!("/to-dos.csv{}", first.query())),
            empty: self.empty(is_sound),
            kept,
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
            let (channel, icon) = (to_do.delivery_type.noun(), channel_icon(to_do.delivery_type));
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
                last: last.map(|run| to_do::run_state(run.state)),
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

/// The fields that show it, with each fault beside its field.
fn fields(asked: &Asked, accounts: &[Account], faults: &Invalid) -> Vec<Field> {
    let channels = [("", "Any channel"), ("sms", "SMS"), ("email", "E-mail"), ("call", "Call")];
    let mut fields = vec![Field::choice("delivery_type", "Channel", &channels)];
    if accounts.len() > 1 || faults.about("account_number").is_some() {
        fields.insert(0, choice_of_account(accounts));
    }
    fields.into_iter().map(|field| shown(field, asked, faults)).collect()
}

/// What an address means, and all that is wrong with it.
pub(crate) fn meaning(asked: &Asked, accounts: &[Account]) -> (Query, Option<ToDoId>, Invalid) {
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

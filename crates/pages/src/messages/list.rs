//! The list of messages with its filters, and beside it the message that is open.

use std::collections::HashMap;

use app::deliveries::{self, Standing};
use app::messages::{self, Position};
use app::{Error, accounts};
use askama::Template;
use axum::extract::{self, RawQuery};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use domain::message::Update;
use domain::{Account, AccountId, Invalid, Message, MessageId, Role, limits};
use web::Web;

use super::{MessageDetail, OpenMessage, filters, message};
use crate::list::{Asked, cursor};
use crate::messages::words::{caller, first_line, receiver, state};
use crate::sample;
use crate::session::{Frame, Id, PageError, SignedIn, page};
use crate::ui::{
    Choice, Empty, Field, FieldKind, Flash, Moment, Place, Shell, State, Tone, moment,
};

/// `GET /messages` and `GET /messages/{id}`: list and detail, on a phone one after the other.
#[derive(Debug, Clone, Template)]
#[template(path = "messages/list.html")]
pub(crate) struct Messages {
    /// The frame.
    pub(crate) shell: Shell,
    /// What the list is narrowed to; it lives in the address.
    pub(crate) filters: Filters,
    /// Newest first.
    pub(crate) rows: Vec<MessageRow>,
    /// The next page's address, where there is one.
    pub(crate) older: Option<String>,
    /// Back to the first page, where this is another.
    pub(crate) newest: Option<String>,
    /// The same list as CSV, where that is offered.
    pub(crate) export: Option<String>,
    /// What stands where `rows` is empty.
    pub(crate) empty: Empty,
    /// The filters as an address carries them on: `?read=false`, or empty.
    pub(crate) kept: String,
    /// The open message.
    pub(crate) open: Option<OpenMessage>,
}

/// The filters of the list. The form sends `GET /messages`.
#[derive(Debug, Clone)]
pub(crate) struct Filters {
    /// `q`: a text.
    pub(crate) query: String,
    /// `read=false`: unread only.
    pub(crate) unread_only: bool,
    /// `account_number`, `status`, `from_date`, `to_date`, in this order; leave out what one cannot choose.
    pub(crate) fields: Vec<Field>,
    /// How many of `fields` are set.
    pub(crate) set: usize,
    /// The address with everything else kept and `read` dropped.
    pub(crate) all_href: String,
    /// The address with everything else kept and `read=false`.
    pub(crate) unread_href: String,
}

/// One message in the list.
#[derive(Debug, Clone)]
pub(crate) struct MessageRow {
    /// Its address, with the filters kept.
    pub(crate) href: String,
    /// The caller's name, or else number.
    pub(crate) who: String,
    /// "for Jane Doe", and the account where the person sees several.
    pub(crate) for_whom: String,
    /// The first line of what was said.
    pub(crate) line: String,
    /// When it was taken.
    pub(crate) taken_at: Moment,
    /// Where it stands.
    pub(crate) state: State,
    /// Nobody has read it.
    pub(crate) is_unread: bool,
    /// It is an emergency.
    pub(crate) is_emergency: bool,
    /// It is the open one.
    pub(crate) is_open: bool,
}

impl Messages {
    /// Where "back to the list" leads.
    pub(crate) fn list_href(&self) -> &str {
        if self.filters.unread_only { &self.filters.unread_href } else { &self.filters.all_href }
    }

    /// What stands where there has never been a message.
    pub(crate) fn none_yet() -> Empty {
        Empty::new(
            "inbox",
            "No messages yet",
            "When an agent takes a call for you, the message appears here at once, and is sent \
             to whoever should have it.",
        )
    }

    /// What stands where the filters leave nothing.
    pub(crate) fn none_fits() -> Empty {
        Empty::new(
            "search",
            "No message fits",
            "Try fewer filters, another date range, or one word of what was said.",
        )
        .with_action("/messages", "Clear the filters")
    }

    /// What stands where the filters themselves are wrong.
    pub(crate) fn bad_filters() -> Empty {
        Empty::new(
            "sliders-horizontal",
            "These filters do not work",
            "What is wrong stands beside each of them.",
        )
        .with_action("/messages", "Clear the filters")
    }

    /// A full list, nothing open.
    pub(crate) fn sample() -> Self {
        Self {
            shell: Shell::sample(Place::Messages),
            filters: Filters::sample(),
            rows: sample_rows(),
            older: Some("/messages?cursor=eyJpZCI6OTIwfQ".to_owned()),
            newest: None,
            export: Some("/messages.csv".to_owned()),
            empty: Self::none_fits(),
            kept: String::new(),
            open: None,
        }
    }

    /// A full list with one message open.
    pub(crate) fn sample_open() -> Self {
        let mut page = Self::sample();
        page.rows[0].is_open = true;
        page.open = Some(message::draw(&Frame::sample(Place::Messages), &sample::detail()));
        page
    }

    /// The same with a message whose mail failed.
    pub(crate) fn sample_failed() -> Self {
        let mut page = Self::sample();
        page.rows[4].is_open = true;
        page.open = Some(message::draw(&Frame::sample(Place::Messages), &sample::failed()));
        page
    }

    /// Before the first message.
    pub(crate) fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.shell.unread = None;
        page.rows.clear();
        page.older = None;
        page.export = None;
        page.empty = Self::none_yet();
        page
    }

    /// Filters that leave nothing.
    pub(crate) fn sample_no_match() -> Self {
        let mut page = Self::sample_empty();
        page.filters.query = "furnace".to_owned();
        page.filters.unread_only = true;
        page.filters.set = 2;
        page.filters.fields[0].value = "1002".to_owned();
        page.filters.fields[2].value = "2026-03-01".to_owned();
        page.empty = Self::none_fits();
        page
    }
}

impl Filters {
    fn sample() -> Self {
        let mut account = Field::choice("account_number", "Account", &[("", "All accounts")]);
        account.choices.push(Choice::new("1001", "Hartwell & Boone"));
        account.choices.push(Choice::new("1002", "Northwind Heating & Air"));
        let mut status = Field::choice("status", "Status", &[("", "Any status")]);
        for state in ["Pending", "Delivered", "Failed", "Acknowledged", "Closed"] {
            status.choices.push(Choice::new(&state.to_lowercase(), state));
        }
        Self {
            query: String::new(),
            unread_only: false,
            fields: vec![
                account,
                status,
                Field::new(FieldKind::Date, "from_date", "From"),
                Field::new(FieldKind::Date, "to_date", "To"),
            ],
            set: 0,
            all_href: "/messages".to_owned(),
            unread_href: "/messages?read=false".to_owned(),
        }
    }
}

const HEAT: &str = "Service desk · Northwind Heating & Air";

/// Who called, for whom, what they said, how long ago, where it stands.
const SAMPLE_LINES: [(&str, &str, &str, &str, State); 9] = [
    (
        "Maria Lopez",
        HEAT,
        "No heat since last night, two small children in the house.",
        "4 min. ago",
        State::Delivered,
    ),
    (
        "Daniel Okafor",
        "Jane Hartwell",
        "Needs to move Thursday's deposition, please call back today.",
        "22 min. ago",
        State::Captured,
    ),
    (
        "(954) 555-0137",
        "Jane Hartwell",
        "Would not give a name. Asks about the Ridgeway estate.",
        "1 hr. ago",
        State::Delivered,
    ),
    (
        "Priya Raman",
        "Thomas Boone",
        "Returning your call about the lease. Free until 4 PM.",
        "2 hr. ago",
        State::Acknowledged,
    ),
    (
        "Walter Niemann",
        HEAT,
        "Boiler shows error E9 and smells faintly of gas near the valve.",
        "3 hr. ago",
        State::Failed,
    ),
    (
        "Elena Petrova",
        "Jane Hartwell",
        "Sent the signed papers by courier, wants to know they arrived.",
        "5 hr. ago",
        State::Closed,
    ),
    (
        "Marcus Bell",
        "Office",
        "New client: car accident on I-95 last week, referred by a friend.",
        "yesterday",
        State::Acknowledged,
    ),
    (
        "Grace Kim",
        HEAT,
        "Annual maintenance: any morning next week is fine.",
        "yesterday",
        State::Closed,
    ),
    (
        "Court clerk, Broward County",
        "Thomas Boone",
        "Hearing of March 12 is moved to 10:30 in room 4B.",
        "2 days ago",
        State::Closed,
    ),
];

fn sample_rows() -> Vec<MessageRow> {
    let row = |(index, line): (u32, (&str, &str, &str, &str, State))| MessageRow {
        href: format!("/messages/{}", 940 - index),
        who: line.0.to_owned(),
        for_whom: line.1.to_owned(),
        line: line.2.to_owned(),
        taken_at: moment(line.3),
        state: line.4,
        is_unread: index < 3,
        is_emergency: index == 0 || index == 4,
        is_open: false,
    };
    (0..).zip(SAMPLE_LINES).map(row).collect()
}

/// `GET /messages`.
pub(crate) async fn list(
    extract::State(web): extract::State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let list = List::load(&web, &visitor, filters::read(query.as_deref())).await?;
    list.shown(&web, &visitor, None).await
}

/// `GET /messages/{id}`: the message, and on a desktop the list that it was opened from.
pub(crate) async fn open(
    extract::State(web): extract::State<Web>,
    visitor: SignedIn,
    Id(id): Id,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let message = messages::find(&web.app, &visitor.actor, MessageId(id)).await?;
    let list = List::load(&web, &visitor, filters::read(query.as_deref())).await?;
    let is_looked_at = method == Method::GET && !headers.contains_key("sec-purpose");
    if is_looked_at && visitor.actor.role == Role::Client {
        mark_read(&web, &visitor, &message).await?;
    }
    list.shown(&web, &visitor, Some(message.id)).await
}

/// A client who opens a message has read it. What an agent or owner opens stays unread: the mark
/// tells the agents whether their client knows. A full disk keeps nobody from reading.
async fn mark_read(web: &Web, visitor: &SignedIn, message: &Message) -> app::Result<()> {
    if message.read {
        return Ok(());
    }
    let update = Update { read: Some(true), ..Update::default() };
    match messages::update(&web.app, &visitor.actor, message.id, &update, None).await {
        Err(error @ (Error::Full(_) | Error::Unavailable(_))) => {
            tracing::warn!(%error, "a message stays unread");
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

/// One page of the list, loaded.
struct List {
    asked: Asked,
    faults: Invalid,
    accounts: Vec<Account>,
    messages: Vec<Message>,
    standing: Vec<Standing>,
    has_more: bool,
}

impl List {
    /// Loads what an address asks for; what is wrong with it leaves the list empty.
    async fn load(web: &Web, visitor: &SignedIn, asked: Asked) -> app::Result<Self> {
        let (app, actor) = (&web.app, &visitor.actor);
        let accounts = accounts::list(app, actor).await?;
        let (meaning, faults) = filters::meaning(&asked, &accounts);
        let mut rows = Vec::new();
        if faults.faults().next().is_none() {
            let filter = messages::filter(app, actor, meaning.query).await?;
            let limit = limits::PORTAL_ROWS + 1;
            rows = messages::page(app, actor, &filter, meaning.after, limit).await?;
        }
        let has_more = rows.len() > limits::PORTAL_ROWS;
        rows.truncate(limits::PORTAL_ROWS);
        let standing = deliveries::standing(app, actor, &rows).await?;
        Ok(List { asked, faults, accounts, messages: rows, standing, has_more })
    }

    /// The page, with one message opened.
    async fn shown(
        self,
        web: &Web,
        visitor: &SignedIn,
        open: Option<MessageId>,
    ) -> Result<Response, PageError> {
        let detail = match open {
            Some(id) => Some(MessageDetail::load(web, visitor, id).await?),
            None => None,
        };
        let mut frame = visitor.frame(web, Place::Messages).await?;
        let unseen = ["q", "read", "cursor"].map(|name| (name, self.faults.about(name)));
        if let Some((name, Some(rule))) = unseen.iter().find(|(_, rule)| rule.is_some()) {
            let text = format!("The filter “{name}” {rule}.");
            frame.shell.flash = Some(Flash { tone: Tone::Red, text, link: None });
        }
        let is_sound = self.faults.faults().next().is_none();
        let status = if is_sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let first = self.asked.with("cursor", "");
        let newest = (first != self.asked).then(|| format!("/messages{}", first.query()));
        let view = Messages {
            open: detail.as_ref().map(|detail| message::draw(&frame, detail)),
            shell: frame.shell,
            filters: filters::form(&self.asked, &self.accounts, &self.faults),
            rows: self.rows(web, visitor, open),
            older: self.older(),
            newest,
            export: (!self.messages.is_empty()).then(|| format!("/messages.csv{}", first.query())),
            empty: self.empty(is_sound),
            kept: self.asked.query(),
        };
        Ok(page(status, &view))
    }

    fn rows(&self, web: &Web, visitor: &SignedIn, open: Option<MessageId>) -> Vec<MessageRow> {
        let now = web.app.now();
        let by_id: HashMap<AccountId, &Account> =
            self.accounts.iter().map(|account| (account.id, account)).collect();
        let kept = self.asked.query();
        let row = |message: &Message| {
            let account = by_id.get(&message.account_id);
            let zone = account.map_or(&visitor.tenant.zone, |account| &account.zone);
            let is_open = open == Some(message.id);
            let is_just_read = is_open && visitor.actor.role == Role::Client;
            let of = self.standing.iter().filter(|standing| standing.message_id == message.id);
            MessageRow {
                href: format!("/messages/{}{kept}", message.id),
                who: caller(message),
                for_whom: match account {
                    Some(account) if self.accounts.len() > 1 => {
                        format!("{} · {}", receiver(message), account.name)
                    }
                    _ => receiver(message).to_owned(),
                },
                line: first_line(&message.content).to_owned(),
                taken_at: Moment::at(message.created_at, now, zone),
                state: state(message.status, of.map(|s| (s.state, s.attempts))),
                is_unread: !message.read && !is_just_read,
                is_emergency: message.is_emergency,
                is_open,
            }
        };
        self.messages.iter().map(row).collect()
    }

    fn older(&self) -> Option<String> {
        let last = self.messages.last().filter(|_| self.has_more)?;
        let Position { created_at, id } = Position::from(last);
        let asked = self.asked.with("cursor", &cursor(created_at, id.0));
        Some(format!("/messages{}", asked.query()))
    }

    fn empty(&self, is_sound: bool) -> Empty {
        match (is_sound, self.asked.is_bare()) {
            (false, _) => Messages::bad_filters(),
            (true, true) => Messages::none_yet(),
            (true, false) => Messages::none_fits(),
        }
    }
}

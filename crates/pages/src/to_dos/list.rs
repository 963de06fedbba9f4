//! The list of To Dos, and beside it the one that is open.

use std::collections::HashMap;

use app::to_dos::{self, ScheduledToDo, ToDoQuery};
use axum::extract::{RawQuery, State};
use domain::{Channel, Run, ToDoId};
use web::Web;

use super::words::{next, sentence, title};
use super::{OpenToDo, ToDoDetail, to_do};
use crate::list::{
    Cell, Column, Cursor, Ground, List, ListAsk, ListQuery, Listing, OpenCard, PageAsk, SplitPage,
    SplitRow, utc,
};
use crate::messages::words::icon;
use crate::session::{Frame, Id, PageResult, SignedIn, page};
use crate::ui::{self, Empty, Field, Place};

/// To Dos of the accounts that somebody may see, the newest first, each with its last run.
#[derive(Clone, Debug)]
pub(crate) struct ToDos {
    ground: Ground,
    query: ToDoQuery,
}

impl List for ToDos {
    type Row = (ScheduledToDo, Option<Run>);
    const NAMES: &'static [&'static str] = &["account_number", "delivery_type"];
    const FILE: &'static str = "to-dos";
    const COLUMNS: &'static [Column<Self>] = &[
        ("To Do", |_, (it, _)| it.to_do.id.to_string()),
        ("Made (UTC)", |_, (it, _)| utc(it.to_do.created_at)),
        ("Account number", |list, (it, _)| list.ground.number(it.to_do.account_id)),
        ("Account", |list, (it, _)| list.ground.name(it.to_do.account_id)),
        ("Channel", |_, (it, _)| it.to_do.delivery_type.as_str().to_owned()),
        ("To", |_, (it, _)| it.to_do.contact.clone()),
        ("From", |_, (it, _)| it.to_do.from.clone().unwrap_or_default()),
        ("Subject", |_, (it, _)| it.to_do.subject.clone().unwrap_or_default()),
        ("Text", |_, (it, _)| it.to_do.message_text.clone()),
        ("Rule", |list, (it, _)| sentence(it, list.ground.zone(it.to_do.account_id))),
        ("Time zone", |list, (it, _)| list.ground.zone(it.to_do.account_id).name().to_owned()),
        ("Next (UTC)", |list, (it, _)| utc(next(it, list.ground.now))),
        ("Next", |list, (it, _)| {
            let at = next(it, list.ground.now);
            at.map(|at| list.ground.local(at, it.to_do.account_id)).unwrap_or_default()
        }),
        ("Paused since (UTC)", |_, (it, _)| utc(it.to_do.paused_at)),
        ("Last time (UTC)", |_, (_, last)| utc(last.as_ref().map(|run| run.due_at))),
        ("What became of it", |_, (_, last)| last.as_ref().map(became).unwrap_or_default()),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        Ok(Self::asked(ask.ground().await?, ask.query))
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Self::Row>> {
        let PageAsk { app, actor, after, limit } = ask;
        let filter = to_dos::filter(app, actor, &self.query).await?;
        let before = after.and_then(Cursor::of).map(ToDoId);
        let page = to_dos::page(app, actor, &filter, before, limit).await?;
        let last = to_dos::last_runs(app, actor, &page).await?;
        let mut last: HashMap<_, _> = last.into_iter().map(|run| (run.to_do_id, run)).collect();
        let with_last = |standing: ScheduledToDo| {
            let run = last.remove(&standing.to_do.id);
            (standing, run)
        };
        Ok(page.into_iter().map(with_last).collect())
    }

    fn cursor((standing, _): &Self::Row) -> Cursor {
        Cursor::Of(standing.to_do.id.0)
    }

    fn address(&self) -> String {
        "/to-dos".to_owned()
    }

    fn fields(&self, query: &ListQuery) -> Vec<Field> {
        let channels = [("", "Any channel"), ("sms", "SMS"), ("email", "E-mail"), ("call", "Call")];
        let channel = Field::choice("delivery_type", "Channel", &channels);
        self.ground.choice(query).into_iter().chain([channel]).collect()
    }

    fn none_yet(&self) -> Empty {
        let text = "A To Do sends a text, an e-mail or a call by itself: once at a time that you \
                    choose, or again and again. A reminder of the weekly report, say, every Friday \
                    at 4 PM.";
        Empty::new("calendar", "No To Dos yet", text)
            .with_action("/to-dos/new", "Make the first one")
    }

    fn none_fits(&self, _: &ListQuery) -> Empty {
        Empty::new("search", "No To Do fits", "Try another account or another channel.")
            .with_action("/to-dos", "Clear the filters")
    }
}

/// What became of a run, and why.
fn became(run: &Run) -> String {
    match run.reason.as_str() {
        "" => run.state.as_str().to_owned(),
        reason => format!("{}: {reason}", run.state.as_str()),
    }
}

impl ToDos {
    /// What an address asks for.
    pub(crate) fn asked(ground: Ground, query: &mut ListQuery) -> Self {
        let account_numbers = query.account(&ground.accounts);
        let rule = "must be one of the list";
        let delivery_type = query.one_of("delivery_type", Channel::parse, rule);
        ToDos { ground, query: ToDoQuery { account_numbers, delivery_type } }
    }

    /// The page, with a To Do opened.
    pub(crate) fn draw(
        mut frame: Frame,
        listing: &Listing<Self>,
        open: Option<ToDoDetail>,
    ) -> SplitPage {
        let list = listing.frame(&mut frame.shell);
        let id = open.as_ref().map(|open| open.standing.to_do.id);
        let row = |row| listing.list.row(row, &list.kept, id);
        SplitPage {
            title: "To Dos",
            one: "To Do",
            older: "Older To Dos",
            search: "",
            parts: Vec::new(),
            hidden: None,
            action: Some(("/to-dos/new", "Make a To Do")),
            rows: listing.rows.iter().map(row).collect(),
            choose: Empty::new(
                "calendar",
                "Choose a To Do",
                "When it goes out next, to whom, and what became of it each time stand here.",
            ),
            open: open
                .map(|open| OpenCard::ToDo(OpenToDo::draw(&frame, open, listing.query.clone()))),
            list,
            shell: frame.shell,
        }
    }

    fn row(
        &self,
        row: &(ScheduledToDo, Option<Run>),
        kept: &str,
        open: Option<ToDoId>,
    ) -> SplitRow {
        let (ground, (standing, last)) = (&self.ground, row);
        let to_do = &standing.to_do;
        let (channel, of) = (to_do.delivery_type, to_do.account_id);
        let mut detail = format!("{} to {}", channel.noun(), ui::phone(&to_do.contact));
        if let Some(account) = ground.account(of).filter(|_| ground.is_several()) {
            detail.push_str(&format!(" · {}", account.name));
        }
        SplitRow {
            href: format!("/to-dos/{}{kept}", to_do.id),
            class: "to-do",
            name: title(to_do).to_owned(),
            age: match next(standing, ground.now) {
                Some(at) => ("next ", Cell::At(ground.moment(at, of))),
                None if to_do.paused_at.is_some() => ("", Cell::State(ui::State::Paused)),
                None => ("", Cell::Text("No more to come".to_owned())),
            },
            line: sentence(standing, ground.zone(of)),
            icon: icon(channel),
            detail,
            sign: last
                .as_ref()
                .map(|run| ("Last time: ", Cell::State(to_do::run_state(run.state)))),
            is_unread: false,
            is_emergency: false,
            is_open: open == Some(to_do.id),
        }
    }
}

/// `GET /to-dos` (`account_number`, `delivery_type`).
pub(crate) async fn list(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> PageResult {
    shown(&web, &visitor, query.as_deref(), None).await
}

/// `GET /to-dos/{id}` (`runs_before`): the To Do, and on a desktop the list beside it.
pub(crate) async fn open(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
    RawQuery(query): RawQuery,
) -> PageResult {
    let standing = to_dos::find(&web.app, &visitor.actor, ToDoId(id)).await?;
    let runs = ListQuery::read(query.as_deref(), &["runs_before"]);
    let open = ToDoDetail::load(&web, &visitor, standing, runs.of("runs_before")).await?;
    shown(&web, &visitor, query.as_deref(), Some(open)).await
}

async fn shown(
    web: &Web,
    visitor: &SignedIn,
    query: Option<&str>,
    open: Option<ToDoDetail>,
) -> PageResult {
    let listing = Listing::<ToDos>::load(web, visitor, 0, query).await?;
    let frame = visitor.frame(web, Place::ToDos).await?;
    Ok(page(listing.status(), &ToDos::draw(frame, &listing, open)))
}

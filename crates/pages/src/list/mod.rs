//! A list: declared once, it has filters in its address, pages, words where it is empty, an export.

mod export;
mod ground;
mod query;
mod split;
mod table;

pub(crate) use export::export;
pub(crate) use ground::{Ground, utc, yes};
pub(crate) use query::{Cursor, ListQuery};
pub(crate) use split::{OpenCard, SplitPage, SplitRow};
pub(crate) use table::{Cell, Note, Table, Words, table};

use std::future::Future;

use app::{Actor, App};
use askama::{Template, filters::HtmlSafe};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use domain::limits;
use web::Web;

use crate::session::{Id, PageError, SignedIn};
use crate::ui::{Empty, Field, Flash, Shell, Tone};

/// A column of an export: its title, and what stands under it for a row.
pub(crate) type Column<L> = (&'static str, fn(&L, &<L as List>::Row) -> String);

/// Who asks for a list, and for which.
pub(crate) struct ListAsk<'a> {
    pub(crate) web: &'a Web,
    pub(crate) visitor: &'a SignedIn,
    /// The number in the path, 0 where there is none.
    pub(crate) of: i64,
    /// The rest of the address.
    pub(crate) query: &'a mut ListQuery,
}

impl ListAsk<'_> {
    /// The accounts of whoever asks, now.
    pub(crate) async fn ground(&self) -> app::Result<Ground> {
        Ground::load(self.web, self.visitor).await
    }
}

/// Who asks for a page of a list, and for which.
#[derive(Clone, Copy)]
pub(crate) struct PageAsk<'a> {
    pub(crate) app: &'a App,
    pub(crate) actor: &'a Actor,
    /// The row after which it begins.
    pub(crate) after: Option<Cursor>,
    pub(crate) limit: usize,
}

impl PageAsk<'_> {
    /// The page, of a list that is loaded whole. A row that is gone places nothing: the list
    /// begins anew.
    pub(crate) fn sliced<R>(self, mut rows: Vec<R>, cursor: impl Fn(&R) -> Cursor) -> Vec<R> {
        let before = match self.after {
            None => 0,
            Some(Cursor::Rows(count)) => count,
            Some(after) => rows.iter().position(|row| cursor(row) == after).map_or(0, |at| at + 1),
        };
        rows.drain(..before.min(rows.len()));
        rows.truncate(self.limit);
        rows
    }
}

/// What a list holds, and what it says of itself.
pub(crate) trait List: Sized + Send + Sync + 'static {
    type Row: Send + Sync;
    /// What may stand in its address, besides the place of a page.
    const NAMES: &'static [&'static str] = &[];
    /// Whether a page is placed by the instant and the number of the row before, or by the number.
    const IS_TIMED: bool = false;
    /// What the file of its export is called, without the day.
    const FILE: &'static str;
    /// The columns of its export.
    const COLUMNS: &'static [Column<Self>];

    /// The list that an address asks for. What is wrong with the address stays in its query.
    fn read(ask: ListAsk<'_>) -> impl Future<Output = app::Result<Self>> + Send;

    /// The rows of a page.
    fn page(&self, ask: PageAsk<'_>) -> impl Future<Output = app::Result<Vec<Self::Row>>> + Send;

    /// The place of a row.
    fn cursor(row: &Self::Row) -> Cursor;

    /// Where its page is.
    fn address(&self) -> String;

    /// Where its export is.
    fn export_address(&self) -> String {
        format!("{}.csv", self.address())
    }

    /// Where on its page it stands: `#log`.
    fn anchor(&self) -> &'static str {
        ""
    }

    /// The fields of its filters, empty.
    fn fields(&self, _: &ListQuery) -> Vec<Field> {
        Vec::new()
    }

    /// What stands where there has never been a row.
    fn none_yet(&self) -> Empty;

    /// What stands where the filters leave nothing.
    fn none_fits(&self, _: &ListQuery) -> Empty {
        self.none_yet()
    }
}

/// A page of a list, loaded.
#[derive(Debug, Clone)]
pub(crate) struct Listing<L: List> {
    pub(crate) list: L,
    /// What was asked for.
    pub(crate) query: ListQuery,
    pub(crate) rows: Vec<L::Row>,
    has_more: bool,
}

impl<L: List> Listing<L> {
    /// Reads what an address asks for; what is wrong with it leaves the page empty.
    pub(crate) async fn load(
        web: &Web,
        visitor: &SignedIn,
        of: i64,
        query: Option<&str>,
    ) -> Result<Self, PageError> {
        let mut query = ListQuery::read(query, L::NAMES);
        let list = L::read(ListAsk { web, visitor, of, query: &mut query }).await?;
        let after = query.place(L::IS_TIMED);
        let mut rows = Vec::new();
        if query.is_sound() {
            let (app, actor, limit) = (&web.app, &visitor.actor, limits::PORTAL_ROWS + 1);
            rows = list.page(PageAsk { app, actor, after, limit }).await?;
        }
        Ok(Self::of(list, query, rows))
    }

    /// The page that these rows are; one more than a page holds tells that there is another.
    pub(crate) fn of(list: L, query: ListQuery, mut rows: Vec<L::Row>) -> Self {
        let has_more = rows.len() > limits::PORTAL_ROWS;
        rows.truncate(limits::PORTAL_ROWS);
        Listing { list, query, rows, has_more }
    }

    /// 200, or 422 where the filters are wrong.
    pub(crate) fn status(&self) -> StatusCode {
        if self.query.is_sound() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// What its page shows around the rows. What no field shows is wrong is said above the page.
    pub(crate) fn frame(&self, shell: &mut Shell) -> ListFrame {
        let fields: Vec<Field> =
            self.list.fields(&self.query).into_iter().map(|it| self.query.shown(it)).collect();
        if let Some(text) = self.query.fault_besides(&fields) {
            shell.flash = Some(Flash { tone: Tone::Red, text, link: None });
        }
        let (address, anchor) = (self.list.address(), self.list.anchor());
        let at = |query: &ListQuery| format!("{address}{}{anchor}", query.query());
        let first = self.query.first();
        let last = self.rows.last().filter(|_| self.has_more);
        let export = format!("{}{}", self.list.export_address(), first.query());
        ListFrame {
            set: fields.iter().filter(|field| !field.value.is_empty()).count(),
            fields,
            sought: self.query.of("q").to_owned(),
            older: last.map(|row| at(&self.query.after(L::cursor(row)))),
            newest: self.query.is_later().then(|| at(&first)),
            export: (!self.rows.is_empty()).then_some(export),
            kept: self.query.query(),
            empty: match (self.query.is_sound(), self.query.is_bare()) {
                (false, _) => {
                    let text = "What is wrong stands beside each of them.";
                    Empty::new("sliders-horizontal", "These filters do not work", text)
                        .with_action(&address, "Clear the filters")
                }
                (true, true) => self.list.none_yet(),
                (true, false) => self.list.none_fits(&self.query),
            },
            address,
        }
    }
}

/// What the page of a list shows around its rows.
#[derive(Debug, Clone)]
pub(crate) struct ListFrame {
    pub(crate) address: String,
    /// Its filters, as they were set, each fault beside its field.
    pub(crate) fields: Vec<Field>,
    pub(crate) set: usize,
    /// The text that is looked for.
    pub(crate) sought: String,
    pub(crate) older: Option<String>,
    pub(crate) newest: Option<String>,
    /// The list as CSV, where there is a row.
    pub(crate) export: Option<String>,
    /// The address's filters as other addresses carry them on: `?read=false`, or empty.
    pub(crate) kept: String,
    /// What stands where no row does.
    pub(crate) empty: Empty,
}

impl ListFrame {
    /// The ways to other pages; `older` is what the next one is called.
    pub(crate) fn pager<'f>(&'f self, older: &'f str) -> Pager<'f> {
        Pager { list: self, older }
    }
}

/// The ways to the other pages of a list, and to its export.
#[derive(Debug, Clone, Template)]
#[template(path = "list/pager.html")]
pub(crate) struct Pager<'f> {
    list: &'f ListFrame,
    older: &'f str,
}

impl HtmlSafe for Pager<'_> {}

/// The number in the path of a list, 0 where the path has none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ListOf(pub(crate) i64);

impl FromRequestParts<Web> for ListOf {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        let named = RawPathParams::from_request_parts(parts, &()).await;
        match named.is_ok_and(|named| named.iter().next().is_none()) {
            true => Ok(ListOf(0)),
            false => Id::from_request_parts(parts, web).await.map(|Id(id)| ListOf(id)),
        }
    }
}

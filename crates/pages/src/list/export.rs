//! A list as CSV (RFC 4180): all pages of it, streamed, safe to open in a spreadsheet.

use app::{Actor, App};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use bytes::Bytes;
use domain::limits;
use futures_util::stream;
use web::Web;

use super::{Cursor, List, ListAsk, ListOf, ListQuery, PageAsk};
use crate::csv::{BYTE_ORDER_MARK, file, push_line};
use crate::session::{PageError, SignedIn};

/// `GET ….csv`: the list that the same address without `.csv` shows, all pages of it.
pub(crate) async fn export<L: List>(
    State(web): State<Web>,
    visitor: SignedIn,
    ListOf(of): ListOf,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let mut query = ListQuery::read(query.as_deref(), L::NAMES);
    let ask = ListAsk { web: &web, visitor: &visitor, of, query: &mut query };
    let list = L::read(ask).await?;
    query.place(L::IS_TIMED);
    query.require_sound().map_err(app::Error::Invalid)?;
    let day = visitor.tenant.zone.date(web.app.now());
    let (app, actor) = (web.app, visitor.actor);
    let export = ListExport { app, actor, list, after: None, is_begun: false, is_over: false };
    Ok(file(L::FILE, day, stream::try_unfold(export, ListExport::next)))
}

/// A list on its way out, a page in memory at a time.
struct ListExport<L> {
    app: App,
    actor: Actor,
    list: L,
    after: Option<Cursor>,
    is_begun: bool,
    is_over: bool,
}

impl<L: List> ListExport<L> {
    /// The next piece of the file.
    async fn next(mut self) -> app::Result<Option<(Bytes, Self)>> {
        if self.is_over {
            return Ok(None);
        }
        let limit = limits::STREAMED_ROWS;
        let (app, actor, after) = (&self.app, &self.actor, self.after);
        let page = self.list.page(PageAsk { app, actor, after, limit }).await?;
        let mut text = String::new();
        if !self.is_begun {
            text.push_str(BYTE_ORDER_MARK);
            push_line(&mut text, L::COLUMNS.iter().map(|(title, _)| (*title).to_owned()));
        }
        for row in &page {
            push_line(&mut text, L::COLUMNS.iter().map(|(_, cell)| cell(&self.list, row)));
        }
        self.is_begun = true;
        self.is_over = page.len() < limit;
        self.after = page.last().map(L::cursor);
        Ok(Some((text.into(), self)))
    }
}

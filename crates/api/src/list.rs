//! Lists: a page where one is asked for, else all of it, streamed page by page.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, LINK};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::limits;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use web::origin::WholeAddress;
use web::refusal::{Refusal, chain};

use crate::auth::Caller;
use crate::cursor::{ListKey, RowPosition};
use crate::query::ListCut;
use crate::{List, PageMeta, Result};

/// Bytes that a row takes, as far as a buffer is made for it beforehand.
const ROW_BYTES: usize = 1_800;

/// A list shorter than this is not worth being made smaller.
const GZIP_BYTES: u64 = 16_384;

/// A list that can be read in pages.
pub(crate) trait Pages: Send + 'static {
    /// What the database has.
    type Row: Send;
    /// A row as it is answered.
    type Body<'a>: Serialize;
    /// How the list is wrapped.
    const SHAPE: ListShape = ListShape::Data;

    /// The rows of a page, newest first.
    fn next(
        &mut self,
        caller: &Caller,
        page: PageRequest,
    ) -> impl Future<Output = app::Result<Vec<Self::Row>>> + Send;

    /// Where a row stands.
    fn position(row: &Self::Row) -> RowPosition;

    /// A row as it is answered.
    fn body<'a>(&'a self, row: &'a Self::Row) -> Self::Body<'a>;
}

/// Which rows are wanted: at most `limit`, those after `after` if given, without the first `skip`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageRequest {
    pub(crate) after: Option<RowPosition>,
    pub(crate) skip: i64,
    pub(crate) limit: usize,
}

/// Makes lists smaller for those who ask for it. Only lists: what has an ETag stays as it is, and
/// nothing secret stands beside something that a stranger could choose.
pub(crate) fn gzip() -> CompressionLayer<SizeAbove> {
    CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(GZIP_BYTES))
}

/// How a list is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListShape {
    /// `{"data": […], "meta": {…}}`; `meta` on pages only.
    Data,
    /// `[…]`.
    Bare,
}

/// The answer to somebody who asks for a list of a kind.
pub(crate) async fn answer<P: Pages>(caller: Caller, kind: &str, cut: ListCut, pages: P) -> Result {
    let list = ListKey::of(kind, &caller.actor, &cut.canonical);
    let after = match &cut.paging.cursor {
        Some(cursor) => Some(list.position(cursor)?),
        None => None,
    };
    let skip = i64::try_from(cut.paging.skip()).unwrap_or(i64::MAX);
    match cut.paging.rows() {
        Some(limit) => page(caller, pages, list, PageRequest { after, skip, limit }, &cut).await,
        None => all(caller, pages, after, skip).await,
    }
}

async fn page<P: Pages>(
    caller: Caller,
    mut pages: P,
    list: ListKey,
    page: PageRequest,
    cut: &ListCut,
) -> Result {
    let mut rows = pages.next(&caller, PageRequest { limit: page.limit + 1, ..page }).await?;
    let has_more = rows.len() > page.limit;
    rows.truncate(page.limit);
    let next = rows.last().filter(|_| has_more).map(|row| list.cursor(P::position(row)));
    let data: Vec<_> = rows.iter().map(|row| pages.body(row)).collect();
    let out = match P::SHAPE {
        ListShape::Data => {
            serde_json::to_vec(&List { data, meta: Some(PageMeta { next_cursor: next.clone() }) })
        }
        ListShape::Bare => serde_json::to_vec(&data),
    };
    let out = out.map_err(|error| Refusal::fault(&error))?;
    let mut response = json(Body::from(out));
    if let Ok(value) = HeaderValue::from_str(&links(cut, next.as_deref()))
        && !value.is_empty()
    {
        response.headers_mut().insert(LINK, value);
    }
    Ok(response)
}

/// The pages beside this one (RFC 8288), named as this one was: by number, or by cursor.
fn links(cut: &ListCut, next: Option<&str>) -> String {
    let named = |(name, value, rel): (&str, String, &str)| {
        format!("<{}>; rel=\"{rel}\"", beside(&cut.address, name, &value))
    };
    let number = cut.paging.page;
    let after = next.map(|cursor| match number {
        Some(page) => ("page", (page + 1).to_string(), "next"),
        None => ("cursor", cursor.to_owned(), "next"),
    });
    let before = number.filter(|page| *page > 1);
    let before = before.map(|page| ("page", (page - 1).to_string(), "prev"));
    let first = number.map(|_| ("page", "1".to_owned(), "first"));
    let links: Vec<String> = [after, before, first].into_iter().flatten().map(named).collect();
    links.join(", ")
}

/// All of it. The first rows are read before the answer begins, so that a fault is still told; a
/// later one can only break the answer off, and does: what ends well is complete.
async fn all<P: Pages>(caller: Caller, pages: P, after: Option<RowPosition>, skip: i64) -> Result {
    let mut list = ListStream { caller, pages, after, skip, has_rows: false, is_over: false };
    let rows = list.rows().await?;
    let first = list.write(rows).map_err(|error| Refusal::fault(&error))?;
    if list.is_over {
        return Ok(json(Body::from(first)));
    }
    let broken = |error: &(dyn std::error::Error + 'static)| {
        tracing::error!(error = chain(error), "a list broke off");
        axum::Error::new("a list broke off")
    };
    let rest = stream::try_unfold(list, move |mut list| async move {
        if list.is_over {
            return Ok(None);
        }
        let rows = list.rows().await.map_err(|error| broken(&error))?;
        let chunk = list.write(rows).map_err(|error| broken(&error))?;
        Ok::<_, axum::Error>(Some((Bytes::from(chunk), list)))
    });
    let first = stream::iter([Ok(Bytes::from(first))]);
    Ok(json(Body::from_stream(first.chain(rest))))
}

/// A list on its way out.
struct ListStream<P> {
    caller: Caller,
    pages: P,
    after: Option<RowPosition>,
    skip: i64,
    has_rows: bool,
    is_over: bool,
}

impl<P: Pages> ListStream<P> {
    async fn rows(&mut self) -> app::Result<Vec<P::Row>> {
        let (after, skip) = (self.after, std::mem::take(&mut self.skip));
        let page = PageRequest { after, skip, limit: limits::STREAMED_ROWS };
        self.pages.next(&self.caller, page).await
    }

    /// The rows as they are written, behind the list's beginning or the rows before.
    fn write(&mut self, rows: Vec<P::Row>) -> serde_json::Result<Vec<u8>> {
        let (opening, closing) = match P::SHAPE {
            ListShape::Data => ("{\"data\":[", "]}"),
            ListShape::Bare => ("[", "]"),
        };
        let mut out = Vec::with_capacity(rows.len() * ROW_BYTES + 100);
        if !self.has_rows {
            out.extend_from_slice(opening.as_bytes());
        }
        for row in &rows {
            if std::mem::replace(&mut self.has_rows, true) {
                out.push(b',');
            }
            serde_json::to_writer(&mut out, &self.pages.body(row))?;
        }
        self.is_over = rows.len() < limits::STREAMED_ROWS;
        if self.is_over {
            out.extend_from_slice(closing.as_bytes());
        }
        self.after = rows.last().map(P::position);
        Ok(out)
    }
}

fn json(body: Body) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

/// The address of the list with one thing that says where it begins.
fn beside(address: &WholeAddress, name: &str, value: &str) -> String {
    let query = address.uri.query().unwrap_or_default();
    let is_place = |pair: &str| PLACES.iter().any(|place| pair.starts_with(place));
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !is_place(pair)).collect();
    let kept = kept.join("&");
    let and = if kept.is_empty() { "" } else { "&" };
    format!("{}{}?{kept}{and}{name}={value}", address.origin, address.uri.path())
}

/// What says in an address where a list begins.
const PLACES: [&str; 5] = ["cursor=", "page=", "page[number]=", "page%5Bnumber%5D=", "offset="];

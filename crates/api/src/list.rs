//! Lists: a page where one is asked for, else all of it, streamed page by page.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_TYPE, LINK};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::limits;
use futures_util::stream;
use serde::Serialize;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::SizeAbove;
use web::origin::WholeAddress;
use web::refusal::{Refusal, chain};

use super::cursor::{ListKey, RowPosition};
use super::query::Paging;
use super::responses::{List, PageMeta};

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

    /// The next rows, newest first: at most `limit`, those after `after` if given.
    fn next(
        &mut self,
        after: Option<RowPosition>,
        limit: usize,
    ) -> impl Future<Output = app::Result<Vec<Self::Row>>> + Send;

    /// Where a row stands.
    fn position(row: &Self::Row) -> RowPosition;

    /// A row as it is answered.
    fn body<'a>(&'a self, row: &'a Self::Row) -> Self::Body<'a>;
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

/// The answer to somebody who asks for a list. `address` is what the next page's link is made from.
pub(crate) async fn answer<P: Pages>(
    pages: P,
    list: ListKey,
    paging: Paging,
    wrap: ListShape,
    address: &WholeAddress,
) -> Result<Response, Refusal> {
    let after = match &paging.cursor {
        Some(cursor) => Some(list.position(cursor)?),
        None => None,
    };
    match paging.limit {
        Some(limit) => page(pages, list, after, limit, wrap, address).await,
        None => all(pages, after, wrap).await,
    }
}

async fn page<P: Pages>(
    mut pages: P,
    list: ListKey,
    after: Option<RowPosition>,
    limit: usize,
    wrap: ListShape,
    address: &WholeAddress,
) -> Result<Response, Refusal> {
    let mut rows = pages.next(after, limit + 1).await?;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| has_more).map(|row| list.cursor(P::position(row)));
    let data: Vec<_> = rows.iter().map(|row| pages.body(row)).collect();
    let out = match wrap {
        ListShape::Data => {
            serde_json::to_vec(&List { data, meta: Some(PageMeta { next_cursor: next.clone() }) })
        }
        ListShape::Bare => serde_json::to_vec(&data),
    };
    let out = out.map_err(|error| Refusal::fault(&error))?;
    let mut response = json(Body::from(out));
    if let Some(cursor) = next
        && let Ok(value) =
            HeaderValue::from_str(&format!("<{}>; rel=\"next\"", next_address(address, &cursor)))
    {
        response.headers_mut().insert(LINK, value);
    }
    Ok(response)
}

/// All of it. The first page is read before the answer begins, so that a fault is still told; a
/// later one can only break the answer off, and does: what ends well is complete.
async fn all<P: Pages>(
    mut pages: P,
    after: Option<RowPosition>,
    wrap: ListShape,
) -> Result<Response, Refusal> {
    let rows = pages.next(after, limits::STREAMED_ROWS).await?;
    let mut out = opened(wrap, rows.len());
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write(&pages, row, &mut out).map_err(|error| Refusal::fault(&error))?;
    }
    if rows.len() < limits::STREAMED_ROWS {
        out.extend_from_slice(closing(wrap));
        return Ok(json(Body::from(out)));
    }
    let last = rows.last().map(P::position);
    drop(rows);
    let state = ListStream { pages, after: last, ready: Some(out), wrap };
    Ok(json(Body::from_stream(stream::try_unfold(Some(state), step))))
}

struct ListStream<P> {
    pages: P,
    after: Option<RowPosition>,
    ready: Option<Vec<u8>>,
    wrap: ListShape,
}

async fn step<P: Pages>(
    state: Option<ListStream<P>>,
) -> Result<Option<(Bytes, Option<ListStream<P>>)>, axum::Error> {
    let Some(mut state) = state else {
        return Ok(None);
    };
    if let Some(ready) = state.ready.take() {
        return Ok(Some((ready.into(), Some(state))));
    }
    let broken = |error: &(dyn std::error::Error + 'static)| {
        tracing::error!(error = chain(error), "a list broke off");
        axum::Error::new("a list broke off")
    };
    let rows = state.pages.next(state.after, limits::STREAMED_ROWS).await;
    let rows = rows.map_err(|error| broken(&error))?;
    let mut out = Vec::with_capacity(rows.len() * ROW_BYTES + 2);
    for row in &rows {
        out.push(b',');
        write(&state.pages, row, &mut out).map_err(|error| broken(&error))?;
    }
    if rows.len() < limits::STREAMED_ROWS {
        out.extend_from_slice(closing(state.wrap));
        return Ok(Some((out.into(), None)));
    }
    state.after = rows.last().map(P::position);
    Ok(Some((out.into(), Some(state))))
}

fn opened(wrap: ListShape, rows: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows * ROW_BYTES + 100);
    out.extend_from_slice(match wrap {
        ListShape::Data => b"{\"data\":[",
        ListShape::Bare => b"[",
    });
    out
}

fn closing(wrap: ListShape) -> &'static [u8] {
    match wrap {
        ListShape::Data => b"]}",
        ListShape::Bare => b"]",
    }
}

fn write<P: Pages>(pages: &P, row: &P::Row, out: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(out, &pages.body(row))
}

fn json(body: Body) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

/// The address of the list with another cursor.
fn next_address(address: &WholeAddress, cursor: &str) -> String {
    let query = address.uri.query().unwrap_or_default();
    let is_kept = |pair: &&str| !pair.is_empty() && !pair.starts_with("cursor=");
    let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
    let kept = kept.join("&");
    let and = if kept.is_empty() { "" } else { "&" };
    format!("{}{}?{kept}{and}cursor={cursor}", address.origin, address.uri.path())
}

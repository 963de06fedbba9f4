//! `/call-recordings` of version 2: list and get.

use app::calls::{Position, RecordingFilter, RecordingQuery};
use axum::response::IntoResponse;
use domain::{Recording, RecordingId};
use web::origin::Origin;
use web::signer::Signer;

use super::recording::RecordingBody;
use crate::auth::Caller;
use crate::cursor::RowPosition;
use crate::list::{self, PageRequest, Pages};
use crate::query::{AccountNumbers, FirstDay, LastDay, ListQuery, Paging, parameters};
use crate::{Data, Id, List, ListRefusals, ReadRefusals, Result};

parameters! {
    /// What narrows a list of recordings.
    pub(crate) RecordingParameters => RecordingQuery;
    /// Of the account with this number; of several with `account_number[]`, given once for each.
    account_numbers as "account_number": AccountNumbers,
    /// Of calls on this day or later, `MM-DD-YYYY` or `YYYY-MM-DD`, in the account's zone.
    from as "from_date": FirstDay,
    /// Of calls on this day or before.
    to as "to_date": LastDay,
}

/// The recordings of an actor, with what signs their addresses.
struct RecordingPages {
    filter: RecordingFilter,
    signer: Signer,
}

impl Pages for RecordingPages {
    type Row = Recording;
    type Body<'a> = RecordingBody<'a>;

    async fn next(&mut self, caller: &Caller, page: PageRequest) -> app::Result<Vec<Recording>> {
        self.filter.skip = page.skip;
        let after = page.after.map(|row| Position { started_at: row.at, id: RecordingId(row.id) });
        app::calls::page(&caller.web.app, &caller.actor, &self.filter, after, page.limit).await
    }

    fn position(row: &Recording) -> RowPosition {
        RowPosition { at: row.call.started_at, id: row.id.0 }
    }

    fn body<'a>(&'a self, row: &'a Recording) -> RecordingBody<'a> {
        RecordingBody::new(row, self.signer.address(row.id))
    }
}

/// List call recordings
///
/// Newest call first. Audio is kept for up to 31 days; what is older is not listed.
#[utoipa::path(
    get, path = "/call-recordings", operation_id = "list_call_recordings",
    tag = "Call recordings",
    params(RecordingParameters, Paging),
    responses((status = 200, description = "The recordings", body = List<RecordingBody>),
        ListRefusals),
)]
pub(crate) async fn list(caller: Caller, query: ListQuery<RecordingParameters>) -> Result {
    let filter = app::calls::filter(&caller.web.app, &caller.actor, query.parameters).await?;
    let signer = Signer::of(&caller.web, caller.tenant.id, &query.cut.address.origin).await?;
    let pages = RecordingPages { filter, signer };
    list::answer(caller, "call recordings", query.cut, pages).await
}

/// Get a call recording
///
/// `recording` plays as it is for ten minutes; get it anew after that.
#[utoipa::path(
    get, path = "/call-recordings/{id}", operation_id = "get_call_recording",
    tag = "Call recordings",
    responses((status = 200, description = "The recording", body = Data<RecordingBody>),
        ReadRefusals),
)]
pub(crate) async fn find(caller: Caller, Origin(origin): Origin, Id(id): Id) -> Result {
    let recording = app::calls::recording(&caller.web.app, &caller.actor, RecordingId(id)).await?;
    let signer = Signer::of(&caller.web, caller.tenant.id, &origin).await?;
    let data = RecordingBody::new(&recording, signer.address(recording.id));
    Ok(Data { data }.into_response())
}

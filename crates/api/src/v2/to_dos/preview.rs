//! Previews of version 2: a schedule in a sentence, and its next occurrences.

use app::to_dos::Preview;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::{ToDoId, limits};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use web::Web;
use web::refusal::Refusal;

use super::input::{NewToDo, ToDoInput};
use crate::auth::Caller;
use crate::query::UncheckedQuery;
use crate::{AskRefusals, Data, Id, ListRefusals, Utc, json_object};

/// Occurrences of a preview for which nobody says how many.
const COUNT: usize = 10;

/// How much a preview shows.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PreviewParameters {
    /// How many occurrences, at most; 10 if nobody says otherwise.
    #[param(minimum = 1, maximum = 100)]
    count: Option<usize>,
}

/// A schedule in a sentence, and when it is due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Preview)]
pub(super) struct PreviewBody {
    /// The rule in a sentence.
    #[schema(example = "Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM")]
    sentence: String,
    /// The next occurrences after now.
    occurrences: Vec<Utc>,
}

/// Preview a To Do
///
/// When it comes next, as it stands; while it is paused, when it would come.
#[utoipa::path(
    get, path = "/{id}/preview", operation_id = "preview_to_do", tag = "To Dos",
    params(("id" = i64, Path, description = "The To Do's id", minimum = 1), PreviewParameters),
    responses((status = 200, description = "The sentence and the occurrences", body = Data<PreviewBody>),
        ListRefusals),
)]
pub(super) async fn stored(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    query: UncheckedQuery,
) -> Result<Response, Refusal> {
    let count = PreviewParameters::read(query)?;
    let preview = app::to_dos::preview(&web.app, &caller.actor, ToDoId(id), count).await?;
    Ok(answer(preview))
}

/// Preview a To Do to be made
///
/// Takes the body of a create and makes nothing. Only the account and when it goes out are looked
/// at, so that it may be asked while the rest is still being written.
#[utoipa::path(
    post, path = "/preview", operation_id = "preview_new_to_do", tag = "To Dos",
    params(PreviewParameters),
    request_body(content = NewToDo, content_type = "application/json"),
    responses((status = 200, description = "The sentence and the occurrences", body = Data<PreviewBody>),
        AskRefusals),
)]
pub(super) async fn draft(
    State(web): State<Web>,
    caller: Caller,
    query: UncheckedQuery,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let object = json_object(&parts.headers, body).await?;
    let count = PreviewParameters::read(query)?;
    let input = ToDoInput::to_create(object, &["account_number"])?;
    let number = input.account_number().unwrap_or_default();
    let entry = input.entry();
    let preview = app::to_dos::preview_draft(&web.app, &caller.actor, number, &entry, count).await;
    match preview {
        Ok(preview) if !input.is_faulty() => Ok(answer(preview)),
        Ok(_) => Err(input.refused(&domain::Invalid::new())),
        Err(error) => Err(input.refusal(error)),
    }
}

impl PreviewParameters {
    fn read(UncheckedQuery(mut query): UncheckedQuery) -> Result<usize, Refusal> {
        let parameters = PreviewParameters { count: query.number("count", limits::PREVIEW_ROWS) };
        Ok(query.or(parameters)?.count.unwrap_or(COUNT))
    }
}

fn answer(preview: Preview) -> Response {
    let occurrences = preview.occurrences.into_iter().map(Utc).collect();
    Data { data: PreviewBody { sentence: preview.sentence, occurrences } }.into_response()
}

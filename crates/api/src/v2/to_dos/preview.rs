//! Previews of version 2: a schedule in a sentence, and its next occurrences.

use app::to_dos::Preview;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::{ToDoId, limits};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use web::Web;
use web::refusal::Refusal;

use super::asked::NewToDoBody;
use super::given::Given;
use crate::auth::Caller;
use crate::query::FreeQuery;
use crate::{AskRefusals, Data, Id, ListRefusals, Utc, json_object};

/// Occurrences of a preview for which nobody says how many.
const COUNT: usize = 10;

/// How much a preview shows.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the OpenAPI document; count reads it")]
pub(super) struct PreviewParameters {
    /// How many occurrences, at most; 10 if nobody says otherwise.
    #[param(minimum = 1, maximum = 100)]
    count: Option<usize>,
}

/// What a schedule comes to.
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
    responses((status = 200, description = "What it comes to", body = Data<PreviewBody>),
        ListRefusals),
    security(("bearer" = [])),
)]
pub(super) async fn stored(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    query: FreeQuery,
) -> Result<Response, Refusal> {
    let count = count(query)?;
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
    request_body(content = NewToDoBody, content_type = "application/json"),
    responses((status = 200, description = "What it comes to", body = Data<PreviewBody>),
        AskRefusals),
    security(("bearer" = [])),
)]
pub(super) async fn draft(
    State(web): State<Web>,
    caller: Caller,
    query: FreeQuery,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let object = json_object(&parts.headers, body).await?;
    let count = count(query)?;
    let given = Given::to_create(object, &["account_number"])?;
    let number = given.account_number().unwrap_or_default();
    let entry = given.entry();
    let preview = app::to_dos::preview_draft(&web.app, &caller.actor, number, &entry, count).await;
    match preview {
        Ok(preview) if !given.is_faulty() => Ok(answer(preview)),
        Ok(_) => Err(given.refused(&domain::Invalid::new())),
        Err(error) => Err(given.told(error)),
    }
}

fn count(FreeQuery(mut asked): FreeQuery) -> Result<usize, Refusal> {
    let count = asked.number("count", limits::PREVIEW_ROWS).unwrap_or(COUNT);
    asked.or(count).map_err(Refusal::from)
}

fn answer(preview: Preview) -> Response {
    let occurrences = preview.occurrences.into_iter().map(Utc).collect();
    Data { data: PreviewBody { sentence: preview.sentence, occurrences } }.into_response()
}

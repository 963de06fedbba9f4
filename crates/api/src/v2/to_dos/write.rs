//! Writes to `/to-dos` of version 2: create, update, delete, pause, resume.

use app::to_dos::ScheduledToDo;
use axum::extract::{Request, State};
use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::ToDoId;
use web::Web;
use web::refusal::Refusal;

use super::answer::{DetailBody, ItemBody, answered, written};
use super::input::{NewToDo, REQUIRED, ToDoInput, ToDoUpdate};
use crate::auth::Caller;
use crate::idempotency::{self, CreateRequest};
use crate::{CreateRefusals, Data, Id, TurnRefusals, WriteRefusals, etag, json_object};

/// Create a To Do
///
/// Something that is to be sent by SMS, e-mail or call: again and again by a `schedule`, or once at
/// `run_at`. With an `Idempotency-Key` the same request makes it once, and gets the first answer
/// again for a day.
#[utoipa::path(
    post, path = "/", operation_id = "create_to_do", tag = "To Dos",
    params(("Idempotency-Key" = Option<String>, Header, description = "Any text of 1 to 255 \
        visible ASCII characters that names this very request")),
    request_body(content = NewToDo, content_type = "application/json"),
    responses(
        (status = 201, description = "It is made", body = Data<ItemBody>,
         headers(("Idempotent-Replayed" = String, description = "`true`: this is the first answer \
            to this Idempotency-Key again")),
         links(
            ("get" = (operation_id = "get_to_do",
                      parameters(("id" = "$response.body#/data/to_do/id")))),
            ("update" = (operation_id = "update_to_do",
                         parameters(("id" = "$response.body#/data/to_do/id")))),
            ("pause" = (operation_id = "pause_to_do",
                        parameters(("id" = "$response.body#/data/to_do/id")))),
            ("resume" = (operation_id = "resume_to_do",
                         parameters(("id" = "$response.body#/data/to_do/id")))),
            ("preview" = (operation_id = "preview_to_do",
                          parameters(("id" = "$response.body#/data/to_do/id")))),
            ("delete" = (operation_id = "delete_to_do",
                         parameters(("id" = "$response.body#/data/to_do/id")))),
         )),
        CreateRefusals,
    ),
)]
pub(super) async fn create(
    State(web): State<Web>,
    caller: Caller,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let create = CreateRequest::read(&parts.headers, body).await?;
    let input = ToDoInput::to_create(create.object()?, &REQUIRED)?;
    let (app, actor, entry) = (&web.app, &caller.actor, input.entry());
    let number = input.account_number();
    if input.is_faulty() {
        let rules = app::to_dos::faults_of_new(app, actor, number, &entry).await?;
        return Err(input.refused(&rules));
    }
    let render = |made: &ScheduledToDo| {
        idempotency::json_answer(StatusCode::CREATED, &Data { data: ItemBody::new(made) })
    };
    let repeat = create.repeat("POST /to-dos", &render);
    let number = number.unwrap_or_default();
    match app::to_dos::create(app, actor, number, &entry, repeat.as_ref()).await {
        Ok(once) => idempotency::respond(once, render),
        Err(error) => Err(input.refusal(error)),
    }
}

/// Update a To Do
///
/// Changes what is given, and answers with the whole To Do. What is queued and was never tried goes
/// out as it now stands.
#[utoipa::path(
    method(patch, put), path = "/{id}", operation_id = "update_to_do", tag = "To Dos",
    params(
        ("id" = i64, Path, description = "The To Do's id", minimum = 1),
        ("If-Match" = Option<String>, Header, description = "The ETag that it must still have"),
    ),
    request_body(content = ToDoUpdate, content_type = "application/json"),
    responses(
        (status = 200, description = "The To Do as it is now", body = Data<DetailBody>,
         headers(("ETag" = String, description = "Names this state of the To Do"))),
        WriteRefusals,
    ),
)]
pub(super) async fn update(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    request: Request,
) -> Result<Response, Refusal> {
    let (app, actor, id) = (&web.app, &caller.actor, ToDoId(id));
    let (parts, body) = request.into_parts();
    let input = ToDoInput::to_change(json_object(&parts.headers, body).await?)?;
    if input.is_faulty() {
        let change = |entry: &mut _| input.change(entry);
        let rules = app::to_dos::faults_of_change(app, actor, id, change).await?;
        return Err(input.refused(&rules));
    }
    let revision = expected(&web, &caller, id, &parts.headers).await?;
    match app::to_dos::update(app, actor, id, revision, |entry| input.change(entry)).await {
        Ok(standing) => answer(&standing),
        Err(error) => Err(input.refusal(error)),
    }
}

/// The revision that `If-Match` names; refused if the To Do is in another state by now.
async fn expected(
    web: &Web,
    caller: &Caller,
    id: ToDoId,
    headers: &HeaderMap,
) -> Result<Option<i64>, Refusal> {
    let Some(wanted) = etag::named(headers, IF_MATCH) else { return Ok(None) };
    let current = app::to_dos::find(&web.app, &caller.actor, id).await?;
    if !wanted.holds(&written(&current)?.0) {
        return Err(app::Error::Changed.into());
    }
    Ok((wanted != etag::EntityTags::Any).then_some(current.to_do.revision))
}

fn answer(standing: &ScheduledToDo) -> Result<Response, Refusal> {
    let (etag, body) = written(standing)?;
    Ok(answered(etag, body))
}

/// Delete a To Do
///
/// Nothing more is sent, and what waits to be sent is taken back. What is being sent at this moment
/// cannot be called back.
#[utoipa::path(
    delete, path = "/{id}", operation_id = "delete_to_do", tag = "To Dos",
    params(
        ("id" = i64, Path, description = "The To Do's id", minimum = 1),
        ("If-Match" = Option<String>, Header, description = "The ETag that it must still have"),
    ),
    responses((status = 204, description = "It is deleted"), TurnRefusals),
)]
pub(super) async fn delete(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    expected(&web, &caller, ToDoId(id), &headers).await?;
    app::to_dos::delete(&web.app, &caller.actor, ToDoId(id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Pause a To Do
///
/// Nothing more is sent until it is resumed. One that is paused already stays so.
#[utoipa::path(
    post, path = "/{id}/pause", operation_id = "pause_to_do", tag = "To Dos",
    params(
        ("id" = i64, Path, description = "The To Do's id", minimum = 1),
        ("If-Match" = Option<String>, Header, description = "The ETag that it must still have"),
    ),
    responses(
        (status = 200, description = "The To Do as it is now", body = Data<DetailBody>,
         headers(("ETag" = String, description = "Names this state of the To Do"))),
        TurnRefusals,
    ),
)]
pub(super) async fn pause(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    expected(&web, &caller, ToDoId(id), &headers).await?;
    answer(&app::to_dos::pause(&web.app, &caller.actor, ToDoId(id)).await?)
}

/// Resume a To Do
///
/// Goes on with the next occurrence after now; those that came while it was paused are not made up
/// for. One that is not paused stays as it is.
#[utoipa::path(
    post, path = "/{id}/resume", operation_id = "resume_to_do", tag = "To Dos",
    params(
        ("id" = i64, Path, description = "The To Do's id", minimum = 1),
        ("If-Match" = Option<String>, Header, description = "The ETag that it must still have"),
    ),
    responses(
        (status = 200, description = "The To Do as it is now", body = Data<DetailBody>,
         headers(("ETag" = String, description = "Names this state of the To Do"))),
        TurnRefusals,
    ),
)]
pub(super) async fn resume(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    expected(&web, &caller, ToDoId(id), &headers).await?;
    answer(&app::to_dos::resume(&web.app, &caller.actor, ToDoId(id)).await?)
}

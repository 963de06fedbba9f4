//! Writes to `/to-dos` of version 2: create, update, delete, pause, resume.

use app::to_dos::ScheduledToDo;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use domain::ToDoId;

use super::answer::{DetailBody, ItemBody, answered, written};
use super::input::{NewToDo, REQUIRED, ToDoInput, ToDoUpdate};
use crate::auth::Caller;
use crate::idempotency::{self, CreateRequest};
use crate::openapi::{IdempotencyKey, IfMatch};
use crate::{CreateRefusals, Data, Id, Result, TurnRefusals, WriteRefusals, etag, json_object};

/// Create a To Do
///
/// Something that is to be sent by SMS, e-mail or call: again and again by a `schedule`, or once at
/// `run_at`. With an `Idempotency-Key` the same request makes it once, and gets the first answer
/// again for a day.
#[utoipa::path(
    post, path = "/", operation_id = "create_to_do", tag = "To Dos",
    params(IdempotencyKey),
    request_body(content = NewToDo, content_type = "application/json"),
    responses(
        (status = 201, description = "It is made", body = Data<ItemBody>,
         headers(("Idempotent-Replayed" = String, description = "`true`: this is the first answer \
            to this Idempotency-Key again"))),
        CreateRefusals,
    ),
)]
pub(super) async fn create(caller: Caller, request: Request) -> Result {
    let (parts, body) = request.into_parts();
    let create = CreateRequest::read(&parts.headers, body).await?;
    let input = ToDoInput::to_create(create.object()?, &REQUIRED)?;
    let (app, actor, entry) = (&caller.web.app, &caller.actor, input.entry());
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
    params(IfMatch),
    request_body(content = ToDoUpdate, content_type = "application/json"),
    responses((status = 200, description = "The To Do as it is now", body = Data<DetailBody>),
        WriteRefusals),
)]
pub(super) async fn update(caller: Caller, Id(id): Id, request: Request) -> Result {
    let (app, actor, id) = (&caller.web.app, &caller.actor, ToDoId(id));
    let (parts, body) = request.into_parts();
    let input = ToDoInput::to_change(json_object(&parts.headers, body).await?)?;
    if input.is_faulty() {
        let change = |entry: &mut _| input.change(entry);
        let rules = app::to_dos::faults_of_change(app, actor, id, change).await?;
        return Err(input.refused(&rules));
    }
    let revision = expected(&caller, id, &parts.headers).await?;
    match app::to_dos::update(app, actor, id, revision, |entry| input.change(entry)).await {
        Ok(standing) => answer(&standing),
        Err(error) => Err(input.refusal(error)),
    }
}

/// The revision that `If-Match` names; refused if the To Do is in another state by now.
async fn expected(caller: &Caller, id: ToDoId, headers: &HeaderMap) -> Result<Option<i64>> {
    let current = async {
        let current = app::to_dos::find(&caller.web.app, &caller.actor, id).await?;
        Ok((written(&current)?.0, current.to_do.revision))
    };
    etag::expected(headers, current).await
}

fn answer(standing: &ScheduledToDo) -> Result {
    let (etag, body) = written(standing)?;
    Ok(answered(etag, body))
}

/// Delete a To Do
///
/// Nothing more is sent, and what waits to be sent is taken back. What is being sent at this moment
/// cannot be called back.
#[utoipa::path(
    delete, path = "/{id}", operation_id = "delete_to_do", tag = "To Dos",
    params(IfMatch),
    responses((status = 204, description = "It is deleted"), TurnRefusals),
)]
pub(super) async fn delete(caller: Caller, Id(id): Id, headers: HeaderMap) -> Result {
    expected(&caller, ToDoId(id), &headers).await?;
    app::to_dos::delete(&caller.web.app, &caller.actor, ToDoId(id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Pause a To Do
///
/// Nothing more is sent until it is resumed. One that is paused already stays so.
#[utoipa::path(
    post, path = "/{id}/pause", operation_id = "pause_to_do", tag = "To Dos",
    params(IfMatch),
    responses((status = 200, description = "The To Do as it is now", body = Data<DetailBody>),
        TurnRefusals),
)]
pub(super) async fn pause(caller: Caller, Id(id): Id, headers: HeaderMap) -> Result {
    expected(&caller, ToDoId(id), &headers).await?;
    answer(&app::to_dos::pause(&caller.web.app, &caller.actor, ToDoId(id)).await?)
}

/// Resume a To Do
///
/// Goes on with the next occurrence after now; those that came while it was paused are not made up
/// for. One that is not paused stays as it is.
#[utoipa::path(
    post, path = "/{id}/resume", operation_id = "resume_to_do", tag = "To Dos",
    params(IfMatch),
    responses((status = 200, description = "The To Do as it is now", body = Data<DetailBody>),
        TurnRefusals),
)]
pub(super) async fn resume(caller: Caller, Id(id): Id, headers: HeaderMap) -> Result {
    expected(&caller, ToDoId(id), &headers).await?;
    answer(&app::to_dos::resume(&caller.web.app, &caller.actor, ToDoId(id)).await?)
}

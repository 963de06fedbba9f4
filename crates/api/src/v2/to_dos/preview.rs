//! Previews of version 2: a schedule in a sentence, and its next occurrences.

use app::to_dos::Preview;
use axum::extract::Request;
use domain::{ToDoId, limits};

use super::input::{NewToDo, ToDoInput};
use crate::auth::Caller;
use crate::bodies::answer;
use crate::query::{Query, UpTo, parameters};
use crate::{AskRefusals, Data, Id, ListRefusals, Result, Utc, json_object};

/// Occurrences of a preview for which nobody says how many.
const COUNT: usize = 10;

parameters! {
    /// How much a preview shows.
    pub(super) PreviewParameters;
    /// How many occurrences, at most; 10 if nobody says otherwise.
    count: UpTo<{ limits::PREVIEW_ROWS }>,
}

answer! {
    /// A schedule in a sentence, and when it is due.
    #[schema(as = Preview)]
    pub(super) struct PreviewBody(preview: Preview) {
        /// The rule in a sentence.
        #[schema(example = "Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM")]
        sentence: String = preview.sentence,
        /// The next occurrences after now.
        occurrences: Vec<Utc> = preview.occurrences.into_iter().map(Utc).collect(),
    }
}

/// Preview a To Do
///
/// When it comes next, as it stands; while it is paused, when it would come.
#[utoipa::path(
    get, path = "/{id}/preview", operation_id = "preview_to_do", tag = "To Dos",
    params(PreviewParameters),
    responses((status = 200, description = "The sentence and the occurrences",
        body = Data<PreviewBody>), ListRefusals),
)]
pub(super) async fn stored(
    caller: Caller,
    Id(id): Id,
    Query(query): Query<PreviewParameters>,
) -> Result<Data<PreviewBody>> {
    let count = query?.count.unwrap_or(COUNT);
    let preview = app::to_dos::preview(&caller.web.app, &caller.actor, ToDoId(id), count).await?;
    Ok(Data { data: PreviewBody::new(preview) })
}

/// Preview a To Do to be made
///
/// Takes the body of a create and makes nothing. Only the account and when it goes out are looked
/// at, so that it may be asked while the rest is still being written.
#[utoipa::path(
    post, path = "/preview", operation_id = "preview_new_to_do", tag = "To Dos",
    params(PreviewParameters),
    request_body(content = NewToDo, content_type = "application/json"),
    responses((status = 200, description = "The sentence and the occurrences",
        body = Data<PreviewBody>), AskRefusals),
)]
pub(super) async fn draft(
    caller: Caller,
    Query(query): Query<PreviewParameters>,
    request: Request,
) -> Result<Data<PreviewBody>> {
    let (parts, body) = request.into_parts();
    let object = json_object(&parts.headers, body).await?;
    let count = query?.count.unwrap_or(COUNT);
    let input = ToDoInput::to_create(object, &["account_number"])?;
    let (app, actor, number) = (&caller.web.app, &caller.actor, input.account_number());
    let number = number.unwrap_or_default();
    match app::to_dos::preview_draft(app, actor, number, &input.entry(), count).await {
        Ok(preview) if !input.is_faulty() => Ok(Data { data: PreviewBody::new(preview) }),
        Ok(_) => Err(input.refused(&domain::Invalid::new())),
        Err(error) => Err(input.refusal(error)),
    }
}

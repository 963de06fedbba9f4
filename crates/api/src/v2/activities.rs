//! `/messages/{id}/activities` of version 2: what happened to a message, in sentences.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::{Activity, MessageId};
use serde::Serialize;
use utoipa::ToSchema;
use web::Web;
use web::refusal::Refusal;

use crate::auth::Caller;
use crate::{Data, Id, ReadRefusals, Utc};

/// Something that happened to a message.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Activity)]
pub(super) struct ActivityBody {
    /// Its identifier; later ones have larger ones.
    id: i64,
    /// What happened, in a word: `taken`, `queued`, `sent`, `escalated`, `acknowledged` and so on.
    /// Further words may come.
    kind: &'static str,
    /// The same in a sentence for a person.
    sentence: String,
    /// Who did it; `""` if the service did.
    actor: String,
    /// When.
    at: Utc,
}

impl From<&Activity> for ActivityBody {
    fn from(activity: &Activity) -> Self {
        ActivityBody {
            id: activity.id.0,
            kind: activity.event.kind.as_str(),
            sentence: activity.event.sentence(),
            actor: activity.event.actor_name.clone(),
            at: Utc(activity.at),
        }
    }
}

/// List the activities of a message
///
/// All of them, oldest first, as many as `activities_count` says. Nothing is ever removed from them.
#[utoipa::path(
    get, path = "/messages/{id}/activities", operation_id = "list_activities", tag = "Messages",
    params(("id" = i64, Path, description = "The message's id", minimum = 1)),
    responses(
        (status = 200, description = "Its activities", body = Data<Vec<ActivityBody>>),
        ReadRefusals,
    ),
    security(("bearer" = [])),
)]
pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let detail = app::messages::detail(&web.app, &caller.actor, MessageId(id)).await?;
    let data: Vec<ActivityBody> = detail.activities.iter().map(ActivityBody::from).collect();
    Ok(Data { data }.into_response())
}

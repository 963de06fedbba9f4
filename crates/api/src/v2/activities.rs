//! `/messages/{id}/activities` of version 2: what happened to a message, in sentences.

use domain::{Activity, MessageId};

use crate::auth::Caller;
use crate::bodies::answer;
use crate::{Data, Id, ReadRefusals, Result, Utc};

answer! {
    /// Something that happened to a message.
    #[schema(as = Activity)]
    pub(super) struct ActivityBody(activity: &Activity) {
        /// Its identifier; later ones have larger ones.
        id: i64 = activity.id.0,
        /// What happened, in a word: `taken`, `queued`, `sent`, `acknowledged` and so on.
        /// Further words may come.
        kind: &'static str = activity.event.kind.as_str(),
        /// The same in a sentence for a person.
        sentence: String = activity.event.sentence(),
        /// Who did it; `""` if the service did.
        actor: String = activity.event.actor_name.clone(),
        /// When.
        at: Utc = Utc(activity.at),
    }
}

/// List the activities of a message
///
/// All of them, oldest first, as many as `activities_count` says. Nothing is ever removed from
/// them.
#[utoipa::path(
    get, path = "/messages/{id}/activities", operation_id = "list_activities", tag = "Messages",
    responses((status = 200, description = "Its activities", body = Data<Vec<ActivityBody>>),
        ReadRefusals),
)]
pub(super) async fn list(caller: Caller, Id(id): Id) -> Result<Data<Vec<ActivityBody>>> {
    let detail = app::messages::detail(&caller.web.app, &caller.actor, MessageId(id)).await?;
    Ok(Data { data: detail.activities.iter().map(ActivityBody::new).collect() })
}

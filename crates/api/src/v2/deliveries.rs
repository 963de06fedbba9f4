//! `/messages/{id}/deliveries` of version 2: why a message did or did not go out.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::MessageId;
use web::Web;
use web::refusal::Refusal;

use super::delivery::DeliveryBody;
use crate::auth::Caller;
use crate::{Data, Id, ReadRefusals};

/// List the deliveries of a message
///
/// All of them, oldest first, each with every attempt to send it: why the message did or did not go
/// out.
#[utoipa::path(
    get, path = "/messages/{id}/deliveries", operation_id = "list_deliveries", tag = "Messages",
    params(("id" = i64, Path, description = "The message's id", minimum = 1)),
    responses(
        (status = 200, description = "Its deliveries", body = Data<Vec<DeliveryBody>>),
        ReadRefusals,
    ),
)]
pub(super) async fn list(
    State(web): State<Web>,
    caller: Caller,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let (app, actor) = (&web.app, &caller.actor);
    let detail = app::messages::detail(app, actor, MessageId(id)).await?;
    let mut next_tries = Vec::new();
    for (delivery, _) in &detail.deliveries {
        next_tries.push(app::deliveries::next_try(app, actor, delivery).await?);
    }
    let bodies = detail.deliveries.iter().zip(next_tries);
    let bodies = bodies
        .map(|((delivery, attempts), next_try)| DeliveryBody::new(delivery, attempts, next_try))
        .collect::<Vec<_>>();
    Ok(Data { data: bodies }.into_response())
}

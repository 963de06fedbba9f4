//! `/messages/{id}/deliveries` of version 2: why a message did or did not go out.

use axum::response::IntoResponse;
use domain::MessageId;

use super::delivery::DeliveryBody;
use crate::auth::Caller;
use crate::{Data, Id, ReadRefusals, Result};

/// List the deliveries of a message
///
/// All of them, oldest first, each with every attempt to send it: why the message did or did not go
/// out.
#[utoipa::path(
    get, path = "/messages/{id}/deliveries", operation_id = "list_deliveries", tag = "Messages",
    responses((status = 200, description = "Its deliveries", body = Data<Vec<DeliveryBody>>),
        ReadRefusals),
)]
pub(super) async fn list(caller: Caller, Id(id): Id) -> Result {
    let (app, actor) = (&caller.web.app, &caller.actor);
    let detail = app::messages::detail(app, actor, MessageId(id)).await?;
    let mut data = Vec::new();
    for (delivery, attempts) in &detail.deliveries {
        let next_try = app::deliveries::next_try(app, actor, delivery).await?;
        data.push(DeliveryBody::new(delivery, attempts, next_try));
    }
    Ok(Data { data }.into_response())
}

//! `/messages` of version 1: list and get.

use std::collections::HashMap;

use app::messages::{MessageFilter, Position};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::{Account, AccountId, Form, FormId, Message, MessageId};
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;

use super::message::LegacyBody;
use crate::auth::LegacyCaller;
use crate::cursor::{ListKey, RowPosition};
use crate::list::{self, ListShape, Pages};
use crate::query::{Paging, Query};
use crate::v2::MessageParameters;
use crate::{Id, LegacyListRefusals, LegacyReadRefusals};

/// The messages of an actor, in pages, with the accounts and forms that their bodies need.
struct LegacyPages {
    web: Web,
    actor: app::Actor,
    filter: MessageFilter,
    accounts: HashMap<AccountId, Account>,
    forms: HashMap<FormId, Form>,
}

impl LegacyPages {
    async fn new(web: Web, actor: app::Actor, filter: MessageFilter) -> app::Result<Self> {
        let accounts = app::accounts::list(&web.app, &actor).await?;
        let accounts = accounts.into_iter().map(|account| (account.id, account)).collect();
        Ok(LegacyPages { web, actor, filter, accounts, forms: HashMap::new() })
    }

    /// Reads the forms of these messages that were not read yet.
    async fn learn(&mut self, rows: &[Message]) -> app::Result<()> {
        for id in rows.iter().filter_map(|row| row.form_id) {
            if !self.forms.contains_key(&id) {
                let form = app::forms::form(&self.web.app, &self.actor, id).await?;
                self.forms.insert(id, form);
            }
        }
        Ok(())
    }
}

impl Pages for LegacyPages {
    type Row = Message;
    type Body<'a> = LegacyBody<'a>;

    async fn next(
        &mut self,
        after: Option<RowPosition>,
        limit: usize,
    ) -> app::Result<Vec<Message>> {
        let after = after.map(|place| Position { created_at: place.at, id: MessageId(place.id) });
        let rows =
            app::messages::page(&self.web.app, &self.actor, &self.filter, after, limit).await?;
        self.learn(&rows).await?;
        Ok(rows)
    }

    fn position(row: &Message) -> RowPosition {
        RowPosition { at: row.created_at, id: row.id.0 }
    }

    fn body<'a>(&'a self, row: &'a Message) -> LegacyBody<'a> {
        let form = row.form_id.and_then(|id| self.forms.get(&id));
        LegacyBody::new(row, self.accounts.get(&row.account_id), form)
    }
}

/// List messages (version 1)
///
/// A bare array of messages, newest first.
#[utoipa::path(
    get, path = "/messages", operation_id = "list_messages_v1", tag = "Version 1",
    params(MessageParameters, Paging),
    responses(
        (status = 200, description = "The messages", body = Vec<LegacyBody>,
         headers(("Link" = String, description = "On a page that is not the last: the next")),
         links(("get" = (operation_id = "get_message_v1",
                         parameters(("id" = "$response.body#/0/message_id")))))),
        LegacyListRefusals,
    ),
    security(("email" = [], "token" = [])),
)]
pub(crate) async fn list(
    State(web): State<Web>,
    LegacyCaller(actor): LegacyCaller,
    address: WholeAddress,
    query: Query<MessageParameters>,
) -> Result<Response, Refusal> {
    let list = ListKey::of("messages of version 1", &actor, &query.canonical);
    let filter = app::messages::filter(&web.app, &actor, query.parameters.into()).await?;
    let pages = LegacyPages::new(web, actor, filter).await?;
    list::answer(pages, list, query.paging, ListShape::Bare, &address).await
}

/// Get a message (version 1)
///
/// The message without a wrap.
#[utoipa::path(
    get, path = "/messages/{id}", operation_id = "get_message_v1", tag = "Version 1",
    params(("id" = i64, Path, description = "The message's id", minimum = 1)),
    responses((status = 200, description = "The message", body = LegacyBody),
        LegacyReadRefusals),
    security(("email" = [], "token" = [])),
)]
pub(crate) async fn find(
    State(web): State<Web>,
    LegacyCaller(actor): LegacyCaller,
    Id(id): Id,
) -> Result<Response, Refusal> {
    let detail = app::messages::detail(&web.app, &actor, MessageId(id)).await?;
    let body = LegacyBody::new(&detail.message, Some(&detail.account), detail.form.as_ref());
    Ok(Json(body).into_response())
}

//! `/messages` of version 1: list and get.

use std::collections::HashMap;

use app::messages::{Filter, Position};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::{Account, AccountId, Form, FormId, Message, MessageId};
use web::Web;
use web::origin::WholeAddress;
use web::refusal::Refusal;

use super::message::{LegacyBody, LegacyMessage};
use crate::auth::LegacyCaller;
use crate::cursor::{List, Place};
use crate::list::{self, Pages, Wrap};
use crate::query::Query;
use crate::v2::{MessageParameters, PagingParameters};
use crate::{Id, LegacyListRefusals, LegacyReadRefusals};

/// The messages of an actor, in pages, with the accounts and forms that their bodies need.
struct LegacyPages {
    web: Web,
    actor: app::Actor,
    filter: Filter,
    accounts: HashMap<AccountId, Account>,
    forms: HashMap<FormId, Form>,
}

impl LegacyPages {
    async fn new(web: Web, actor: app::Actor, filter: Filter) -> app::Result<Self> {
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

    fn body<'a>(&'a self, message: &'a Message) -> LegacyMessage<'a> {
        LegacyMessage {
            message,
            account: self.accounts.get(&message.account_id),
            form: message.form_id.and_then(|id| self.forms.get(&id)),
        }
    }
}

impl Pages for LegacyPages {
    type Row = Message;

    async fn next(&mut self, after: Option<Place>, limit: usize) -> app::Result<Vec<Message>> {
        let after = after.map(|place| Position { created_at: place.at, id: MessageId(place.id) });
        let rows =
            app::messages::page(&self.web.app, &self.actor, &self.filter, after, limit).await?;
        self.learn(&rows).await?;
        Ok(rows)
    }

    fn place(row: &Message) -> Place {
        Place { at: row.created_at, id: row.id.0 }
    }

    fn write(&self, row: &Message, out: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(out, &self.body(row))
    }
}

/// List messages (version 1)
///
/// A bare array of messages, newest first.
#[utoipa::path(
    get, path = "/messages", operation_id = "list_messages_v1", tag = "Version 1",
    params(MessageParameters, PagingParameters),
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
    let list = List::new("messages of version 1", &actor, &query.canonical);
    let filter = app::messages::filter(&web.app, &actor, query.parameters.into()).await?;
    let pages = LegacyPages::new(web, actor, filter).await?;
    list::answer(pages, list, query.paging, Wrap::Bare, &address).await
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
    let body = LegacyMessage {
        message: &detail.message,
        account: Some(&detail.account),
        form: detail.form.as_ref(),
    };
    Ok(Json(body).into_response())
}

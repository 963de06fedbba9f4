//! `/messages` of version 1: list and get.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use app::messages::MessageFilter;
use axum::Json;
use axum::response::IntoResponse;
use domain::{Account, AccountId, Form, FormId, Message, MessageId};

use super::message::LegacyBody;
use crate::auth::{Caller, LegacyCaller};
use crate::cursor::RowPosition;
use crate::list::{self, ListShape, PageRequest, Pages};
use crate::query::{ListQuery, Paging};
use crate::v2::MessageParameters;
use crate::{Id, LegacyListRefusals, LegacyReadRefusals, Result};

/// The messages of an actor, with the accounts and forms that their bodies need.
struct LegacyPages {
    filter: MessageFilter,
    accounts: HashMap<AccountId, Account>,
    forms: HashMap<FormId, Form>,
}

impl LegacyPages {
    /// Reads the forms of these messages that were not read yet.
    async fn learn(&mut self, caller: &Caller, rows: &[Message]) -> app::Result<()> {
        for id in rows.iter().filter_map(|row| row.form_id) {
            if let Entry::Vacant(unknown) = self.forms.entry(id) {
                unknown.insert(app::forms::form(&caller.web.app, &caller.actor, id).await?);
            }
        }
        Ok(())
    }
}

impl Pages for LegacyPages {
    type Row = Message;
    type Body<'a> = LegacyBody<'a>;
    const SHAPE: ListShape = ListShape::Bare;

    async fn next(&mut self, caller: &Caller, page: PageRequest) -> app::Result<Vec<Message>> {
        let rows = self.filter.next(caller, page).await?;
        self.learn(caller, &rows).await?;
        Ok(rows)
    }

    fn position(row: &Message) -> RowPosition {
        MessageFilter::position(row)
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
    responses((status = 200, description = "The messages", body = Vec<LegacyBody>),
        LegacyListRefusals),
    security(("email" = [], "token" = [])),
)]
pub(crate) async fn list(
    LegacyCaller(caller): LegacyCaller,
    query: ListQuery<MessageParameters>,
) -> Result {
    let (app, actor) = (&caller.web.app, &caller.actor);
    let filter = app::messages::filter(app, actor, query.parameters).await?;
    let accounts = app::accounts::list(app, actor).await?;
    let accounts = accounts.into_iter().map(|account| (account.id, account)).collect();
    let pages = LegacyPages { filter, accounts, forms: HashMap::new() };
    list::answer(caller, "messages of version 1", query.cut, pages).await
}

/// Get a message (version 1)
///
/// The message without a wrap.
#[utoipa::path(
    get, path = "/messages/{id}", operation_id = "get_message_v1", tag = "Version 1",
    responses((status = 200, description = "The message", body = LegacyBody), LegacyReadRefusals),
    security(("email" = [], "token" = [])),
)]
pub(crate) async fn find(LegacyCaller(caller): LegacyCaller, Id(id): Id) -> Result {
    let detail = app::messages::detail(&caller.web.app, &caller.actor, MessageId(id)).await?;
    let body = LegacyBody::new(&detail.message, Some(&detail.account), detail.form.as_ref());
    Ok(Json(body).into_response())
}

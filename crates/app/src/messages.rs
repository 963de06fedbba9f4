//! Messages: taken by agents, read and settled by clients.

mod correct;
mod entry;
mod post;
mod read;
mod take;

use domain::message::Update;
use domain::{ActivityKind, Message, MessageId};

pub use correct::{CorrectionEntry, correct, corrections, send_again};
pub use entry::MessageEntry;
pub use post::post;
pub use read::{MessageHistory, MessageQuery, count, detail, filter, find, mine, page};
pub(crate) use read::{Period, find_to_change, list_scope};
pub use store::messages::{MessageFilter, Position};
pub use take::{SavedMessage, take};

use crate::ledger::Ledger;
use crate::{Actor, App, Error, Result, escalations};

/// Changes a message. `revision` is the one that whoever asks last saw, if it matters to them.
#[crate::boxed]
pub async fn update(
    app: &App,
    actor: &Actor,
    id: MessageId,
    update: &Update,
    revision: Option<i64>,
) -> Result<Message> {
    let now = app.now();
    let mut tx = app.db.begin().await?;
    let mut message = find_to_change(&mut tx, actor, id).await?;
    if revision.is_some_and(|revision| revision != message.revision) {
        return Err(Error::Changed);
    }
    let before = message.clone();
    take::check_user(&mut tx, actor, message.account_id, update.user_id.flatten()).await?;
    let done = message.update(update, actor.user_id, now)?;
    if done.is_empty() {
        return Ok(message);
    }
    let mut ledger = Ledger::new(app, now);
    for kind in done {
        if kind == ActivityKind::Corrected {
            correct::keep(&mut tx, &mut ledger, actor, &mut message, &before).await?;
            continue;
        }
        let mut event = kind.by(actor.user_id, &actor.name);
        if kind == ActivityKind::Disposed {
            event.detail = message.disposition.clone().unwrap_or_default();
        }
        ledger.log(&mut message, event);
    }
    if message.status != before.status {
        escalations::follow(&mut tx, &mut ledger, &mut message, now).await?;
    }
    ledger.keep(message.clone());
    ledger.commit(tx).await?;
    Ok(message)
}

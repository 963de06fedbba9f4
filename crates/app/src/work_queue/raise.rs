//! Putting things into the work queue and taking them out, in the caller's transaction.

use std::collections::HashMap;

use domain::work_item::{NewItem, WorkKind};
use domain::{Instant, Message, MessageId, TenantId, limits};
use store::Tx;

use crate::Result;

/// Puts something into the queue, in the caller's transaction. Where its subject is open already,
/// only its texts and urgency change.
pub(crate) async fn raise(
    tx: &mut Tx,
    tenant: TenantId,
    item: NewItem,
    now: Instant,
) -> Result<()> {
    raise_all(tx, vec![(tenant, item)], now).await
}

/// Puts things into the queue, of any tenants, in the caller's transaction.
pub(crate) async fn raise_all(
    tx: &mut Tx,
    items: Vec<(TenantId, NewItem)>,
    now: Instant,
) -> Result<()> {
    // One statement must not touch one row twice: of two with the same subject the last one stays.
    let mut kept: Vec<(TenantId, NewItem)> = Vec::with_capacity(items.len());
    let mut places = HashMap::new();
    for (tenant, item) in items {
        let item = item.kept();
        let key = (tenant, item.kind, item.subject.clone());
        match places.get(&key).copied().filter(|_| !item.subject.is_empty()) {
            Some(at) => kept[at] = (tenant, item),
            None => {
                places.insert(key, kept.len());
                kept.push((tenant, item));
            }
        }
    }
    for batch in kept.chunks(limits::FIRED_AT_ONCE) {
        store::work_items::raise_all(tx.link(), batch, now).await?;
    }
    Ok(())
}

/// Ends what waits about several messages, of any tenants, in the caller's transaction.
pub(crate) async fn settle_all(
    tx: &mut Tx,
    messages: &[(TenantId, MessageId)],
    outcome: &str,
    now: Instant,
) -> Result<()> {
    for batch in messages.chunks(limits::FIRED_AT_ONCE) {
        store::work_items::settle_all(tx.link(), batch, WorkKind::Dispatch, outcome, now).await?;
    }
    Ok(())
}

/// What stands in the work queue about a message that nobody took charge of.
pub(crate) fn dispatch(message: &Message, why: &str) -> NewItem {
    let caller = message.caller();
    let from = if caller.is_empty() { "an unknown caller" } else { &caller };
    let receiver = match message.receiver_name.as_str() {
        "" => String::new(),
        name => format!(" for {name}"),
    };
    NewItem {
        account_id: message.account_id,
        kind: WorkKind::Dispatch,
        message_id: Some(message.id),
        run_id: None,
        subject: format!("message {}", message.id),
        title: format!("Message from {from}{receiver}"),
        detail: why.to_owned(),
        is_urgent: true,
    }
}

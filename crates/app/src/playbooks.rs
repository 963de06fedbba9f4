//! Playbooks as supervisors keep them: how people are reached, escalation policies, closing action
//! groups and wordings; and what would then happen.

pub(crate) mod read;

use std::sync::Arc;

use domain::escalation::Policy;
use domain::playbook::Foreseen;
use domain::user::Right;
use domain::way::{self, Way, WayEntry};
use domain::{
    AccountId, ClosingGroup, ClosingGroupId, ContactGroup, ContactGroupId, ContactId, Instant,
    Invalid, Message, Playbook, PolicyId, Wording, limits,
};
use store::Tx;

use crate::error::taken;
pub use read::find;

use crate::{Actor, App, Error, Result, audit, escalations};

/// The own ways of a contact, in order; none if it is reached by its e-mail and phone.
#[crate::boxed]
pub async fn ways(
    app: &App,
    actor: &Actor,
    account: AccountId,
    contact: ContactId,
) -> Result<Vec<Way>> {
    crate::accounts::contact(app, actor, account, contact).await?;
    let mut reader = app.db.read().await?;
    Ok(store::ways::of_contact(reader.link(), actor.tenant_id, contact).await?)
}

/// Gives a contact these ways, in this order, instead of those that it had.
#[crate::boxed]
pub async fn set_ways(
    app: &App,
    actor: &Actor,
    account: AccountId,
    contact: ContactId,
    entries: &[WayEntry],
) -> Result<Vec<Way>> {
    actor.require(Right::ManageAccounts)?;
    let known = crate::accounts::contact(app, actor, account, contact).await?;
    let ways = way::checked(contact, entries)?;
    let mut tx = app.db.begin().await?;
    store::ways::replace(tx.link(), actor.tenant_id, contact, &ways).await?;
    note(app, &mut tx, actor, "contact.ways", &known.name).await?;
    tx.commit().await?;
    Ok(ways)
}

/// Keeps a group of contacts: a new one where its id is 0.
#[crate::boxed]
pub async fn keep_group(app: &App, actor: &Actor, mut group: ContactGroup) -> Result<ContactGroup> {
    group.name = group.name.trim().to_owned();
    let (mut tx, book) = open(app, actor, group.account_id).await?;
    book.check_group(&group)?;
    let kept = store::ways::keep_group(tx.link(), actor.tenant_id, &group).await;
    group.id = kept.map_err(taken("name"))?.ok_or(Error::NotFound)?;
    note(app, &mut tx, actor, "contact_group.keep", &group.name).await?;
    tx.commit().await?;
    Ok(group)
}

/// Removes a group of contacts. Policies that name it pass it over, and say so.
#[crate::boxed]
pub async fn remove_group(
    app: &App,
    actor: &Actor,
    account: AccountId,
    id: ContactGroupId,
) -> Result<()> {
    let (mut tx, book) = open(app, actor, account).await?;
    let group = book.groups.iter().find(|group| group.id == id).ok_or(Error::NotFound)?;
    store::ways::delete_group(tx.link(), actor.tenant_id, account, id).await?;
    note(app, &mut tx, actor, "contact_group.remove", &group.name).await?;
    Ok(tx.commit().await?)
}

/// Keeps a policy: a new one where its id is 0. Levels keep their ids, so that a message that stands
/// on one goes on from there; a message whose level is gone goes on with the one in its place.
#[crate::boxed]
pub async fn keep_policy(app: &App, actor: &Actor, mut policy: Policy) -> Result<Policy> {
    policy.name = policy.name.trim().to_owned();
    let (mut tx, book) = open(app, actor, policy.account_id).await?;
    book.check_policy(&policy)?;
    own_levels(&book, &mut policy);
    let kept = store::policies::keep(tx.link(), actor.tenant_id, &policy).await;
    let id = kept.map_err(taken("name"))?.ok_or(Error::NotFound)?;
    note(app, &mut tx, actor, "escalation_policy.keep", &policy.name).await?;
    tx.commit().await?;
    let book = read::find(app, actor, policy.account_id).await?;
    book.policy(id).cloned().ok_or(Error::NotFound)
}

/// A level's id counts only where it is one of this very policy.
fn own_levels(book: &Playbook, policy: &mut Policy) {
    let before = book.policy(policy.id).map_or(&[][..], |before| &before.levels);
    let mut seen = Vec::new();
    for level in &mut policy.levels {
        let is_own = before.iter().any(|known| known.id == level.id) && !seen.contains(&level.id);
        if is_own {
            seen.push(level.id);
        } else {
            level.id.0 = 0;
        }
    }
}

/// Removes a policy. Messages that it still escalates go to the work queue.
#[crate::boxed]
pub async fn remove_policy(
    app: &App,
    actor: &Actor,
    account: AccountId,
    id: PolicyId,
) -> Result<()> {
    let (mut tx, book) = open(app, actor, account).await?;
    let policy = book.policy(id).ok_or(Error::NotFound)?;
    let uses =
        |group: &&ClosingGroup| group.actions.contains(&domain::closing::Action::Escalate(id));
    if let Some(user) = book.closings.iter().find(uses) {
        let rule = format!("is what the closing action group “{}” escalates by", user.name);
        return Err(Invalid::field("policy", &rule).into());
    }
    store::policies::delete(tx.link(), actor.tenant_id, account, id).await?;
    escalations::policy_removed(&mut tx, actor.tenant_id, id, app.now()).await?;
    note(app, &mut tx, actor, "escalation_policy.remove", &policy.name).await?;
    Ok(tx.commit().await?)
}

/// Keeps a closing action group: a new one where its id is 0.
#[crate::boxed]
pub async fn keep_closing(
    app: &App,
    actor: &Actor,
    mut group: ClosingGroup,
) -> Result<ClosingGroup> {
    group.name = group.name.trim().to_owned();
    let (mut tx, book) = open(app, actor, group.account_id).await?;
    book.check_closing(&group)?;
    let kept = store::closings::keep(tx.link(), actor.tenant_id, &group).await;
    group.id = kept.map_err(taken("name"))?.ok_or(Error::NotFound)?;
    note(app, &mut tx, actor, "closing_group.keep", &group.name).await?;
    tx.commit().await?;
    Ok(group)
}

/// Removes a closing action group. What it holds for a digest goes out when the digest is due.
#[crate::boxed]
pub async fn remove_closing(
    app: &App,
    actor: &Actor,
    account: AccountId,
    id: ClosingGroupId,
) -> Result<()> {
    let (mut tx, book) = open(app, actor, account).await?;
    let group = book.closings.iter().find(|group| group.id == id).ok_or(Error::NotFound)?;
    store::closings::delete(tx.link(), actor.tenant_id, account, id).await?;
    note(app, &mut tx, actor, "closing_group.remove", &group.name).await?;
    Ok(tx.commit().await?)
}

/// Gives an account its own words; an empty one takes ours.
#[crate::boxed]
pub async fn set_wording(
    app: &App,
    actor: &Actor,
    account: AccountId,
    wording: Wording,
) -> Result<Wording> {
    let wording = wording.checked()?;
    let (mut tx, book) = open(app, actor, account).await?;
    store::closings::set_wording(tx.link(), actor.tenant_id, account, &wording).await?;
    note(app, &mut tx, actor, "wording.set", &book.account.number).await?;
    tx.commit().await?;
    Ok(wording)
}

/// A message that somebody imagines, to see what would happen to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImaginedMessage {
    /// When it would be finished; `None` for now.
    pub at: Option<Instant>,
    /// Whom it would be for.
    pub contact_id: Option<ContactId>,
    /// What the agent would choose; `None` takes what the account does as a rule.
    pub closing_group_id: Option<ClosingGroupId>,
    /// Whether it would be an emergency.
    pub is_emergency: bool,
}

/// Who would be told of a message, when and how, if everything arrived and nobody acknowledged it:
/// the engine's own decisions, on a clock that is only imagined. On-call overrides and holidays are
/// those that are known now.
#[crate::boxed]
pub async fn foresee(
    app: &App,
    actor: &Actor,
    account: AccountId,
    imagined: ImaginedMessage,
) -> Result<Vec<Foreseen>> {
    if !actor.sees(account) {
        return Err(Error::NotFound);
    }
    let at = imagined.at.unwrap_or_else(|| app.now());
    let mut reader = app.db.read().await?;
    let from = at.min(app.now()).minus_ms(limits::DAY_MS);
    let book = read::of(reader.link(), actor.tenant_id, account, from).await?;
    let book = book.ok_or(Error::NotFound)?;
    let known = imagined.contact_id.is_none_or(|id| book.contact(id).is_some());
    if !known {
        return Err(Invalid::field("contact_id", "must be in this account's directory").into());
    }
    let mut message = Message::blank(actor.tenant_id, account, String::new(), at);
    message.contact_id = imagined.contact_id;
    message.is_emergency = imagined.is_emergency;
    let chosen = imagined.closing_group_id;
    let group = domain::closing::choose(&book.closings, chosen, imagined.is_emergency);
    Ok(book.foresee(message, group, at))
}

/// A transaction, and the playbook of an account that whoever asks may change.
async fn open(app: &App, actor: &Actor, account: AccountId) -> Result<(Tx, Arc<Playbook>)> {
    actor.require(Right::ManageAccounts)?;
    if !actor.sees(account) {
        return Err(Error::NotFound);
    }
    let mut tx = app.db.begin().await?;
    let book = read::of(tx.link(), actor.tenant_id, account, app.now()).await?;
    Ok((tx, book.ok_or(Error::NotFound)?))
}

async fn note(app: &App, tx: &mut Tx, actor: &Actor, action: &str, subject: &str) -> Result<()> {
    audit::record(tx, actor.tenant_id, Some(actor), action, subject, app.now()).await
}

//! A message that a program hands in: the same as an agent's, for those who have no console.

use domain::form::{COLUMNS, FieldKind};
use domain::{Form, Invalid, Origin};

use super::entry::MessageEntry;
use super::take::{SavedMessage, save};
use crate::idempotency::{self, Once, Repeat};
use crate::{Actor, App, Result};

/// Takes a message for the account with a number, by the form of the line that was dialled: what an
/// agent's would be refused for is refused here, and what follows from an agent's follows. Whoever
/// sees the account may do it. A request that may be repeated makes it once, and gets its first
/// answer again.
///
/// An answer to what the form does not ask fills the message's own column of that name; any other
/// is refused.
#[crate::boxed]
pub async fn post(
    app: &App,
    actor: &Actor,
    account_number: &str,
    mut entry: MessageEntry,
    repeat: Option<&Repeat<'_, SavedMessage>>,
) -> Result<Once<SavedMessage>> {
    let (tenant, now) = (actor.tenant_id, app.now());
    let mut tx = app.db.begin().await?;
    if let Some(repeat) = repeat
        && let Some(before) = idempotency::claim(&mut tx, actor, repeat, now).await?
    {
        return Ok(Once::Before(before));
    }
    let account = store::accounts::by_number(tx.link(), tenant, account_number.trim()).await?;
    let account = account.filter(|account| actor.sees(account.id)).ok_or_else(|| {
        Invalid::field("account_number", "must be the number of an account that you may see")
    })?;
    let form = store::forms::newest(tx.link(), tenant, account.id, entry.did_id).await?;
    let form = form.unwrap_or_else(|| Form::standard(account.id, account.created_at));
    understand(&form, &mut entry)?;
    let saved = save(app, actor, tx, account.id, Some(form), entry, repeat).await?;
    Ok(Once::New(saved))
}

/// Reads an entry by a form, as whoever filled that form would have said it.
fn understand(form: &Form, entry: &mut MessageEntry) -> std::result::Result<(), Invalid> {
    let mut invalid = Invalid::new();
    for (name, _) in form.unasked(&entry.answers) {
        let is_column = COLUMNS.contains(&name.as_str());
        let rule = "is not a question of this account's form";
        invalid.require(is_column, &format!("answers.{name}"), rule);
    }
    entry.origin = Some(Origin::Api);
    for field in form.fields() {
        let is_answered = entry.answers.iter().any(|(name, _)| *name == field.name);
        let said = match field.kind {
            FieldKind::Recipient => entry.contact_id.map(|id| id.to_string()),
            FieldKind::Emergency => entry.is_emergency.then(|| "Yes".to_owned()),
            _ => None,
        };
        if let (Some(said), false) = (said, is_answered) {
            entry.answers.push((field.name.clone(), said));
        }
    }
    invalid.or(())
}

//! Changing a person of an account's directory, or taking it out.

use app::{Error, accounts};
use axum::extract::State;
use axum::response::Response;
use domain::account::ContactEntry;
use domain::user::Right;
use domain::{AccountId, ContactId};
use web::Web;

use crate::delivery::ways;
use crate::session::{Fields, Ids, PageError, Posted};
use crate::ui::Flash;

/// A contact as it was typed.
pub(crate) fn entry(posted: &Fields) -> ContactEntry {
    let text = |name: &str| posted.text(name).to_owned();
    let [name, title, email, phone, zone] = ["name", "title", "email", "phone", "zone"].map(text);
    ContactEntry { name, title, email, phone, zone }
}

/// `POST /accounts/{id}/contacts/{contact}`.
pub(crate) async fn change(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, fields }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, id, actor) = (AccountId(account), ContactId(id), &visitor.actor);
    match accounts::change_contact(&web.app, actor, account, id, entry(&fields)).await {
        Ok(contact) => {
            let flash = Flash::done(&format!("{} saved.", contact.name));
            Ok(visitor.sent_to(&web, &format!("/accounts/{account}#contacts"), &flash))
        }
        Err(Error::Invalid(faults)) => {
            ways::refused(&web, &visitor, (account, id), &fields, &faults).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /accounts/{id}/contacts/{contact}/remove`.
pub(crate) async fn remove(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, .. }: Posted,
) -> Result<Response, PageError> {
    visitor.require(Right::ManageAccounts)?;
    let (account, id, actor) = (AccountId(account), ContactId(id), &visitor.actor);
    let contact = accounts::contact(&web.app, actor, account, id).await?;
    accounts::remove_contact(&web.app, actor, account, id).await?;
    let text = format!("{} is no longer in the directory.", contact.name);
    Ok(visitor.sent_to(&web, &format!("/accounts/{account}#contacts"), &Flash::done(&text)))
}

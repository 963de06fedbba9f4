//! Changing a person of an account's directory, or taking it out.

use app::{Error, accounts};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::account::ContactEntry;
use domain::user::Right;
use domain::{AccountId, Contact, ContactId};

use super::{AccountForm, AccountPage};
use crate::Web;
use crate::session::{Fields, Ids, Posted, SignedIn, Turned, page};
use crate::ui::{Flash, Place, Shell};

/// A contact as it was typed.
pub(super) fn entry(posted: &Fields) -> ContactEntry {
    let text = |name: &str| posted.text(name).to_owned();
    let [name, title, email, phone, zone] = ["name", "title", "email", "phone", "zone"].map(text);
    ContactEntry { name, title, email, phone, zone }
}

/// `GET /accounts/{id}/contacts/{contact}`.
pub(super) async fn edit(
    visitor: SignedIn,
    State(web): State<Web>,
    Ids(account, id): Ids,
) -> Result<Response, Turned> {
    visitor.require(Right::ManageAccounts)?;
    let (account, id) = (AccountId(account), ContactId(id));
    let contact = accounts::contact(&web.app, &visitor.actor, account, id).await?;
    let form = form(visitor.shell(&web, Place::Accounts).await?, &contact);
    Ok(page(StatusCode::OK, &form))
}

fn form(shell: Shell, contact: &Contact) -> AccountForm {
    let mut fields = AccountPage::contact_fields();
    let zone = contact.zone.as_ref().map_or("", |zone| zone.name());
    let values = [&contact.name, &contact.title, &contact.email, &contact.phone, zone];
    for (field, value) in fields.iter_mut().zip(values) {
        value.clone_into(&mut field.value);
    }
    AccountForm {
        title: format!("Change {}", contact.name),
        action: format!("/accounts/{}/contacts/{}", contact.account_id, contact.id),
        back: format!("/accounts/{}#contacts", contact.account_id),
        fields,
        ..AccountForm::new(shell)
    }
}

/// `POST /accounts/{id}/contacts/{contact}`.
pub(super) async fn change(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, fields }: Posted,
) -> Result<Response, Turned> {
    visitor.require(Right::ManageAccounts)?;
    let (account, id, actor) = (AccountId(account), ContactId(id), &visitor.actor);
    let before = accounts::contact(&web.app, actor, account, id).await?;
    match accounts::change_contact(&web.app, actor, account, id, entry(&fields)).await {
        Ok(contact) => {
            let flash = Flash::done(&format!("{} saved.", contact.name));
            Ok(visitor.sent_to(&web, &format!("/accounts/{account}#contacts"), &flash))
        }
        Err(Error::Invalid(faults)) => {
            let shell = visitor.shell(&web, Place::Accounts).await?;
            Ok(form(shell, &before).refused(&fields, &faults, str::to_owned))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /accounts/{id}/contacts/{contact}/remove`.
pub(super) async fn remove(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, .. }: Posted,
) -> Result<Response, Turned> {
    visitor.require(Right::ManageAccounts)?;
    let (account, id, actor) = (AccountId(account), ContactId(id), &visitor.actor);
    let contact = accounts::contact(&web.app, actor, account, id).await?;
    accounts::remove_contact(&web.app, actor, account, id).await?;
    let text = format!("{} is no longer in the directory.", contact.name);
    Ok(visitor.sent_to(&web, &format!("/accounts/{account}#contacts"), &Flash::done(&text)))
}

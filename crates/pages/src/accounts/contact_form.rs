//! A person of an account's directory: put in, changed, taken out.

use app::accounts;
use axum::extract::State;
use domain::account::ContactEntry;
use domain::{AccountId, ContactId};
use web::Web;

use super::account::{AccountGround, AccountPage, ground};
use super::fields;
use crate::delivery::ways::{self, ContactGround};
use crate::delivery::{ContactPage, WaysEditor};
use crate::form::editor::fresh;
use crate::form::{Answer, Ask, Editor, Form};
use crate::session::{Fields, Ids, PageError, Posted};
use crate::ui::{Place, Shell};

fn read(typed: &Fields) -> ContactEntry {
    let [name, title, email, phone, zone] =
        ["name", "title", "email", "phone", "zone"].map(|name| typed.owned(name));
    ContactEntry { name, title, email, phone, zone }
}

/// `POST /accounts/{id}/contacts`, from the account's page.
#[derive(Debug)]
pub(crate) struct NewContactEditor;

impl Editor for NewContactEditor {
    const PLACE: Place = Place::Accounts;
    type Ground = AccountGround;
    type Page = AccountPage;

    async fn ground(ask: Ask<'_>) -> Result<AccountGround, PageError> {
        ground(ask.web, ask.visitor, AccountId(ask.id(0))).await
    }

    fn form(_: &AccountGround, typed: Option<&Fields>) -> Form {
        fields::contact(typed)
    }

    fn draw(shell: Shell, ground: &AccountGround, form: Form) -> AccountPage {
        AccountPage::draw(shell, ground, fields::line(None), form)
    }

    async fn save(ask: Ask<'_>, ground: &AccountGround, typed: &Fields) -> Answer {
        let (app, actor, id) = (&ask.web.app, &ask.visitor.actor, ground.book.account.id);
        let entry = read(typed);
        let made = accounts::add_contact(app, actor.tenant_id, Some(actor), id, entry).await?;
        let text = format!("{} added to the directory.", made.name);
        ask.done(&format!("/accounts/{id}#contacts"), &text)
    }
}

/// `POST /accounts/{id}/contacts/{contact}`, from the person's own page.
#[derive(Debug)]
pub(crate) struct ContactEditor;

impl Editor for ContactEditor {
    const PLACE: Place = Place::Accounts;
    type Ground = ContactGround;
    type Page = ContactPage;

    async fn ground(ask: Ask<'_>) -> Result<ContactGround, PageError> {
        ways::ground(ask).await
    }

    fn opened((_, contact, _): &ContactGround) -> Option<Fields> {
        Some(fields::of_contact(contact))
    }

    fn form(_: &ContactGround, typed: Option<&Fields>) -> Form {
        fields::contact(typed)
    }

    fn draw(shell: Shell, ground: &ContactGround, form: Form) -> ContactPage {
        ContactPage::draw(shell, ground, form, fresh::<WaysEditor>(ground))
    }

    async fn save(ask: Ask<'_>, (book, contact, _): &ContactGround, typed: &Fields) -> Answer {
        let (app, actor, account) = (&ask.web.app, &ask.visitor.actor, book.account.id);
        let entry = read(typed);
        let changed = accounts::change_contact(app, actor, account, contact.id, entry).await?;
        ask.done(&format!("/accounts/{account}#contacts"), &format!("{} saved.", changed.name))
    }
}

/// `POST /accounts/{id}/contacts/{contact}/remove`.
pub(crate) async fn remove(
    State(web): State<Web>,
    Ids(account, id): Ids,
    Posted { visitor, .. }: Posted,
) -> Answer {
    let (account, id, actor) = (AccountId(account), ContactId(id), &visitor.actor);
    let contact = accounts::contact(&web.app, actor, account, id).await?;
    accounts::remove_contact(&web.app, actor, account, id).await?;
    let text = format!("{} is no longer in the directory.", contact.name);
    Ok(visitor.done(&web, &format!("/accounts/{account}#contacts"), &text))
}

//! Client accounts: the list, one account with its lines and people, and their forms.

pub(crate) mod account;
mod account_form;
mod contact_form;
mod contacts;
pub(crate) mod fields;
mod line_form;
pub(crate) mod list;
mod sending_form;

pub(crate) use account_form::{AccountEditor, choice};
pub(crate) use contact_form::{ContactEditor, NewContactEditor};
pub(crate) use line_form::LineEditor;
pub(crate) use list::Accounts;
pub(crate) use sending_form::SendingEditor;

use contacts::Contacts;

use domain::user::Right;
use web::Routes;

use crate::form::editor::{create, edit, new, update};
use crate::list::{export, table};
use crate::sitemap::Place;

/// The addresses of accounts, their lines, directories and forms.
pub(crate) fn routes() -> Routes {
    let read = Routes::new()
        .get("/accounts.csv", export::<Accounts>)
        .get("/accounts/{id}", account::show)
        .get("/accounts/{id}/contacts.csv", export::<Contacts>)
        .needing(Right::TakeMessages);
    let change = Routes::new()
        .post("/accounts", create::<AccountEditor>)
        .get("/accounts/new", new::<AccountEditor>)
        .post("/accounts/{id}", update::<AccountEditor>)
        .get("/accounts/{id}/edit", edit::<AccountEditor>)
        .get("/accounts/{id}/sending", edit::<SendingEditor>)
        .post("/accounts/{id}/sending", update::<SendingEditor>)
        .post("/accounts/{id}/lines", create::<LineEditor>)
        .post("/accounts/{id}/lines/{line}/remove", line_form::remove)
        .post("/accounts/{id}/contacts", create::<NewContactEditor>)
        .get("/accounts/{id}/contacts/{contact}", edit::<ContactEditor>)
        .post("/accounts/{id}/contacts/{contact}", update::<ContactEditor>)
        .post("/accounts/{id}/contacts/{contact}/remove", contact_form::remove)
        .needing(Right::ManageAccounts);
    Place::Accounts.route(table::<Accounts>).merge(read).merge(change)
}

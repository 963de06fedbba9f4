//! Client accounts: the list, one account with its lines and people, and their forms.

mod account;
mod account_form;
mod contact_form;
mod contacts;
mod list;
mod sending_form;

pub(crate) use account::AccountPage;
pub(crate) use account_form::AccountForm;
pub(crate) use list::Accounts;

use contacts::Contacts;

use domain::user::Right;
use web::Routes;

use crate::delivery::ways;
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
        .post("/accounts", account_form::create)
        .get("/accounts/new", account_form::new)
        .post("/accounts/{id}", account_form::update)
        .get("/accounts/{id}/edit", account_form::edit)
        .get("/accounts/{id}/sending", sending_form::edit)
        .post("/accounts/{id}/sending", sending_form::change)
        .post("/accounts/{id}/lines", account::add_line)
        .post("/accounts/{id}/lines/{line}/remove", account::remove_line)
        .post("/accounts/{id}/contacts", account::add_contact)
        .get("/accounts/{id}/contacts/{contact}", ways::show)
        .post("/accounts/{id}/contacts/{contact}", contact_form::change)
        .post("/accounts/{id}/contacts/{contact}/remove", contact_form::remove)
        .needing(Right::ManageAccounts);
    Place::Accounts.route(table::<Accounts>).merge(read).merge(change)
}

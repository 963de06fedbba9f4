//! The directory of an account as CSV.

use app::{Actor, App, playbooks};
use domain::{AccountId, Contact};
use web::Web;

use crate::list::{Column, Cursor, List, ListQuery, sliced};
use crate::session::{PageError, SignedIn};
use crate::ui::Empty;

/// The people of an account.
#[derive(Clone, Debug)]
pub(crate) struct Contacts {
    account: AccountId,
}

impl List for Contacts {
    type Row = Contact;
    const FILE: &'static str = "contacts";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Name", |_, contact| contact.name.clone()),
        ("Title", |_, contact| contact.title.clone()),
        ("E-mail", |_, contact| contact.email.clone()),
        ("Phone", |_, contact| contact.phone.clone()),
        ("Time zone", |_, it| {
            it.zone.as_ref().map(|zone| zone.name().to_owned()).unwrap_or_default()
        }),
    ];

    async fn read(
        web: &Web,
        visitor: &SignedIn,
        of: i64,
        _: &mut ListQuery,
    ) -> Result<Self, PageError> {
        let account = app::accounts::find(&web.app, &visitor.actor, AccountId(of)).await?;
        Ok(Contacts { account: account.id })
    }

    async fn page(
        &self,
        app: &App,
        actor: &Actor,
        after: Option<Cursor>,
        limit: usize,
    ) -> app::Result<Vec<Contact>> {
        let book = playbooks::find(app, actor, self.account).await?;
        Ok(sliced(book.contacts.clone(), after, limit, Self::cursor))
    }

    fn cursor(contact: &Contact) -> Cursor {
        Cursor::Of(contact.id.0)
    }

    fn address(&self) -> String {
        format!("/accounts/{}", self.account)
    }

    fn none_yet(&self) -> Empty {
        Empty::new("users", "No contact yet", "Add the person who should receive messages.")
    }
}

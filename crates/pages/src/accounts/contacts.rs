//! The directory of an account as CSV.

use app::playbooks;
use domain::{AccountId, Contact};

use crate::list::{Column, Cursor, List, ListAsk, PageAsk};
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

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        let account =
            app::accounts::find(&ask.web.app, &ask.visitor.actor, AccountId(ask.of)).await?;
        Ok(Contacts { account: account.id })
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Contact>> {
        let book = playbooks::find(ask.app, ask.actor, self.account).await?;
        Ok(ask.sliced(book.contacts.clone(), Self::cursor))
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

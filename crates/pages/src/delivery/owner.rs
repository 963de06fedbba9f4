//! Whose playbook a page is about.

use domain::Playbook;

/// Whose playbook a page is about.
#[derive(Debug, Clone)]
pub(crate) struct PlaybookAccount {
    /// The account's id.
    pub(crate) account: String,
    /// "Northwind Heating & Air".
    pub(crate) name: String,
}

impl PlaybookAccount {
    /// The account of a playbook.
    pub(crate) fn new(book: &Playbook) -> Self {
        Self { account: book.account.id.to_string(), name: book.account.name.clone() }
    }
}

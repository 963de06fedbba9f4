//! Whom our mail is from, and what a delivery looks like as one.

use domain::{Delivery, Tenant};
use wire::email::{Mail, Mailbox, Mailer};

/// A mail server, and whom mail through it is from.
#[derive(Clone)]
pub struct Post {
    /// The server.
    pub mailer: Mailer,
    /// The name that mail is from; `None` takes the tenant's.
    pub from_name: Option<String>,
    /// The address that mail is from. Its domain ends every Message-ID.
    pub from_address: String,
    /// The address that answers go to, where it is another one.
    pub reply_to: Option<String>,
}

impl Post {
    /// The mail that carries a delivery. It is the same, byte for byte, at every attempt: its
    /// Message-ID is made from the delivery's key, its date is the delivery's.
    pub(crate) fn mail(&self, tenant: &Tenant, delivery: &Delivery) -> Mail {
        let name = self.from_name.as_deref().unwrap_or(&tenant.name);
        let host = self.from_address.rsplit('@').next().unwrap_or_default();
        Mail {
            from: mailbox(name, &self.from_address),
            sender: None,
            to: mailbox(&delivery.recipient, &delivery.address),
            reply_to: self.reply_to.as_deref().map(|address| mailbox(name, address)),
            subject: delivery.subject.clone(),
            text: delivery.body.clone(),
            html: None,
            message_id: format!("{}@{host}", delivery.key),
            date_ms: delivery.created_at.as_ms(),
            is_automatic: true,
            list_unsubscribe: None,
            hops: 0,
        }
    }
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Post")
    }
}

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: name.to_owned(), address: address.to_owned() }
}

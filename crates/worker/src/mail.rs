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
    ///
    /// What names its own sender is from that one, and says who hands it over. What nobody asked
    /// for just now (a To Do) says how to get no more of it.
    pub(crate) fn mail(&self, tenant: &Tenant, delivery: &Delivery) -> Mail {
        let own_name = self.from_name.as_deref().unwrap_or(&tenant.name);
        let name = match delivery.sender_name.as_str() {
            "" => own_name,
            given => given,
        };
        let own = mailbox(own_name, &self.from_address);
        let (from, sender) = match delivery.sender.as_str() {
            "" => (mailbox(name, &self.from_address), None),
            address => (mailbox(name, address), Some(own)),
        };
        let host = self.from_address.rsplit('@').next().unwrap_or_default();
        let answers_to = self.reply_to.as_deref().unwrap_or(&self.from_address);
        let is_unasked = delivery.cause.run().is_some();
        Mail {
            from,
            sender,
            to: mailbox(&delivery.recipient, &delivery.address),
            reply_to: self.reply_to.as_deref().map(|address| mailbox(own_name, address)),
            subject: delivery.subject.clone(),
            text: delivery.body.clone(),
            html: None,
            message_id: format!("{}@{host}", delivery.key),
            date_ms: delivery.created_at.as_ms(),
            is_automatic: true,
            list_unsubscribe: is_unasked
                .then(|| format!("mailto:{answers_to}?subject=unsubscribe")),
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

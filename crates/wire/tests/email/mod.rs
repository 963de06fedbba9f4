//! E-mail against a real SMTP server on loopback: every way to be taken, refused or left alone.

mod accepted;
mod bounce;
mod injection;
mod refused;

use std::time::Duration;

use testkit::smtp::{Options, SmtpServer, Tls};
use wire::Secret;
use wire::email::{Mail, MailServer, Mailbox, Mailer, Security, SmtpLogin};

/// The settings for this peer, trusting its certificate.
fn settings(peer: &SmtpServer, security: Security) -> MailServer {
    MailServer {
        host: "127.0.0.1".to_owned(),
        port: peer.port(),
        security,
        login: None,
        timeout: Duration::from_secs(20),
        client_name: Some("client.test".to_owned()),
        extra_roots: peer.certificate().map(<[u8]>::to_vec),
    }
}

fn mailer(peer: &SmtpServer) -> Mailer {
    Mailer::new(settings(peer, Security::Plain)).expect("sound settings")
}

/// A mailer that does not wait long for a peer that never answers.
fn impatient(peer: &SmtpServer) -> Mailer {
    let timeout = Duration::from_secs(5);
    Mailer::new(MailServer { timeout, ..settings(peer, Security::Plain) }).expect("sound settings")
}

fn login(user: &str, password: &str) -> Option<SmtpLogin> {
    Some(SmtpLogin { user: user.to_owned(), password: Secret::new(password) })
}

fn mailbox(name: &str, address: &str) -> Mailbox {
    Mailbox { name: name.to_owned(), address: address.to_owned() }
}

fn mail() -> Mail {
    Mail {
        from: mailbox("Liberty", "desk@liberty.test"),
        sender: None,
        to: mailbox("Ada Archer", "ada@archer.test"),
        reply_to: None,
        subject: "Message for Archer Law".to_owned(),
        text: "Please call back.\n".to_owned(),
        html: None,
        message_id: "0198c0de-7777@liberty.test".to_owned(),
        date_ms: 1_737_497_300_671,
        is_automatic: true,
        list_unsubscribe: None,
        hops: 0,
    }
}

fn peer(tls: Tls, login: Option<(&str, &str)>) -> SmtpServer {
    let login = login.map(|(user, password)| (user.to_owned(), password.to_owned()));
    SmtpServer::start(Options { tls, login, ..Options::default() })
}

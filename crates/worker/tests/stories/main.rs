//! Stories of the worker: a clock that is moved, real carriers on loopback, a real folder of audio.

mod calls;
mod crashes;
mod delivering;
mod kinds;
mod lines;
mod mail;
mod neighbours;
mod purge;
mod running;
mod sms;
mod texts;
mod unsure;
mod webhooks;

use std::time::Duration;

use app::messages::{self, MessageEntry};
use app::{deliveries, jobs};
use domain::Message;
use testkit::smtp::SmtpServer;
use testkit::{Tenancy, World};
use wire::email::{Mailer, Security, Server};
use worker::{Carrier, Carriers, Post, Settings, Worker};

/// Takes a message for Jane.
async fn take(world: &World, office: &Tenancy, content: &str) -> Message {
    let answers = [("first_name", "Maria"), ("phone", "(954) 832-6297"), ("content", content)];
    let entry = MessageEntry {
        uuid: world.app.entropy().uuid(),
        form_id: office.form.id,
        answers: answers.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec(),
        did_id: Some(office.line.id),
        contact_id: Some(office.jane.id),
        caller_id: "9548326297".to_owned(),
        is_emergency: false,
        ..MessageEntry::default()
    };
    let taken = messages::take(&world.app, &office.agent, office.law.id, entry).await;
    taken.expect("a message").message
}

/// Mail through a server on this port.
fn post(port: u16, timeout_ms: u64) -> Post {
    let server = Server {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Plain,
        login: None,
        timeout: Duration::from_millis(timeout_ms),
        client_name: Some("liberty.example".to_owned()),
        extra_roots: None,
    };
    Post {
        mailer: Mailer::new(server).expect("settings"),
        from_name: None,
        from_address: "messages@desk.example".to_owned(),
        reply_to: None,
    }
}

/// A worker that sends through this server, or captures.
fn worker(world: &World, server: Option<&SmtpServer>) -> Worker {
    let carriers = server.map(|server| mail(server.port(), 5_000)).unwrap_or_default();
    Worker::new(world.app.clone(), world.blobs.clone(), carriers, Settings::default())
}

/// One carrier: a mail server on this port.
fn mail(port: u16, timeout_ms: u64) -> Carriers {
    Carriers::new(vec![Carrier::mail("mail", post(port, timeout_ms))])
}

/// State, log and queue as one text.
async fn told(world: &World, office: &Tenancy, message: &Message) -> String {
    let detail = messages::detail(&world.app, &office.agent, message.id).await.expect("detail");
    let mut text = format!("{}\n", detail.message.status.as_str());
    for activity in &detail.activities {
        text.push_str(&format!("- {}\n", activity.event.sentence()));
    }
    for (delivery, attempts) in &detail.deliveries {
        text.push_str(&format!("{}:", delivery.state.as_str()));
        for attempt in attempts {
            text.push_str(&format!(" {}", attempt.outcome));
        }
        text.push('\n');
    }
    text.push_str(&format!("{} jobs", jobs::count(&world.app).await.expect("a count")));
    text
}

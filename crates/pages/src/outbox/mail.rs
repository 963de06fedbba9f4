//! One captured mail, text or call, as its receiver would have got it.

use app::deliveries;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Channel, Delivery, DeliveryId};
use web::Web;

use crate::messages::words::thing;
use crate::sample;
use crate::session::{Frame, Id, PageError, SignedIn, page};
use crate::to_dos::address_of_run;
use crate::ui::words::or;
use crate::ui::{self, Moment, Place, Shell};

/// `GET /outbox/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "outbox/mail.html")]
pub(crate) struct Mail {
    /// The frame.
    pub(crate) shell: Shell,
    /// What it is headed by: the subject of an e-mail, "Text to (561) 555-0100".
    pub(crate) subject: String,
    /// "mail", "text", "call": what it is called within a sentence.
    pub(crate) thing: &'static str,
    /// The sender.
    pub(crate) from: String,
    /// The receiver.
    pub(crate) to: String,
    /// When it was captured.
    pub(crate) at: Moment,
    /// The plain text; what a call would have spoken.
    pub(crate) body: String,
    /// The message it tells of.
    pub(crate) message: Option<String>,
    /// The To Do that it belongs to.
    pub(crate) to_do: Option<String>,
}

/// `GET /outbox/{id}`.
pub(crate) async fn open(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
) -> Result<Response, PageError> {
    let mail = deliveries::captured_one(&web.app, &visitor.actor, DeliveryId(id)).await?;
    let to_do = match mail.cause.run() {
        Some(run) => address_of_run(&web, &visitor, run).await?,
        None => None,
    };
    let frame = visitor.frame(&web, Place::Outbox).await?;
    Ok(page(StatusCode::OK, &Mail::draw(frame, mail, to_do)))
}

impl Mail {
    fn draw(frame: Frame, mail: Delivery, to_do: Option<String>) -> Self {
        let to = match mail.recipient.as_str() {
            "" => ui::phone(&mail.address),
            name if mail.channel == Channel::Email => format!("{name} <{}>", mail.address),
            name => format!("{name}, {}", ui::phone(&mail.address)),
        };
        let who = or(&mail.recipient, &to).to_owned();
        let own = or(&mail.sender_name, &frame.shell.tenant_name);
        let from = match mail.sender.as_str() {
            "" => own.to_owned(),
            sender if mail.channel == Channel::Email => format!("{own} <{sender}>"),
            sender => ui::phone(sender),
        };
        Self {
            thing: thing(mail.channel),
            from,
            to,
            at: Moment::at(mail.updated_at, frame.now, &frame.zone),
            message: mail.cause.message().map(|id| format!("/messages/{id}")),
            to_do,
            subject: match mail.channel {
                Channel::Email => or(&mail.subject, "Without a subject").to_owned(),
                Channel::Sms => format!("Text to {who}"),
                Channel::Call => format!("Call to {who}"),
            },
            body: mail.body,
            shell: frame.shell,
        }
    }

    /// A mail.
    pub(crate) fn sample() -> Self {
        Self::draw(Frame::sample(Place::Outbox), sample::captured().swap_remove(2), None)
    }

    /// A call of a To Do.
    pub(crate) fn sample_call() -> Self {
        let to_do = Some("/to-dos/31".to_owned());
        Self::draw(Frame::sample(Place::Outbox), sample::captured().swap_remove(3), to_do)
    }
}

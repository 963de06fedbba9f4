//! One captured mail, text or call, as its receiver would have got it.

use app::deliveries;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Channel, Delivery, DeliveryId};
use web::Web;

use crate::session::{Frame, Id, PageResult, SignedIn, page};
use crate::to_dos::address_of_run;
use crate::ui::words::or;
use crate::ui::{self, Moment, Place, Shell};

/// What was captured.
#[derive(Debug, Clone, Template)]
#[template(path = "outbox/mail.html")]
pub(crate) struct CapturedPage {
    shell: Shell,
    delivery: Delivery,
    /// The To Do that it belongs to.
    to_do: Option<String>,
    at: Moment,
}

/// `GET /outbox/{id}`.
pub(crate) async fn open(State(web): State<Web>, visitor: SignedIn, Id(id): Id) -> PageResult {
    let mail = deliveries::captured_one(&web.app, &visitor.actor, DeliveryId(id)).await?;
    let to_do = match mail.cause.run() {
        Some(run) => address_of_run(&web, &visitor, run).await?,
        None => None,
    };
    let frame = visitor.frame(&web, Place::Outbox).await?;
    Ok(page(StatusCode::OK, &CapturedPage::draw(frame, mail, to_do)))
}

impl CapturedPage {
    pub(crate) fn draw(frame: Frame, delivery: Delivery, to_do: Option<String>) -> Self {
        let at = Moment::at(delivery.updated_at, frame.now, &frame.zone);
        CapturedPage { shell: frame.shell, delivery, to_do, at }
    }

    /// The subject of an e-mail, "Text to (561) 555-0100".
    fn title(&self) -> String {
        let delivery = &self.delivery;
        let who = match delivery.recipient.as_str() {
            "" => ui::phone(&delivery.address),
            name => name.to_owned(),
        };
        match delivery.channel {
            Channel::Email => or(&delivery.subject, "Without a subject").to_owned(),
            Channel::Sms => format!("Text to {who}"),
            Channel::Call => format!("Call to {who}"),
        }
    }

    fn sender(&self) -> String {
        let own = or(&self.delivery.sender_name, &self.shell.tenant_name);
        match self.delivery.sender.as_str() {
            "" => own.to_owned(),
            sender if self.delivery.channel == Channel::Email => format!("{own} <{sender}>"),
            sender => ui::phone(sender),
        }
    }
}

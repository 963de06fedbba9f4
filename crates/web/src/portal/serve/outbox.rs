//! What was captured instead of sent, for those who run the service.

use app::deliveries;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Channel, Delivery, DeliveryId, Invalid, limits};

use super::{messages::first_line, or, to_dos};
use crate::Web;
use crate::portal::{Mail, MailRow, Outbox};
use crate::session::{Id, SignedIn, Turned, page};
use crate::ui::{self, Moment, Place};

/// `GET /outbox` (`before`: the last mail of the page before).
pub(super) async fn list(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Turned> {
    let before = before(query.as_deref().unwrap_or_default());
    let limit = limits::PORTAL_ROWS + 1;
    // Who may not see the outbox hears that first, whatever else is wrong.
    let last = before.as_ref().ok().copied().flatten();
    let mut mails = deliveries::captured(&web.app, &visitor.actor, last, limit).await?;
    before.map_err(app::Error::Invalid)?;
    let has_more = mails.len() > limits::PORTAL_ROWS;
    mails.truncate(limits::PORTAL_ROWS);
    let older = mails.last().filter(|_| has_more).map(|mail| format!("/outbox?before={}", mail.id));
    let (now, zone) = (web.app.now(), &visitor.tenant.zone);
    let row = |mail: &Delivery| MailRow {
        href: format!("/outbox/{}", mail.id),
        channel: mail.channel.noun(),
        icon: to_dos::icon(mail.channel),
        to: ui::phone(&mail.address),
        subject: match mail.channel {
            Channel::Email => or(&mail.subject, "Without a subject").to_owned(),
            Channel::Sms | Channel::Call => first_line(&mail.body).to_owned(),
        },
        at: Moment::at(mail.updated_at, now, zone),
    };
    let view = Outbox {
        shell: visitor.shell(&web, Place::Outbox).await?,
        rows: mails.iter().map(row).collect(),
        older,
        captures: !web.sends_mail,
    };
    Ok(page(StatusCode::OK, &view))
}

fn before(query: &str) -> Result<Option<DeliveryId>, Invalid> {
    let before = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "before");
    match before {
        Some((_, id)) => match id.parse() {
            Ok(id) => Ok(Some(DeliveryId(id))),
            Err(_) => Err(Invalid::field("before", "must be a number of this list")),
        },
        None => Ok(None),
    }
}

/// `GET /outbox/{id}`.
pub(super) async fn open(
    State(web): State<Web>,
    visitor: SignedIn,
    Id(id): Id,
) -> Result<Response, Turned> {
    let mail = deliveries::captured_one(&web.app, &visitor.actor, DeliveryId(id)).await?;
    let to = match mail.recipient.as_str() {
        "" => ui::phone(&mail.address),
        name if mail.channel == Channel::Email => format!("{name} <{}>", mail.address),
        name => format!("{name}, {}", ui::phone(&mail.address)),
    };
    let who = or(&mail.recipient, &to).to_owned();
    let own = or(&mail.sender_name, &visitor.tenant.name);
    let from = match mail.sender.as_str() {
        "" => own.to_owned(),
        sender if mail.channel == Channel::Email => format!("{own} <{sender}>"),
        sender => ui::phone(sender),
    };
    let to_do = match mail.cause.run() {
        Some(run) => to_dos::address_of_run(&web, &visitor, run).await?,
        None => None,
    };
    let view = Mail {
        shell: visitor.shell(&web, Place::Outbox).await?,
        thing: to_dos::thing(mail.channel),
        from,
        to,
        at: Moment::at(mail.updated_at, web.app.now(), &visitor.tenant.zone),
        message: mail.cause.message().map(|id| format!("/messages/{id}")),
        to_do,
        subject: match mail.channel {
            Channel::Email => or(&mail.subject, "Without a subject").to_owned(),
            Channel::Sms => format!("Text to {who}"),
            Channel::Call => format!("Call to {who}"),
        },
        body: mail.body,
    };
    Ok(page(StatusCode::OK, &view))
}

//! The outbox: what was to be sent, and what was only captured.

use app::deliveries;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Channel, Delivery, DeliveryId, Invalid, limits};
use web::Web;

use crate::messages::words::{first_line, icon as channel_icon};
use crate::session::{PageError, SignedIn, page};
use crate::ui::words::or;
use crate::ui::{self, Empty, Icon, Moment, Place, Shell, icon, moment};

/// `GET /outbox`.
#[derive(Debug, Clone, Template)]
#[template(path = "outbox/list.html")]
pub(crate) struct Outbox {
    /// The frame.
    pub(crate) shell: Shell,
    /// Newest first.
    pub(crate) rows: Vec<MailRow>,
    /// The next page's address.
    pub(crate) older: Option<String>,
    /// New mail is captured now; else a mail server is set up and captured mail is history.
    pub(crate) captures: bool,
}

/// One thing that was captured.
#[derive(Debug, Clone)]
pub(crate) struct MailRow {
    /// Its page.
    pub(crate) href: String,
    /// `SMS`, `E-mail`, `Call`.
    pub(crate) channel: &'static str,
    /// The channel's icon.
    pub(crate) icon: &'static str,
    /// The receiver.
    pub(crate) to: String,
    /// The subject of an e-mail, else how the text begins.
    pub(crate) subject: String,
    /// When it was captured.
    pub(crate) at: Moment,
}

impl MailRow {
    /// The channel's drawn icon.
    pub(crate) fn drawn(&self) -> Icon {
        icon(self.icon)
    }
}

impl Outbox {
    /// What stands where there is none.
    pub(crate) fn empty(&self) -> Empty {
        let text = if self.captures {
            "Take a message for a contact with an e-mail address, or make a To Do: what would have \
             been sent appears here."
        } else {
            "Mail is sent. A text or a call appears here while no carrier is set up for it."
        };
        Empty::new("archive", "Nothing captured", text)
    }

    /// Some of each channel.
    pub(crate) fn sample() -> Self {
        let row = |id, to: &str, subject: &str, age| MailRow {
            href: format!("/outbox/{id}"),
            channel: if to.starts_with('(') { "SMS" } else { "E-mail" },
            icon: if to.starts_with('(') { "message-square" } else { "mail" },
            to: to.to_owned(),
            subject: subject.to_owned(),
            at: moment(age),
        };
        Self {
            shell: Shell::sample(Place::Outbox),
            rows: vec![
                row(79, "(561) 555-0100", "Check the escrow account.", "5 min. ago"),
                row(78, "jane@hartwell.example", "Message 939 from Daniel Okafor", "22 min. ago"),
                row(
                    77,
                    "karl@northwind.example",
                    "EMERGENCY: message 936 from Walter Niemann",
                    "3 hr. ago",
                ),
                row(76, "front@maplestreet.example", "Message 935 from Elena Petrova", "yesterday"),
            ],
            older: None,
            captures: true,
        }
    }

    /// None yet.
    pub(crate) fn sample_empty() -> Self {
        Self { rows: Vec::new(), ..Self::sample() }
    }
}

/// `GET /outbox` (`before`: the last mail of the page before).
pub(crate) async fn list(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
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
        icon: channel_icon(mail.channel),
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

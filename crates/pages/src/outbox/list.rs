//! The outbox: what was to be sent, and what was only captured.

use app::deliveries;
use domain::{Channel, Delivery, DeliveryId};

use crate::list::{Cell, Column, Cursor, Ground, List, ListAsk, Note, PageAsk, Table, Words, utc};
use crate::messages::words::{first_line, icon};
use crate::ui::words::or;
use crate::ui::{self, Empty, Place, State, Tone};

/// What was captured instead of sent, the newest first.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    pub(crate) ground: Ground,
    /// New mail is captured now; else a mail server is set up and captured mail is history.
    pub(crate) captures: bool,
}

impl List for Outbox {
    type Row = Delivery;
    const FILE: &'static str = "outbox";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Number", |_, mail| mail.id.to_string()),
        ("Captured (UTC)", |_, mail| utc(mail.updated_at)),
        ("Account number", |list, mail| list.ground.number(mail.account_id)),
        ("Account", |list, mail| list.ground.name(mail.account_id)),
        ("Channel", |_, mail| mail.channel.as_str().to_owned()),
        ("For", |_, mail| mail.recipient.clone()),
        ("To", |_, mail| mail.address.clone()),
        ("Subject", |_, mail| mail.subject.clone()),
        ("Text", |_, mail| mail.body.clone()),
        ("Message", |_, mail| mail.cause.message().map(|id| id.to_string()).unwrap_or_default()),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        let ground = ask.ground().await?;
        Ok(Outbox {
            ground,
            captures: !ask.web.channels(&ask.visitor.tenant).contains(&Channel::Email),
        })
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Delivery>> {
        let PageAsk { app, actor, after, limit } = ask;
        let before = after.and_then(Cursor::of).map(DeliveryId);
        deliveries::captured(app, actor, before, limit).await
    }

    fn cursor(mail: &Delivery) -> Cursor {
        Cursor::Of(mail.id.0)
    }

    fn address(&self) -> String {
        "/outbox".to_owned()
    }

    fn none_yet(&self) -> Empty {
        let text = if self.captures {
            "Take a message for a contact with an e-mail address, or make a To Do: what would have \
             been sent appears here."
        } else {
            "Mail is sent. A text or a call appears here while no carrier is set up for it."
        };
        Empty::new("archive", "Nothing captured", text)
    }
}

impl Table for Outbox {
    const PLACE: Place = Place::Outbox;
    const WORDS: Words = Words {
        title: "Outbox",
        lead: "Mail, texts and calls that were kept here instead of being sent.",
        older: "Older",
        class: "",
        search: "",
    };
    const HEADS: &'static [&'static str] = &["What it says", "Channel", "To", "State", "When"];

    fn cells(&self, mail: &Delivery) -> Vec<Cell> {
        let says = match mail.channel {
            Channel::Email => or(&mail.subject, "Without a subject"),
            Channel::Sms | Channel::Call => first_line(&mail.body),
        };
        vec![
            Cell::link(format!("/outbox/{}", mail.id), says),
            Cell::Sign(Tone::Plain, icon(mail.channel), mail.channel.noun()),
            Cell::Text(ui::phone(&mail.address)),
            Cell::State(State::Captured),
            Cell::At(self.ground.here(mail.updated_at)),
        ]
    }

    fn notes(&self, _: &[Delivery]) -> Vec<Note> {
        let mut text =
            "Nobody has received what stands here: no carrier was set up for it.".to_owned();
        if self.captures {
            text.push_str(" An operator sets up a mail server under [mail] in the configuration.");
        }
        let (tone, icon) = (Tone::Amber, "triangle-alert");
        vec![Note { tone, icon, strong: "Captured, not sent.", text, link: None }]
    }
}

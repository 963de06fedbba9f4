//! The webhooks of an account, and how each of them does.

use app::webhooks::{self, Watched};
use domain::{Account, AccountId};

use super::words::{events, health, name, sign};
use crate::list::{Cell, Column, Cursor, List, ListAsk, PageAsk, Table, Words, utc};
use crate::session::Frame;
use crate::ui::{Empty, Place};

/// The webhooks of an account, the oldest first.
#[derive(Clone, Debug)]
pub(crate) struct Webhooks {
    pub(crate) account: Account,
    pub(crate) watched: Vec<Watched>,
}

impl List for Webhooks {
    type Row = Watched;
    const FILE: &'static str = "webhooks";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Webhook", |_, it| name(&it.webhook)),
        ("URL", |_, it| it.webhook.url.clone()),
        ("Events", |_, it| events(&it.webhook.kinds)),
        ("State", |_, it| health(&it.webhook).2.to_owned()),
        ("Taken", |_, it| it.delivered.to_string()),
        ("Waiting", |_, it| it.waiting.to_string()),
        ("Not taken", |_, it| it.failed.to_string()),
        ("Made (UTC)", |_, it| utc(it.webhook.created_at)),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        let (app, actor, id) = (&ask.web.app, &ask.visitor.actor, AccountId(ask.of));
        let (account, watched) = webhooks::list(app, actor, id).await?;
        Ok(Webhooks { account, watched })
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Watched>> {
        Ok(ask.sliced(self.watched.clone(), Self::cursor))
    }

    fn cursor(watched: &Watched) -> Cursor {
        Cursor::Of(watched.webhook.id.0)
    }

    fn address(&self) -> String {
        format!("/accounts/{}/webhooks", self.account.id)
    }

    fn none_yet(&self) -> Empty {
        let text = "A webhook posts what happens to a program of the account's: a message taken, \
                    delivered, acknowledged or escalated, a recording, a run of a To Do.";
        Empty::new("globe", "No webhook yet", text)
            .with_action(&format!("{}/new", self.address()), "Add the first webhook")
    }
}

impl Table for Webhooks {
    const PLACE: Place = Place::Accounts;
    const WORDS: Words = Words {
        title: "Webhooks",
        lead: "Programs of the account that are told at once what happens.",
        older: "More webhooks",
        class: "",
        search: "",
    };
    const GUIDE: Option<(&'static str, &'static str)> =
        Some(("/docs/guides/webhooks", "How they work"));
    const HEADS: &'static [&'static str] =
        &["Webhook", "Events", "State", "Taken", "Waiting", "Not taken"];

    fn crumb(&self) -> Option<(String, String)> {
        Some((format!("/accounts/{}", self.account.id), self.account.name.clone()))
    }

    fn cells(&self, Watched { webhook, delivered, waiting, failed }: &Watched) -> Vec<Cell> {
        let figures = [delivered, waiting, failed].map(|count| Cell::Figure(count.to_string()));
        let href = format!("/webhooks/{}", webhook.id);
        [
            Cell::Link(href, name(webhook), webhook.url.clone()),
            Cell::Text(events(&webhook.kinds)),
            sign(webhook),
        ]
        .into_iter()
        .chain(figures)
        .collect()
    }

    fn action(&self, _: &Frame) -> Option<(String, &'static str)> {
        Some((format!("{}/new", self.address()), "Add a webhook"))
    }
}

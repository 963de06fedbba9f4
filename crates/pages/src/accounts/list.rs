//! The list of client accounts.

use app::accounts;
use domain::user::Right;
use domain::{Account, AccountId, Did};

use crate::list::{Cell, Column, Cursor, List, ListAsk, ListQuery, PageAsk, Table, Words};
use crate::session::Frame;
use crate::ui::{Empty, Place, phone};

/// Accounts by name, each with its lines.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    pub(crate) sought: String,
    pub(crate) manages: bool,
}

impl List for Accounts {
    type Row = (Account, Vec<Did>);
    const NAMES: &'static [&'static str] = &["q"];
    const FILE: &'static str = "accounts";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Number", |_, (account, _)| account.number.clone()),
        ("Name", |_, (account, _)| account.name.clone()),
        ("Lines", |_, (_, lines)| joined(lines)),
        ("Time zone", |_, (account, _)| account.zone.name().to_owned()),
        ("Greeting", |_, (account, _)| account.greeting.clone()),
        ("To know", |_, (account, _)| account.facts.clone()),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        let manages = ask.visitor.actor.role.may(Right::ManageAccounts);
        Ok(Accounts { sought: ask.query.sought(), manages })
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Self::Row>> {
        let PageAsk { app, actor, .. } = ask;
        let found = match self.sought.as_str() {
            "" => accounts::list(app, actor).await?,
            text => accounts::search(app, actor, text).await?,
        };
        let found = ask.sliced(found, |account| Cursor::Of(account.id.0));
        let ids: Vec<AccountId> = found.iter().map(|account| account.id).collect();
        Ok(with_lines(found, &accounts::lines(app, actor, &ids).await?))
    }

    fn cursor((account, _): &Self::Row) -> Cursor {
        Cursor::Of(account.id.0)
    }

    fn address(&self) -> String {
        "/accounts".to_owned()
    }

    fn none_yet(&self) -> Empty {
        let text = "An account is a client: its lines, its contacts, and the form that agents \
                    fill in for it.";
        let empty = Empty::new("building-2", "No accounts yet", text);
        match self.manages {
            true => empty.with_action("/accounts/new", "Add the first account"),
            false => empty,
        }
    }

    fn none_fits(&self, _: &ListQuery) -> Empty {
        Empty::new("search", "No account fits", "Try a number, a line, or a part of the name.")
            .with_action("/accounts", "Show all")
    }
}

impl Table for Accounts {
    const PLACE: Place = Place::Accounts;
    const WORDS: Words = Words {
        title: "Accounts",
        lead: "The clients that you answer for.",
        older: "More accounts",
        class: "",
        search: "Number, name or line",
    };
    const HEADS: &'static [&'static str] = &["Name", "Number", "Lines", "Time zone"];

    fn cells(&self, (account, lines): &Self::Row) -> Vec<Cell> {
        vec![
            Cell::link(format!("/accounts/{}", account.id), &account.name),
            Cell::Text(account.number.clone()),
            Cell::Text(joined(lines)),
            Cell::Text(account.zone.name().to_owned()),
        ]
    }

    fn action(&self, _: &Frame) -> Option<(String, &'static str)> {
        self.manages.then(|| ("/accounts/new".to_owned(), "Add an account"))
    }
}

/// Lines as a person reads them.
fn joined(lines: &[Did]) -> String {
    lines.iter().map(|line| phone(&line.number)).collect::<Vec<_>>().join(", ")
}

pub(crate) fn with_lines(accounts: Vec<Account>, lines: &[Did]) -> Vec<(Account, Vec<Did>)> {
    let of = |account: Account| {
        let its = lines.iter().filter(|line| line.account_id == account.id).cloned().collect();
        (account, its)
    };
    accounts.into_iter().map(of).collect()
}

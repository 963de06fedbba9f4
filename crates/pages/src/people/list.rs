//! The people who sign in: clients with their accounts, agents, supervisors, owners.

use app::users::{self, Member};
use domain::user::Right;

use crate::list::{
    Cell, Column, Cursor, Ground, List, ListAsk, ListQuery, PageAsk, Table, Words, utc, yes,
};
use crate::session::Frame;
use crate::ui::{Empty, Place, Tone, words};

/// Everyone who signs in, by name.
#[derive(Clone, Debug)]
pub(crate) struct People {
    pub(crate) ground: Ground,
    pub(crate) sought: String,
}

impl List for People {
    type Row = Member;
    const NAMES: &'static [&'static str] = &["q"];
    const FILE: &'static str = "people";
    const COLUMNS: &'static [Column<Self>] = &[
        ("Name", |_, it| it.user.name.clone()),
        ("E-mail", |_, it| it.user.email.clone()),
        ("Role", |_, it| words::role(it.user.role).to_owned()),
        ("Accounts", |list, it| list.accounts(it)),
        ("May sign in", |_, it| yes(!it.user.is_disabled)),
        ("Added (UTC)", |_, it| utc(it.user.created_at)),
    ];

    async fn read(ask: ListAsk<'_>) -> app::Result<Self> {
        Ok(People { ground: ask.ground().await?, sought: ask.query.sought() })
    }

    async fn page(&self, ask: PageAsk<'_>) -> app::Result<Vec<Member>> {
        let mut members = users::list(ask.app, ask.actor).await?;
        members.retain(|member| fits(member, &self.sought));
        Ok(ask.sliced(members, Self::cursor))
    }

    fn cursor(member: &Member) -> Cursor {
        Cursor::Of(member.user.id.0)
    }

    fn address(&self) -> String {
        "/people".to_owned()
    }

    fn none_yet(&self) -> Empty {
        Empty::new("users", "Nobody yet", "Clients and agents that you add can sign in at once.")
            .with_action("/people/new", "Add the first person")
    }

    fn none_fits(&self, _: &ListQuery) -> Empty {
        let text = "Try a part of the name or of the e-mail address.";
        Empty::new("search", "Nobody fits", text).with_action("/people", "Show all")
    }
}

impl Table for People {
    const PLACE: Place = Place::People;
    const WORDS: Words = Words {
        title: "People",
        lead: "Everyone who signs in, and which accounts they see.",
        older: "More people",
        class: "",
        search: "Name or e-mail",
    };
    const HEADS: &'static [&'static str] = &["Name", "E-mail", "Role", "Accounts", "Sign-in"];

    fn cells(&self, member: &Member) -> Vec<Cell> {
        let user = &member.user;
        vec![
            Cell::link(format!("/people/{}", user.id), &user.name),
            Cell::Text(user.email.clone()),
            Cell::Tag(words::role(user.role)),
            Cell::Text(self.accounts(member)),
            match user.is_disabled {
                true => Cell::Sign(Tone::Red, "lock", "Disabled"),
                false => Cell::Sign(Tone::Green, "check", "Allowed"),
            },
        ]
    }

    fn action(&self, _: &Frame) -> Option<(String, &'static str)> {
        Some(("/people/new".to_owned(), "Add a person"))
    }
}

/// Whether a person's name or address holds a text.
pub(crate) fn fits(member: &Member, text: &str) -> bool {
    let text = text.to_lowercase();
    member.user.name.to_lowercase().contains(&text) || member.user.email.contains(&text)
}

impl People {
    /// The accounts that somebody sees.
    fn accounts(&self, member: &Member) -> String {
        if member.user.role.may(Right::SeeAllAccounts) {
            return "All accounts".to_owned();
        }
        let known = member.accounts.iter().filter_map(|id| self.ground.account(*id));
        known.map(|account| account.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

//! Finding pages, accounts and messages: a page of its own, and what Ctrl+K shows.

use askama::Template;

use super::{Icon, Place, Shell, icon};

/// `GET /find?q=`.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/find.html")]
pub struct Find {
    /// The frame.
    pub shell: Shell,
    /// What was looked for.
    pub query: String,
    /// What was found, by kind; empty groups are left out.
    pub groups: Vec<FindGroup>,
}

/// Finds of one kind.
#[derive(Debug, Clone)]
pub struct FindGroup {
    /// "Pages", "Accounts", "Messages".
    pub title: String,
    /// In order of fitness.
    pub hits: Vec<FindHit>,
}

/// One find.
#[derive(Debug, Clone)]
pub struct FindHit {
    /// An icon of the sprite.
    pub icon: String,
    /// Where it leads.
    pub href: String,
    /// What it is.
    pub label: String,
    /// What tells it from its likes: an account number, an age.
    pub detail: String,
}

impl FindHit {
    /// A find from its texts.
    #[must_use]
    pub fn new(icon: &str, href: &str, label: &str, detail: &str) -> Self {
        Self { icon: icon.into(), href: href.into(), label: label.into(), detail: detail.into() }
    }

    /// The drawn icon.
    #[must_use]
    pub fn drawn(&self) -> Icon {
        icon(&self.icon)
    }
}

impl Find {
    /// Three kinds of finds.
    #[must_use]
    pub fn sample() -> Self {
        let group = |title: &str, hits| FindGroup { title: title.to_owned(), hits };
        Self {
            shell: Shell::sample(Place::Elsewhere),
            query: "heat".to_owned(),
            groups: vec![
                group("Pages", vec![FindHit::new("inbox", "/messages", "Messages", "g m")]),
                group(
                    "Accounts",
                    vec![FindHit::new(
                        "building-2",
                        "/accounts/2",
                        "Northwind Heating & Air",
                        "1002",
                    )],
                ),
                group(
                    "Messages",
                    vec![
                        FindHit::new(
                            "message-square",
                            "/messages/940",
                            "Maria Lopez",
                            "No heat, two children in the house",
                        ),
                        FindHit::new(
                            "message-square",
                            "/messages/902",
                            "Tom Becker",
                            "Wants a quote for heating oil",
                        ),
                    ],
                ),
            ],
        }
    }

    /// Nothing fits.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { query: "zzz".to_owned(), groups: Vec::new(), ..Self::sample() }
    }
}

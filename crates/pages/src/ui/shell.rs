//! What surrounds every page of a signed-in person: who they are, where they are, what just happened.

use domain::Role;
use domain::user::Right;

use super::Tone;
use crate::sitemap::{self, Navigation, PAGES, Page, Place};

/// One sentence about what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flash {
    pub(crate) tone: Tone,
    /// "Message 123 saved, e-mail to Jane queued."
    pub(crate) text: String,
    /// The way on, as address and label.
    pub(crate) link: Option<(String, String)>,
}

impl Flash {
    /// Something that went well.
    pub(crate) fn done(text: &str) -> Self {
        Self { tone: Tone::Green, text: text.to_owned(), link: None }
    }

    /// Something that did not happen, and why.
    pub(crate) fn warning(text: &str) -> Self {
        Self { tone: Tone::Amber, ..Self::done(text) }
    }

    pub(crate) fn with_link(mut self, href: &str, label: &str) -> Self {
        self.link = Some((href.to_owned(), label.to_owned()));
        self
    }

    pub(crate) fn icon(&self) -> &'static str {
        match self.tone {
            Tone::Red => "circle-alert",
            Tone::Amber => "triangle-alert",
            Tone::Green => "circle-check",
            Tone::Plain => "info",
        }
    }
}

/// The frame of a page: navigation, person, flash and the token against forged requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shell {
    /// The answering service: "Harbor Answering".
    pub(crate) tenant_name: String,
    pub(crate) user_name: String,
    pub(crate) user_email: String,
    pub(crate) role: Role,
    pub(crate) place: Place,
    /// Unread messages; none shows no figure.
    pub(crate) unread: Option<u32>,
    /// Stands in every form as `csrf`.
    pub(crate) csrf: String,
    /// What just happened.
    pub(crate) flash: Option<Flash>,
    /// What needs somebody's help, for those who can give it.
    pub(crate) alarm: Option<Flash>,
}

impl Shell {
    /// The pages that a navigation shows to whoever looks at it.
    pub(crate) fn shown(&self, by: Navigation) -> impl Iterator<Item = &'static Page> {
        sitemap::shown(by, self.role)
    }

    /// Every page that a key leads to.
    pub(crate) fn keyed(&self) -> impl Iterator<Item = &'static Page> {
        PAGES.iter().filter(|page| !page.key.is_empty() && page.is_for(self.role))
    }

    /// Whether a page of the table is the one that is shown.
    pub(crate) fn is_at(&self, page: &Page) -> bool {
        self.place == page.place
    }

    /// Whether it is the supervisors' view of the floor.
    pub(crate) fn is_floor(&self) -> bool {
        self.place == Place::Floor
    }

    pub(crate) fn takes_messages(&self) -> bool {
        self.role.may(Right::TakeMessages)
    }

    pub(crate) fn manages(&self) -> bool {
        self.role.may(Right::ManageAccounts)
    }

    /// Two letters in place of a picture.
    pub(crate) fn initials(&self) -> String {
        let letters = self.user_name.split_whitespace().filter_map(|word| word.chars().next());
        letters.take(2).flat_map(char::to_uppercase).collect()
    }
}

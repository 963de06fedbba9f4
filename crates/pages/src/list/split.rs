//! Lists that stand beside what is opened from them; on a phone one after the other.

use askama::Template;

use super::{Cell, ListFrame};
use crate::messages::OpenMessage;
use crate::messages::words::caller;
use crate::to_dos::OpenToDo;
use crate::ui::{Empty, Shell};

/// A list, and beside it the row that is open.
#[derive(Debug, Clone, Template)]
#[template(path = "list/split.html")]
pub(crate) struct SplitPage {
    pub(crate) shell: Shell,
    /// "Messages".
    pub(crate) title: &'static str,
    /// What one row is called: "Message".
    pub(crate) one: &'static str,
    /// What the next page is called: "Older messages".
    pub(crate) older: &'static str,
    /// What can be looked for by `q`: "Search messages"; empty where nothing can.
    pub(crate) search: &'static str,
    /// Parts of the list: label, address, whether it is the one shown.
    pub(crate) parts: Vec<(&'static str, String, bool)>,
    /// What the form of the filters sends besides: name and value.
    pub(crate) hidden: Option<(&'static str, &'static str)>,
    /// The way to make another: address and label.
    pub(crate) action: Option<(&'static str, &'static str)>,
    pub(crate) list: ListFrame,
    pub(crate) rows: Vec<SplitRow>,
    /// What stands beside the list while nothing is open.
    pub(crate) choose: Empty,
    pub(crate) open: Option<OpenCard>,
}

/// A row of such a list.
#[derive(Debug, Clone)]
pub(crate) struct SplitRow {
    /// Its address, with the filters kept.
    pub(crate) href: String,
    /// Its class in the style sheet, besides that of a row.
    pub(crate) class: &'static str,
    /// Who, or what.
    pub(crate) name: String,
    /// What is said of when, to those who listen; and when.
    pub(crate) age: (&'static str, Cell),
    pub(crate) line: String,
    /// An icon of the sprite before the third line, or empty.
    pub(crate) icon: &'static str,
    pub(crate) detail: String,
    /// What is said of where it stands, to those who listen; and where it stands.
    pub(crate) sign: Option<(&'static str, Cell)>,
    /// Nobody has read it.
    pub(crate) is_unread: bool,
    pub(crate) is_emergency: bool,
    pub(crate) is_open: bool,
}

/// What is open beside a list.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "one lives for a moment, while a page is drawn")]
pub(crate) enum OpenCard {
    Message(OpenMessage),
    ToDo(OpenToDo),
}

impl OpenCard {
    /// What the page is called while it is open.
    pub(crate) fn name(&self) -> String {
        match self {
            OpenCard::Message(open) => caller(open.message()),
            OpenCard::ToDo(open) => open.name(),
        }
    }
}

impl SplitPage {
    /// Where "back to the list" leads.
    pub(crate) fn list_href(&self) -> String {
        format!("{}{}", self.list.address, self.list.kept)
    }
}

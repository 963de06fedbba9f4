//! Lists whose page is a table: its heads, its cells, and the page around it.

use askama::{Template, filters::HtmlSafe};
use axum::extract::{RawQuery, State};
use axum::response::Response;
use web::Web;

use super::{List, ListFrame, ListOf, Listing};
use crate::session::{Frame, PageError, SignedIn, page};
use crate::ui::{Moment, Place, Shell, State as Badge, Tone};

/// A list whose page is a table.
pub(crate) trait Table: List {
    /// Where it stands in the navigation.
    const PLACE: Place;
    /// What its page says.
    const WORDS: Words;
    /// Above each column.
    const HEADS: &'static [&'static str];

    /// Beneath each head.
    fn cells(&self, row: &Self::Row) -> Vec<Cell>;

    /// Where its lead goes on: address and label.
    const GUIDE: Option<(&'static str, &'static str)> = None;

    /// The page that it stands below: address and name.
    fn crumb(&self) -> Option<(String, String)> {
        None
    }

    /// The way to make another: address and label.
    fn action(&self, _: &Frame) -> Option<(String, &'static str)> {
        None
    }

    /// What stands above it.
    fn notes(&self, _: &[Self::Row]) -> Vec<Note> {
        Vec::new()
    }
}

/// What the page of a table says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    /// "Recordings".
    pub(crate) title: &'static str,
    pub(crate) lead: &'static str,
    /// What the next page is called: "Older recordings".
    pub(crate) older: &'static str,
    /// The table's class in the style sheet, besides that of a table.
    pub(crate) class: &'static str,
    /// What one can look for by `q`: "Name or e-mail"; empty where one cannot.
    pub(crate) search: &'static str,
}

/// Something to know above a list.
#[derive(Debug, Clone)]
pub(crate) struct Note {
    pub(crate) tone: Tone,
    pub(crate) icon: &'static str,
    pub(crate) strong: &'static str,
    pub(crate) text: String,
    /// The way on, as address and label.
    pub(crate) link: Option<(String, String)>,
}

/// What stands in a table, or in a line of another list.
#[derive(Debug, Clone, Template)]
#[template(path = "list/cell.html")]
pub(crate) enum Cell {
    Text(String),
    /// A text that leads somewhere: address, text, and what stands small beneath.
    Link(String, String, String),
    Figure(String),
    At(Moment),
    /// Where something stands.
    State(Badge),
    /// An icon and a word: how loud, icon, word.
    Sign(Tone, &'static str, &'static str),
    /// A word that names a kind.
    Tag(&'static str),
    /// A person who is on call, or nobody.
    OnCall(crate::on_call::words::OnCallPerson),
    /// Nothing, said so.
    None(&'static str),
}

impl HtmlSafe for Cell {}

impl Cell {
    /// A text that leads to an address.
    pub(crate) fn link(href: String, text: &str) -> Self {
        Cell::Link(href, text.to_owned(), String::new())
    }

    fn is_figure(&self) -> bool {
        matches!(self, Cell::Figure(_))
    }

    fn is_link(&self) -> bool {
        matches!(self, Cell::Link(..))
    }
}

/// The page of a table.
#[derive(Debug, Clone, Template)]
#[template(path = "list/table.html")]
pub(crate) struct TablePage {
    shell: Shell,
    words: Words,
    crumb: Option<(String, String)>,
    guide: Option<(&'static str, &'static str)>,
    action: Option<(String, &'static str)>,
    notes: Vec<Note>,
    list: ListFrame,
    heads: &'static [&'static str],
    rows: Vec<Vec<Cell>>,
}

impl<T: Table> Listing<T> {
    /// The page that shows it.
    pub(crate) fn draw(&self, mut frame: Frame) -> TablePage {
        TablePage {
            words: T::WORDS,
            crumb: self.list.crumb(),
            guide: T::GUIDE,
            action: self.list.action(&frame),
            notes: self.list.notes(&self.rows),
            list: self.frame(&mut frame.shell),
            heads: T::HEADS,
            rows: self.rows.iter().map(|row| self.list.cells(row)).collect(),
            shell: frame.shell,
        }
    }
}

/// `GET` of a list whose page is a table.
pub(crate) async fn table<T: Table>(
    State(web): State<Web>,
    visitor: SignedIn,
    ListOf(of): ListOf,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let listing = Listing::<T>::load(&web, &visitor, of, query.as_deref()).await?;
    let frame = visitor.frame(&web, T::PLACE).await?;
    Ok(page(listing.status(), &listing.draw(frame)))
}

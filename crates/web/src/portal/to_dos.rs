//! The list of To Dos with its filters, and beside it the one that is open.

use askama::Template;

use super::ToDo;
use crate::ui::{Choice, Empty, Field, Icon, Moment, Place, Shell, State, icon, moment};

/// `GET /to-dos` and `GET /to-dos/{id}`: list and detail, on a phone one after the other.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/to_dos.html")]
pub struct ToDos {
    /// The frame.
    pub shell: Shell,
    /// `account_number`, `delivery_type`; leave out what one cannot choose.
    pub filters: Vec<Field>,
    /// Newest first.
    pub rows: Vec<ToDoRow>,
    /// The next page's address.
    pub older: Option<String>,
    /// Back to the first page, where this is another.
    pub newest: Option<String>,
    /// The same list as CSV, where that is offered.
    pub export: Option<String>,
    /// What stands where `rows` is empty.
    pub empty: Empty,
    /// The filters as an address carries them on: `?delivery_type=sms`, or empty.
    pub kept: String,
    /// The open To Do.
    pub open: Option<ToDo>,
}

/// One To Do in the list.
#[derive(Debug, Clone)]
pub struct ToDoRow {
    /// Its address, with the filters kept.
    pub href: String,
    /// The first line of its text.
    pub line: String,
    /// `SMS`, `E-mail`, `Call`.
    pub channel: &'static str,
    /// The channel's icon.
    pub icon: &'static str,
    /// To whom.
    pub to: String,
    /// The account's name, where the reader sees several; else empty.
    pub account: String,
    /// "Every 2 weeks on Tuesdays at 9:00 AM".
    pub rule: String,
    /// The next occurrence.
    pub next: Option<Moment>,
    /// What stands in its place: "Paused", "Nothing more to come".
    pub rest: &'static str,
    /// What became of the last occurrence.
    pub last: Option<State>,
    /// Nothing is sent until somebody resumes it.
    pub is_paused: bool,
    /// It is the open one.
    pub is_open: bool,
}

impl ToDoRow {
    /// The channel's drawn icon.
    #[must_use]
    pub fn drawn(&self) -> Icon {
        icon(self.icon)
    }
}

impl ToDos {
    /// How many filters are set.
    #[must_use]
    pub fn set(&self) -> usize {
        self.filters.iter().filter(|field| !field.value.is_empty()).count()
    }

    /// Where "back to the list" leads.
    #[must_use]
    pub fn list_href(&self) -> String {
        format!("/to-dos{}", self.kept)
    }

    /// What stands where there has never been a To Do.
    #[must_use]
    pub fn none_yet() -> Empty {
        Empty::new(
            "calendar",
            "No To Dos yet",
            "A To Do sends a text, an e-mail or a call by itself: once at a time that you choose, \
             or again and again. A reminder of the weekly report, say, every Friday at 4 PM.",
        )
        .with_action("/to-dos/new", "Make the first one")
    }

    /// What stands where the filters leave nothing.
    #[must_use]
    pub fn none_fits() -> Empty {
        Empty::new("search", "No To Do fits", "Try another account or another channel.")
            .with_action("/to-dos", "Clear the filters")
    }

    /// What stands where the filters themselves are wrong.
    #[must_use]
    pub fn bad_filters() -> Empty {
        let text = "What is wrong stands beside each of them.";
        Empty::new("sliders-horizontal", "These filters do not work", text)
            .with_action("/to-dos", "Clear the filters")
    }

    /// A full list, nothing open.
    #[must_use]
    pub fn sample() -> Self {
        let mut account = Field::choice("account_number", "Account", &[("", "All accounts")]);
        account.choices.push(Choice::new("1001", "Hartwell & Boone"));
        let channels = [("", "Any channel"), ("sms", "SMS"), ("email", "E-mail"), ("call", "Call")];
        Self {
            shell: Shell::sample(Place::ToDos),
            filters: vec![account, Field::choice("delivery_type", "Channel", &channels)],
            rows: sample_rows(),
            older: Some("/to-dos?before=31".to_owned()),
            newest: None,
            export: Some("/to-dos.csv".to_owned()),
            empty: Self::none_fits(),
            kept: String::new(),
            open: None,
        }
    }

    /// A full list with one of them open.
    #[must_use]
    pub fn sample_open() -> Self {
        let mut page = Self::sample();
        page.rows[0].is_open = true;
        page.open = Some(ToDo::sample());
        page
    }

    /// The same with one that is paused and went nowhere.
    #[must_use]
    pub fn sample_paused() -> Self {
        let mut page = Self::sample();
        page.rows[2].is_open = true;
        page.open = Some(ToDo::sample_paused());
        page
    }

    /// Before the first one.
    #[must_use]
    pub fn sample_empty() -> Self {
        let empty = Self::none_yet();
        Self { rows: Vec::new(), older: None, export: None, empty, ..Self::sample() }
    }
}

fn sample_rows() -> Vec<ToDoRow> {
    let row = |id, channel, icon, to: &str, line: &str, rule: &str| ToDoRow {
        href: format!("/to-dos/{id}"),
        line: line.to_owned(),
        channel,
        icon,
        to: to.to_owned(),
        account: "Hartwell & Boone".to_owned(),
        rule: rule.to_owned(),
        next: Some(moment("in 3 days")),
        rest: "",
        last: Some(State::OnPhone),
        is_paused: false,
        is_open: false,
    };
    let weekly = "Every 2 weeks on Tuesdays, Thursdays, and Saturdays at 9:00 AM";
    let sms =
        row(33, "SMS", "message-square", "Jane Hartwell", "Check the escrow account.", weekly);
    let rule = "Monthly on the 1st and last days of the month at 8:30 AM";
    let mail = row(32, "E-mail", "mail", "office@law.example", "Monthly report is due.", rule);
    let call = row(31, "Call", "phone", "(561) 555-0100", "Night check.", "Daily at 9:00 PM");
    let call = ToDoRow { next: None, rest: "Paused", last: None, is_paused: true, ..call };
    let mail = ToDoRow { last: Some(State::Failed), ..mail };
    vec![sms, mail, call]
}

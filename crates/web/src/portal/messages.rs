//! The list of messages with its filters, and beside it the message that is open.

use askama::Template;

use super::Message;
use crate::ui::{Choice, Empty, Field, FieldKind, Moment, Place, Shell, State, moment};

/// `GET /messages` and `GET /messages/{id}`: list and detail, on a phone one after the other.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/messages.html")]
pub struct Messages {
    /// The frame.
    pub shell: Shell,
    /// What the list is narrowed to; it lives in the address.
    pub filters: Filters,
    /// Newest first.
    pub rows: Vec<MessageRow>,
    /// The next page's address, where there is one.
    pub older: Option<String>,
    /// Back to the first page, where this is another.
    pub newest: Option<String>,
    /// The same list as CSV, where that is offered.
    pub export: Option<String>,
    /// What stands where `rows` is empty.
    pub empty: Empty,
    /// The filters as an address carries them on: `?read=false`, or empty.
    pub kept: String,
    /// The open message.
    pub open: Option<Message>,
}

/// The filters of the list. The form sends `GET /messages`.
#[derive(Debug, Clone)]
pub struct Filters {
    /// `q`: a text.
    pub query: String,
    /// `read=false`: unread only.
    pub unread_only: bool,
    /// `account_number`, `status`, `from_date`, `to_date`, in this order; leave out what one cannot choose.
    pub fields: Vec<Field>,
    /// How many of `fields` are set.
    pub set: usize,
    /// The address with everything else kept and `read` dropped.
    pub all_href: String,
    /// The address with everything else kept and `read=false`.
    pub unread_href: String,
}

/// One message in the list.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Its address, with the filters kept.
    pub href: String,
    /// The caller's name, or else number.
    pub who: String,
    /// "for Jane Doe", and the account where the person sees several.
    pub for_whom: String,
    /// The first line of what was said.
    pub line: String,
    /// When it was taken.
    pub taken_at: Moment,
    /// Where it stands.
    pub state: State,
    /// Nobody has read it.
    pub is_unread: bool,
    /// It is an emergency.
    pub is_emergency: bool,
    /// It is the open one.
    pub is_open: bool,
}

impl Messages {
    /// Where "back to the list" leads.
    #[must_use]
    pub fn list_href(&self) -> &str {
        if self.filters.unread_only { &self.filters.unread_href } else { &self.filters.all_href }
    }

    /// What stands where there has never been a message.
    #[must_use]
    pub fn none_yet() -> Empty {
        Empty::new(
            "inbox",
            "No messages yet",
            "When an agent takes a call for you, the message appears here at once, and is sent \
             to whoever should have it.",
        )
    }

    /// What stands where the filters leave nothing.
    #[must_use]
    pub fn none_fits() -> Empty {
        Empty::new(
            "search",
            "No message fits",
            "Try fewer filters, another date range, or one word of what was said.",
        )
        .with_action("/messages", "Clear the filters")
    }

    /// What stands where the filters themselves are wrong.
    #[must_use]
    pub fn bad_filters() -> Empty {
        Empty::new(
            "sliders-horizontal",
            "These filters do not work",
            "What is wrong stands beside each of them.",
        )
        .with_action("/messages", "Clear the filters")
    }

    /// A full list, nothing open.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            shell: Shell::sample(Place::Messages),
            filters: Filters::sample(),
            rows: sample_rows(),
            older: Some("/messages?cursor=eyJpZCI6OTIwfQ".to_owned()),
            newest: None,
            export: Some("/messages.csv".to_owned()),
            empty: Self::none_fits(),
            kept: String::new(),
            open: None,
        }
    }

    /// A full list with one message open.
    #[must_use]
    pub fn sample_open() -> Self {
        let mut page = Self::sample();
        page.rows[0].is_open = true;
        page.open = Some(Message::sample());
        page
    }

    /// The same with a message whose mail failed.
    #[must_use]
    pub fn sample_failed() -> Self {
        let mut page = Self::sample();
        page.rows[4].is_open = true;
        page.open = Some(Message::sample_failed());
        page
    }

    /// Before the first message.
    #[must_use]
    pub fn sample_empty() -> Self {
        let mut page = Self::sample();
        page.shell.unread = None;
        page.rows.clear();
        page.older = None;
        page.export = None;
        page.empty = Self::none_yet();
        page
    }

    /// Filters that leave nothing.
    #[must_use]
    pub fn sample_no_match() -> Self {
        let mut page = Self::sample_empty();
        page.filters.query = "furnace".to_owned();
        page.filters.unread_only = true;
        page.filters.set = 2;
        page.filters.fields[0].value = "1002".to_owned();
        page.filters.fields[2].value = "2026-03-01".to_owned();
        page.empty = Self::none_fits();
        page
    }
}

impl Filters {
    fn sample() -> Self {
        let mut account = Field::choice("account_number", "Account", &[("", "All accounts")]);
        account.choices.push(Choice::new("1001", "Hartwell & Boone"));
        account.choices.push(Choice::new("1002", "Northwind Heating & Air"));
        let mut status = Field::choice("status", "Status", &[("", "Any status")]);
        for state in ["Pending", "Delivered", "Failed", "Acknowledged", "Closed"] {
            status.choices.push(Choice::new(&state.to_lowercase(), state));
        }
        Self {
            query: String::new(),
            unread_only: false,
            fields: vec![
                account,
                status,
                Field::new(FieldKind::Date, "from_date", "From"),
                Field::new(FieldKind::Date, "to_date", "To"),
            ],
            set: 0,
            all_href: "/messages".to_owned(),
            unread_href: "/messages?read=false".to_owned(),
        }
    }
}

const HEAT: &str = "Service desk · Northwind Heating & Air";

/// Who called, for whom, what they said, how long ago, where it stands.
const SAMPLE_LINES: [(&str, &str, &str, &str, State); 9] = [
    (
        "Maria Lopez",
        HEAT,
        "No heat since last night, two small children in the house.",
        "4 min. ago",
        State::Delivered,
    ),
    (
        "Daniel Okafor",
        "Jane Hartwell",
        "Needs to move Thursday's deposition, please call back today.",
        "22 min. ago",
        State::Captured,
    ),
    (
        "(954) 555-0137",
        "Jane Hartwell",
        "Would not give a name. Asks about the Ridgeway estate.",
        "1 hr. ago",
        State::Delivered,
    ),
    (
        "Priya Raman",
        "Thomas Boone",
        "Returning your call about the lease. Free until 4 PM.",
        "2 hr. ago",
        State::Acknowledged,
    ),
    (
        "Walter Niemann",
        HEAT,
        "Boiler shows error E9 and smells faintly of gas near the valve.",
        "3 hr. ago",
        State::Failed,
    ),
    (
        "Elena Petrova",
        "Jane Hartwell",
        "Sent the signed papers by courier, wants to know they arrived.",
        "5 hr. ago",
        State::Closed,
    ),
    (
        "Marcus Bell",
        "Office",
        "New client: car accident on I-95 last week, referred by a friend.",
        "yesterday",
        State::Acknowledged,
    ),
    (
        "Grace Kim",
        HEAT,
        "Annual maintenance: any morning next week is fine.",
        "yesterday",
        State::Closed,
    ),
    (
        "Court clerk, Broward County",
        "Thomas Boone",
        "Hearing of March 12 is moved to 10:30 in room 4B.",
        "2 days ago",
        State::Closed,
    ),
];

fn sample_rows() -> Vec<MessageRow> {
    let row = |(index, line): (u32, (&str, &str, &str, &str, State))| MessageRow {
        href: format!("/messages/{}", 940 - index),
        who: line.0.to_owned(),
        for_whom: line.1.to_owned(),
        line: line.2.to_owned(),
        taken_at: moment(line.3),
        state: line.4,
        is_unread: index < 3,
        is_emergency: index == 0 || index == 4,
        is_open: false,
    };
    (0..).zip(SAMPLE_LINES).map(row).collect()
}

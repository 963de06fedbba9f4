//! The list of recorded calls.

use askama::Template;

use crate::ui::{Empty, Field, FieldKind, Moment, Place, Shell, moment};

/// `GET /recordings` (`account_number`, `from_date`, `to_date`, `cursor`).
#[derive(Debug, Clone, Template)]
#[template(path = "portal/recordings.html")]
pub struct Recordings {
    /// The frame.
    pub shell: Shell,
    /// `account_number`, `from_date`, `to_date`.
    pub filters: Vec<Field>,
    /// Newest first.
    pub rows: Vec<RecordingRow>,
    /// The next page's address.
    pub older: Option<String>,
    /// How long audio is kept: 31.
    pub kept_days: u32,
}

/// One recorded call.
#[derive(Debug, Clone)]
pub struct RecordingRow {
    /// Its page.
    pub href: String,
    /// The caller's number as a person reads it.
    pub from: String,
    /// The account's name.
    pub account: String,
    /// Who answered.
    pub agent: String,
    /// When it began.
    pub started_at: Moment,
    /// How long they talked: "2:41".
    pub talked: String,
}

impl Recordings {
    /// What stands where there is none.
    #[must_use]
    pub fn empty(&self) -> Empty {
        Empty::new(
            "audio-lines",
            "No recordings here",
            &format!(
                "Recorded calls appear here as soon as the telephone system hands them over, \
                 and are kept for {} days.",
                self.kept_days
            ),
        )
    }

    /// A few calls.
    #[must_use]
    pub fn sample() -> Self {
        let row = |id, from: &str, account: &str, agent: &str, age, talked: &str| RecordingRow {
            href: format!("/recordings/{id}"),
            from: from.to_owned(),
            account: account.to_owned(),
            agent: agent.to_owned(),
            started_at: moment(age),
            talked: talked.to_owned(),
        };
        let accounts = [("", "All accounts"), ("1002", "Northwind Heating & Air")];
        Self {
            shell: Shell::sample(Place::Recordings),
            filters: vec![
                Field::choice("account_number", "Account", &accounts),
                Field::new(FieldKind::Date, "from_date", "From"),
                Field::new(FieldKind::Date, "to_date", "To"),
            ],
            rows: vec![
                row(36, "(954) 555-0142", "Northwind Heating & Air", "Rosa", "4 min. ago", "2:41"),
                row(35, "(305) 555-0188", "Hartwell & Boone", "Rosa", "22 min. ago", "1:12"),
                row(34, "+52 984 555 0110", "Hartwell & Boone", "José", "1 hr. ago", "0:38"),
                row(33, "(954) 555-0137", "Maple Street Dental", "Amir", "yesterday", "3:05"),
            ],
            older: Some("/recordings?cursor=b2xkZXI".to_owned()),
            kept_days: 31,
        }
    }

    /// None yet.
    #[must_use]
    pub fn sample_empty() -> Self {
        Self { rows: Vec::new(), older: None, ..Self::sample() }
    }
}

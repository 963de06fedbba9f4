//! The list of recordings, and one of them opened.

use std::collections::HashMap;

use app::accounts;
use app::calls::{self, Position, Query};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Account, AccountId, Invalid, Recording, RecordingId, limits};
use web::Web;

use super::recording::{agent, from};
use crate::list::{Asked, choice_of_account, cursor, days, place, shown};
use crate::session::{PageError, SignedIn, page};
use crate::ui::{Empty, Field, FieldKind, Flash, Moment, Place, Shell, Tone, clock, moment};

/// `GET /recordings` (`account_number`, `from_date`, `to_date`, `cursor`).
#[derive(Debug, Clone, Template)]
#[template(path = "recordings/list.html")]
pub(crate) struct Recordings {
    /// The frame.
    pub(crate) shell: Shell,
    /// `account_number`, `from_date`, `to_date`.
    pub(crate) filters: Vec<Field>,
    /// Newest first.
    pub(crate) rows: Vec<RecordingRow>,
    /// The next page's address.
    pub(crate) older: Option<String>,
    /// How long audio is kept: 31.
    pub(crate) kept_days: u32,
}

/// One recorded call.
#[derive(Debug, Clone)]
pub(crate) struct RecordingRow {
    /// Its page.
    pub(crate) href: String,
    /// The caller's number as a person reads it.
    pub(crate) from: String,
    /// The account's name.
    pub(crate) account: String,
    /// Who answered.
    pub(crate) agent: String,
    /// When it began.
    pub(crate) started_at: Moment,
    /// How long they talked: "2:41".
    pub(crate) talked: String,
}

impl Recordings {
    /// What stands where there is none.
    pub(crate) fn empty(&self) -> Empty {
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
    pub(crate) fn sample() -> Self {
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
    pub(crate) fn sample_empty() -> Self {
        Self { rows: Vec::new(), older: None, ..Self::sample() }
    }
}

/// What may stand in the address.
const NAMES: [&str; 4] = ["account_number", "from_date", "to_date", "cursor"];

/// `GET /recordings` (`account_number`, `from_date`, `to_date`, `cursor`).
pub(crate) async fn list(
    State(web): State<Web>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let accounts = accounts::list(&web.app, &visitor.actor).await?;
    let asked = Asked::read(query.as_deref(), &NAMES);
    let (meaning, faults) = meaning(&asked, &accounts);
    let is_sound = faults.faults().next().is_none();
    let mut calls = Vec::new();
    if is_sound {
        let filter = calls::filter(&web.app, &visitor.actor, meaning.query).await?;
        let limit = limits::PORTAL_ROWS + 1;
        calls = calls::page(&web.app, &visitor.actor, &filter, meaning.after, limit).await?;
    }
    let has_more = calls.len() > limits::PORTAL_ROWS;
    calls.truncate(limits::PORTAL_ROWS);
    let older = calls.last().filter(|_| has_more).map(|last| {
        let Position { started_at, id } = Position::from(last);
        let asked = asked.with("cursor", &cursor(started_at, id.0));
        format!("/recordings{}", asked.query())
    });
    let mut shell = visitor.shell(&web, Place::Recordings).await?;
    if let Some(rule) = faults.about("cursor") {
        let text = format!("The page of the list {rule}.");
        shell.flash = Some(Flash { tone: Tone::Red, text, link: None });
    }
    let view = Recordings {
        shell,
        filters: form(&asked, &accounts, &faults),
        rows: rows(&web, &visitor, &accounts, &calls),
        older,
        kept_days: u32::try_from(limits::RECORDING_DAYS).unwrap_or_default(),
    };
    let status = if is_sound { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(status, &view))
}

fn rows(
    web: &Web,
    visitor: &SignedIn,
    accounts: &[Account],
    calls: &[Recording],
) -> Vec<RecordingRow> {
    let by_id: HashMap<AccountId, &Account> =
        accounts.iter().map(|account| (account.id, account)).collect();
    let now = web.app.now();
    let row = |recording: &Recording| {
        let call = &recording.call;
        let account = by_id.get(&call.account_id);
        let zone = account.map_or(&visitor.tenant.zone, |account| &account.zone);
        RecordingRow {
            href: format!("/recordings/{}", recording.id),
            from: from(&call.from),
            account: account.map_or_else(String::new, |account| account.name.clone()),
            agent: agent(call).to_owned(),
            started_at: Moment::at(call.started_at, now, zone),
            talked: clock(call.cdr.talk_sec),
        }
    };
    calls.iter().map(row).collect()
}

/// What a list of recordings is asked for.
struct Meaning {
    query: Query,
    after: Option<Position>,
}

/// What an address means, and all that is wrong with it.
fn meaning(asked: &Asked, accounts: &[Account]) -> (Meaning, Invalid) {
    let mut invalid = Invalid::new();
    let number = asked.of("account_number");
    let is_known = accounts.iter().any(|account| account.number == number);
    let is_fit = number.is_empty() || is_known;
    invalid.require(is_fit, "account_number", "must be one of your accounts");
    let (from, to) = days(asked.of("from_date"), asked.of("to_date"), &mut invalid);
    let after = place(asked.of("cursor"));
    let after = after.map(|(started_at, id)| Position { started_at, id: RecordingId(id) });
    let is_place = asked.of("cursor").is_empty() || after.is_some();
    invalid.require(is_place, "cursor", "must be one of this list");
    let account_number = (!number.is_empty()).then(|| number.to_owned());
    (Meaning { query: Query { account_number, from, to }, after }, invalid)
}

/// The fields that show it, with each fault beside its field.
fn form(asked: &Asked, accounts: &[Account], faults: &Invalid) -> Vec<Field> {
    let mut fields = Vec::new();
    if accounts.len() > 1 || faults.about("account_number").is_some() {
        fields.push(choice_of_account(accounts));
    }
    fields.push(Field::new(FieldKind::Date, "from_date", "From"));
    fields.push(Field::new(FieldKind::Date, "to_date", "To"));
    fields.into_iter().map(|field| shown(field, asked, faults)).collect()
}
